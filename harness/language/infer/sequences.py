"""The type of calls that follow each other, each with what the one before returned."""

from __future__ import annotations

from dataclasses import replace

from harness.findings import nearest
from harness.language import types as T
from harness.language.dtypes import FLOAT32
from harness.language.infer.calls import called_subject
from harness.language.infer.recurrences import InnerTyped, own_names, steps
from harness.language.infer.scope import Scope, SubjectType, Typed, TypeRefused
from harness.language.sizes import Size, at_least_zero
from harness.language.syntax import Call, Threaded, spell

MOST_CALLS = 1024  # one after the other, in one case


def in_turn(node: Threaded, scope: Scope, typed: Typed, inner: InnerTyped) -> T.Record:
    """What the calls return together: the last of what is fed to the next, and of other results those of all steps."""
    call = node.call
    if not (isinstance(call, Call) and call.name in scope.subjects):
        raise TypeRefused(T.Mismatch("threaded needs a call of a subject", "threaded(step(x=x[t]), t=tokens)"), call)
    own_names(node, scope)
    length = steps(node, scope, typed, MOST_CALLS)
    if not at_least_zero(length - 1, scope.ranges):
        raise T.Mismatch("threaded may call nothing", "at least one step", str(length), "give the dimension a min of 1")
    subject = scope.subjects[call.name]
    index = T.Array("int", low=Size.of(0), high=length - 1)
    within = replace(scope, names={**scope.names, node.index: index}, stepping=True)
    record = called_subject(call, within, lambda part: inner(part, within), free=False)
    for argument, result in node.fed:
        _fed(call, argument, result, subject, scope)
    final = {result for _, result in node.fed}
    return replace(record, fields={
        name: kind if name in final else _of_all(call, name, kind, length) for name, kind in record.fields.items()
    })  # fmt: skip


def _fed(call: Call, argument: str, result: str, subject: SubjectType, scope: Scope) -> None:
    """A result can stand in the place of an argument: it has its shape and its number format."""
    if argument not in subject.arguments:
        raise T.Mismatch(f"{call.name}() has no argument {argument!r}", hint=nearest(argument, subject.arguments))
    if result not in subject.returns:
        raise T.Mismatch(f"{call.name}() returns no {result!r}", hint=nearest(result, subject.returns))
    if argument in dict(call.keywords):
        raise T.Mismatch(
            f"{argument} is fed, so the call does not give it", hint=f"remove {argument}=... from {spell(call)}"
        )
    carried = subject.arguments[argument]
    declared, kind = scope.names.get(carried), subject.returns[result]
    if not (isinstance(declared, T.Array) and isinstance(kind, T.Array)):
        raise T.Mismatch(f"{argument} cannot be fed with {result}", "an array", f"{declared} and {kind}")
    if (declared.shape, declared.kind) != (kind.shape, kind.kind):
        raise T.Mismatch(f"{argument} is fed with something of another type", str(declared), f"{kind}: {result}")
    alike = subject.like.get(result) == carried or declared.kind != "real" or declared.dtype == kind.dtype
    if not alike:
        formats = declared.dtype or FLOAT32.name, f"{kind.dtype or FLOAT32.name}: {result}"
        raise T.Mismatch(f"{argument} is fed with another number format", *formats)


def _of_all(call: Call, name: str, kind: T.Type, length: Size) -> T.Array:
    if not isinstance(kind, T.Array):
        raise T.Mismatch(f"{call.name}() returns {name}, a {kind}, in each step", "arrays")
    return replace(kind, shape=(length, *kind.shape), size=None, observed=True)
