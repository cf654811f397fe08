"""The type of a call: of a function, of an equation with names replaced, of a subject, or of a claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from inspect import Parameter, signature

from harness.findings import nearest
from harness.language import types as T
from harness.language.claims import MALFORMED, REFUSALS
from harness.language.claims import SIGNATURES as CLAIMS
from harness.language.functions import FUNCTIONS
from harness.language.infer.narrowing import narrowed_sides
from harness.language.infer.recurrences import InnerTyped
from harness.language.infer.scope import TYPED, Scope, SubjectType, Typed, TypeRefused
from harness.language.rules.entries import ends
from harness.language.sizes import at_least_zero
from harness.language.syntax import Call, Node, Threaded, names, spell


def call(node: Call, scope: Scope, typed: Typed, inner: InnerTyped) -> T.Type:
    """The type of what is called, by its name."""
    name = node.name
    if name in scope.subjects:
        return called_subject(node, scope, typed, free=False)
    if name in scope.depends and name in scope.names and not (node.arguments and name in scope.own):
        return _equation(node, scope, typed)
    if name in scope.own:
        raise T.Mismatch(f"{name!r} is a name of this contract, so the function of that name cannot be called",
                         hint=f"give what the contract calls {name!r} another name")  # fmt: skip
    if name in FUNCTIONS:
        return _function(node, scope, typed, inner)
    if name in CLAIMS:
        if not scope.judging:
            raise T.Mismatch(f"{name}(...) judges; an equation computes", hint="move it to a claim")
        return _claim(node, scope, typed)
    known = [*FUNCTIONS, *scope.subjects, *(CLAIMS if scope.judging else ())]
    raise T.Mismatch(f"unknown function {name!r}", hint=nearest(name, known))


def _function(node: Call, scope: Scope, typed: Typed, inner: InnerTyped) -> T.Type:
    function = FUNCTIONS[node.name]
    for key, _ in node.keywords:
        if key not in function.keywords:
            by_place = ", ".join(parameter.name for parameter in function.parameters)
            raise T.Mismatch(
                f"{node.name} takes no argument named {key!r}",
                hint=nearest(key, function.keywords)
                if function.keywords else f"without a name: {node.name}({by_place})",
            )  # fmt: skip
    positional = [typed(argument) for argument in node.arguments]
    named: dict[str, object] = {key: typed(value) for key, value in node.keywords}
    _arity(node.name, function.parameters, len(positional), named)
    if node.name == "where":
        positional[1:] = narrowed_sides(node.arguments, positional[1:], scope, inner)
    if function.needs_ranges:
        named["ranges"] = scope.ranges
    return function.type_rule(*positional, **named)


def _arity(name: str, parameters: Sequence[Parameter], count: int, named: Iterable[str]) -> None:
    """A wrong number of arguments as a message in the language's terms."""
    parameters = [p for p in parameters if p.name not in named]
    fixed = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    least = sum(1 for p in fixed if p.default is p.empty)
    more = [p.name for p in parameters if p.kind is p.VAR_POSITIONAL]
    if count < least or (count > len(fixed) and not more):
        wanted = f"at least {least}" if more else str(least) if least == len(fixed) else f"{least} to {len(fixed)}"
        shown = ", ".join([*(p.name for p in fixed), *more])
        raise T.Mismatch(f"{name}({shown}) with {count} arguments", f"{wanted}", f"{count}")


def _equation(node: Call, scope: Scope, typed: Typed) -> T.Type:
    """`weights(chosen=route().experts)`: the equation with names below it given."""
    if node.arguments or not node.keywords:
        raise T.Mismatch(f"{node.name} is an equation", hint=f"{node.name}(name=value) replaces names in it")
    observed = False
    for key, value in node.keywords:
        if key not in scope.depends[node.name]:
            raise T.Mismatch(f"{node.name} does not depend on {key!r}", hint=nearest(key, scope.depends[node.name]))
        if key in scope.ranges:
            raise T.Mismatch(f"{key} is a dimension; shapes depend on it", hint="replace inputs and equations only")
        given = typed(value)
        _fits(key, scope.names[key], given, value, scope.ranges)
        observed = observed or given.observed
    result = scope.names[node.name]
    return replace(result, observed=observed) if isinstance(result, T.Array) else result


def _fits(name: str, declared: T.Type, given: T.Type, node: Node, ranges: T.Ranges) -> None:
    same_kind = type(declared) is type(given)
    if same_kind and isinstance(declared, T.Array) and isinstance(given, T.Array):
        same_kind = declared.kind == given.kind or (declared.kind, given.kind) == ("real", "int")
    if same_kind and isinstance(declared, T.Blocks) and isinstance(given, T.Blocks):
        same_kind = set(given.formats) <= set(declared.formats)
    if not same_kind or declared.shape != given.shape:
        mismatch = T.Mismatch(f"{name} is given something of another type", str(declared), str(given))
        raise TypeRefused(mismatch, node)
    if isinstance(declared, T.Array) and isinstance(given, T.Array) and declared.declared:
        _keeps_to_range(name, declared, given, node, ranges)


def _keeps_to_range(name: str, declared: T.Array, given: T.Array, node: Node, ranges: T.Ranges) -> None:
    """Integers in place of an input with a range lie in it, whatever the dimensions are."""
    (least, most), (low, high) = ends(declared), ends(given)
    assert least is not None and most is not None
    if low is None or high is None:
        inside, told = False, f"{given} of any size"
    else:
        inside, told = all(at_least_zero(left, ranges) for left in (low - least, most - high)), f"{low} to {high}"
    if not inside:
        hint = "bring it inside, as by `%`, or claim with raises(...) that it is refused"
        raise TypeRefused(T.Mismatch(f"{name} may leave its range", f"{least} to {most}", told, hint), node)


def called_subject(node: Call, scope: Scope, typed: Typed, free: bool) -> T.Record:
    """A call of the implementation; `free`: arguments may be malformed on purpose (inside raises and says)."""
    subject = scope.subjects[node.name]
    if node.arguments:
        raise T.Mismatch(
            f"{node.name}() takes its arguments from the case", hint=f"{node.name}(name=value) replaces one"
        )
    moved = any(is_behind(value) for _, value in node.keywords)
    for key, value in node.keywords:
        if key not in subject.arguments:
            raise T.Mismatch(f"{node.name}() has no argument {key!r}", hint=nearest(key, subject.arguments))
        if key in subject.updates and is_behind(value):
            raise TypeRefused(T.Mismatch(f"{key} is updated, and cannot lie behind zeros"), value)
        given = typed(value)
        if isinstance(given, T.Claim | T.Record) or (isinstance(given, T.Array) and given.kind == "bool"):
            raise TypeRefused(T.Mismatch(f"a {given} cannot be an argument"), value)
        if free:
            continue
        carried = subject.arguments[key]
        if scope.stepping and carried in scope.ranges:
            _within_range(carried, given, value, scope)
        elif carried in scope.shaping and not (moved and not _shapes_results(carried, subject)):
            raise T.Mismatch(f"shapes depend on {carried}; another value only makes sense inside raises(...)")
        declared = TYPED[carried] if carried in TYPED else scope.names.get(carried)
        if declared is not None:  # else what it carries has no type, which was said where it is declared
            _fits(key, _behind(declared, given) if is_behind(value) else declared, given, value, scope.ranges)
    for name, carried in subject.arguments.items():
        if carried in TYPED and name not in dict(node.keywords):
            raise T.Mismatch(f"{node.name}() needs {name}", f"{node.name}({name}=...)", hint=f"a {TYPED[carried]}")
    return T.Record(node.name, subject.returns)


def _within_range(name: str, given: T.Type, value: Node, scope: Scope) -> None:
    """A dimension that is another one in each step: one that shapes are made of stays within its range."""
    shaped = [kind for known, kind in scope.names.items() if known not in scope.depends]  # inputs, not equations
    if any(_is_made_of(name, kind) for kind in shaped if isinstance(kind, T.Array | T.Blocks)):
        raise T.Mismatch(f"shapes of inputs depend on {name}; they are the same in every step")
    if name not in scope.shaping or not isinstance(given, T.Array):
        return
    low, high = (given.size, given.size) if given.size is not None else (given.low, given.high)
    ends = scope.ranges[name]
    if low is None or high is None or not (
        at_least_zero(low - ends.low, scope.ranges) and at_least_zero(ends.high - high, scope.ranges)
    ):  # fmt: skip
        known = f"{low} to {high}" if low is not None and high is not None else str(given)
        raise TypeRefused(T.Mismatch(f"{name} may leave its range", f"{ends.low} to {ends.high}", known), value)


def is_behind(node: Node) -> bool:
    """Whether an argument is moved behind zeros: then the dimensions that say how many may be given with it."""
    return isinstance(node, Call) and node.name == "behind"


def _behind(declared: T.Type, given: T.Type) -> T.Type:
    """The declared type with as many entries along the first axis as are given."""
    if not isinstance(declared, T.Array | T.Blocks) or not isinstance(given, T.Array | T.Blocks):
        return declared
    return replace(declared, shape=(*given.shape[:1], *declared.shape[1:]))


def _shapes_results(name: str, subject: SubjectType) -> bool:
    """Whether the shape of a result of a function depends on a dimension."""
    return any(_is_made_of(name, kind) for kind in subject.returns.values() if isinstance(kind, T.Array))


def _is_made_of(name: str, kind: T.Array | T.Blocks) -> bool:
    return any(name in monomial for size in kind.shape for monomial, _ in size.terms)


def _claim(node: Call, scope: Scope, typed: Typed) -> T.Type:
    rule = CLAIMS[node.name]
    if node.keywords:
        raise T.Mismatch(f"{node.name} takes no named arguments")
    parts: list[T.Type] = []
    for position, argument in enumerate(node.arguments):
        if node.name in MALFORMED and position == 0:
            if not (isinstance(argument, Call) and argument.name in scope.subjects):
                what = f"{node.name}(...) needs a call of a subject first"
                raise T.Mismatch(what, f"{node.name}(route(router=...), ...)")
            parts.append(called_subject(argument, scope, typed, free=True))
        elif node.name in REFUSALS and not isinstance(typed(argument), T.Word):
            what = f"{node.name} takes texts in quotes after the call"
            raise TypeRefused(T.Mismatch(what, got=spell(argument)), argument)
        elif node.name == "again" and not (
            isinstance(argument, Threaded) or (isinstance(argument, Call) and argument.name in scope.subjects)
        ):
            raise TypeRefused(T.Mismatch("again needs a call of a subject", "again(route()).weights"), argument)
        else:
            parts.append(typed(argument))
            if node.name == "raises_or" and not names(argument) & set(scope.subjects):
                mismatch = T.Mismatch("the claim of raises_or calls no subject, so it cannot fail", got=spell(argument))
                raise TypeRefused(mismatch, argument)
    _arity(node.name, tuple(signature(rule).parameters.values()), len(parts), ())
    return rule(*parts)
