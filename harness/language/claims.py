"""The types that each claim accepts, one small function per claim, named as in the language."""

from __future__ import annotations

from dataclasses import replace

from harness.language import types as T
from harness.language.rules.fitting import ints, real
from harness.language.syntax import Call, Node


def _observed(part: T.Type, what: str) -> None:
    if not part.observed:
        raise T.Mismatch(f"{what} must come from a subject", "something like route().weights", str(part),
                         "a claim about the equations alone cannot fail")  # fmt: skip


def _same_shape(what: str, left: T.Type, right: T.Type) -> None:
    if left.shape != right.shape:
        raise T.Mismatch(f"{what}: different shapes", T.show(right.shape), T.show(left.shape))


def close(result: T.Type, value: T.Type) -> T.Claim:
    """close(result, value): within the bound derived for the value."""
    _observed(result, "the first argument of close")
    left, right = real(result), real(value)
    _same_shape("close", left, right)
    return T.Claim()


def accurate(result: T.Type, value: T.Type, units: T.Type | None = None) -> T.Claim:
    """accurate(result, value): as far off as rounding probably is; with units: within units * u * condition."""
    close(result, value)
    if units is None:
        return T.Claim()
    if not isinstance(units, T.Array) or units.shape or units.kind == "bool":
        raise T.Mismatch("accurate needs a number of units", got=str(units))
    return T.Claim()


def in_units(part: Node) -> bool:
    """Whether a claim is an accuracy in units of the condition."""
    return isinstance(part, Call) and part.name == "accurate" and len(part.arguments) == 3


def probably(part: Node) -> bool:
    """Whether a claim is an accuracy without units: by the model of rounding in exact/probable.py."""
    return isinstance(part, Call) and part.name == "accurate" and len(part.arguments) == 2


def identical(result: T.Type, value: T.Type) -> T.Claim:
    """identical(result, value): every bit."""
    if not (result.observed or value.observed):
        _observed(result, "one side of identical")
    for part in (result, value):
        if not isinstance(part, T.Array) or part.kind == "bool":
            raise T.Mismatch("identical compares arrays", "two arrays of numbers", str(part))
    _same_shape("identical", result, value)
    return T.Claim()


def raises(call: T.Type, error: T.Type | None = None, message: T.Type | None = None) -> T.Claim:
    """raises(call): class and numbers as `refuses` says; raises(call, "Class"), raises(call, "Class", "part")."""
    del call  # its arguments may be malformed on purpose
    for part in (error, message):
        if part is not None and not isinstance(part, T.Word):
            raise T.Mismatch("raises takes texts after the call", got=str(part))
    return T.Claim()


def says(call: T.Type, sentence: T.Type | None = None) -> T.Claim:
    """says(call): the message has the sentence of `refuses`; says(call, "part"): it has this text."""
    del call
    if sentence is not None and not isinstance(sentence, T.Word):
        raise T.Mismatch("says takes a text after the call", got=str(sentence))
    return T.Claim()


def raises_or(call: T.Type, claim: T.Type) -> T.Claim:
    """raises_or(call, claim): any error will do; a result must be as the claim says."""
    del call  # its arguments may be malformed on purpose
    truth = isinstance(claim, T.Array) and claim.kind == "bool" and not claim.shape
    if not truth and not isinstance(claim, T.Claim):
        raise T.Mismatch("raises_or needs a claim after the call", "a comparison, distinct(...), ...", str(claim))
    return T.Claim()


def finite(result: T.Type) -> T.Claim:
    """finite(result): no NaN, no infinity."""
    _observed(result, "the argument of finite")
    real(result)
    return T.Claim()


def admissible(ids: T.Type, choice: T.Type) -> T.Claim:
    """admissible(ids, choice): a choice (of top_k) that the bound of the scores admits, in an order it admits."""
    _observed(ids, "the first argument of admissible")
    left = ints(ids, "an array of ids")
    if not isinstance(choice, T.Array) or not choice.choice:
        raise T.Mismatch("admissible needs a choice", "an equation that is top_k(...)", str(choice))
    _same_shape("admissible", left, choice)
    return T.Claim()


def stagewise(trace: T.Type) -> T.Claim:
    """stagewise(trace()): every array returned, each by its equation with the arrays before it as captured."""
    if not isinstance(trace, T.Record):
        raise T.Mismatch("stagewise needs a subject's whole result", "stagewise(trace())", str(trace))
    return T.Claim()


def stagewise_rounded(trace: T.Type) -> T.Claim:
    """stagewise_rounded(trace()): as stagewise, where what a later array was computed from was shown rounded."""
    if not isinstance(trace, T.Record):
        raise T.Mismatch("stagewise_rounded needs a subject's whole result", "stagewise_rounded(trace())", str(trace))
    return T.Claim()


def again(call: T.Type) -> T.Type:
    """again(route()): one more execution of the same call."""
    if not isinstance(call, T.Record):
        raise T.Mismatch("again needs a subject's whole result", "again(route()).weights", str(call))
    return replace(call, subject=call.subject)


SIGNATURES: dict[str, T.Signature] = {
    "close": close, "accurate": accurate, "identical": identical, "raises": raises, "raises_or": raises_or,
    "says": says, "finite": finite, "admissible": admissible, "stagewise": stagewise,
    "stagewise_rounded": stagewise_rounded, "again": again,
}  # fmt: skip

REFUSALS = ("raises", "says")  # claims of a call that is refused
MALFORMED = (*REFUSALS, "raises_or")  # claims of a call whose arguments may be malformed on purpose
