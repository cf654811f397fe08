"""The type of an expression in its scope: names, operators, indices, calls.

An error carries the node it is about, so that it can be shown at the sub-expression inside the YAML file.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from harness.findings import nearest
from harness.language import types as T
from harness.language.claims import signatures as claim_signatures
from harness.language.sizes import Size, at_least_zero
from harness.language.signatures import SIGNATURES
from harness.language.syntax import (
    Binary,
    Call,
    Compare,
    Ellipsis_,
    Index,
    Logic,
    Name,
    NewAxis,
    Node,
    Number,
    Result,
    Slice,
    Text,
    Unary,
    spell,
)  # fmt: skip


class TypeRefused(Exception):
    """An expression that does not fit; `node` is the part it is about."""

    def __init__(self, mismatch: T.Mismatch, node: Node) -> None:
        super().__init__(mismatch.message)
        self.mismatch, self.node = mismatch, node


# Arguments that every call gives, and results that no equation stands for, by the name of their type.
TYPED: dict[str, T.Type] = {
    "text": T.Word(), "texts": T.Words(), "integer": T.Array("int"), "truth": T.Array("bool"),
}  # fmt: skip


@dataclass(frozen=True)
class SubjectType:
    """Arguments by name with the contract's name (or the type) that each one carries, and what is returned."""

    arguments: Mapping[str, str]
    returns: Mapping[str, T.Type]


@dataclass(frozen=True)
class Scope:
    """What an expression may refer to.

    `depends`: for each equation, the inputs, dimensions and equations below it. `shaping`: dimensions that some
    shape depends on; a subject cannot be called with another value for those. `judging`: claims are allowed.
    """

    names: Mapping[str, T.Type]
    ranges: T.Ranges
    depends: Mapping[str, frozenset[str]] = field(default_factory=dict)
    subjects: Mapping[str, SubjectType] = field(default_factory=dict)
    shaping: frozenset[str] = frozenset()
    judging: bool = False


def infer(node: Node, scope: Scope) -> T.Type:
    """The type of `node`; raises TypeRefused at the innermost part that does not fit."""
    try:
        return _infer(node, scope)
    except T.Mismatch as mismatch:
        raise TypeRefused(mismatch, node) from None


def _infer(node: Node, scope: Scope) -> T.Type:
    match node:
        case Number(value=value):
            return T.integer(value) if isinstance(value, int) else T.Array("real")
        case Text(value=value):
            return T.Word(value)
        case Name(id=name):
            return _name(name, scope)
        case Unary(op=op, operand=operand):
            return T.unary(op, infer(operand, scope))
        case Binary(op=op, left=left, right=right):
            return T.binary(op, infer(left, scope), infer(right, scope))
        case Compare(op=op, left=left, right=right):
            return T.compare(op, infer(left, scope), infer(right, scope))
        case Logic(op=op, parts=parts):
            return T.logic(op, [infer(part, scope) for part in parts])
        case Index(value=value, items=items):
            return _index(infer(value, scope), items, scope)
        case Result(call=call, field=name):
            record = infer(call, scope)
            if not isinstance(record, T.Record):
                raise T.Mismatch(f"{record} has no .{name}", "a subject's result")
            if name not in record.fields:
                raise T.Mismatch(f"{record.subject}() returns no {name!r}", hint=nearest(name, record.fields))
            return record.fields[name]
        case Call():
            return _call(node, scope)
    raise T.Mismatch("this has no meaning here")


def _name(name: str, scope: Scope) -> T.Type:
    if name in scope.names:
        return scope.names[name]
    if name in scope.subjects:
        raise T.Mismatch(f"{name!r} is a subject", hint=f"call it: {name}()")
    if name in SIGNATURES or name in claim_signatures.SIGNATURES:
        raise T.Mismatch(f"{name!r} is a function", hint=f"call it: {name}(...)")
    raise T.Mismatch(f"unknown name {name!r}", hint=nearest(name, scope.names))


def _call(node: Call, scope: Scope) -> T.Type:
    name = node.name
    if name in scope.subjects:
        return _subject_call(node, scope, free=False)
    if name in scope.depends and name in scope.names:
        return _equation_call(node, scope)
    if name in SIGNATURES:
        return _primitive_call(node, scope)
    if name in claim_signatures.SIGNATURES:
        if not scope.judging:
            raise T.Mismatch(f"{name}(...) judges; an equation computes", hint="move it to a claim")
        return _claim_call(node, scope)
    known = [*SIGNATURES, *scope.subjects, *(claim_signatures.SIGNATURES if scope.judging else ())]
    raise T.Mismatch(f"unknown function {name!r}", hint=nearest(name, known))


def _primitive_call(node: Call, scope: Scope) -> T.Type:
    signature = SIGNATURES[node.name]
    allowed = T.KEYWORDS.get(node.name, set())
    for key, _ in node.keywords:
        if key not in allowed:
            by_place = [name for name in inspect.signature(signature).parameters if name != "ranges"]
            raise T.Mismatch(
                f"{node.name} takes no argument named {key!r}",
                hint=nearest(key, allowed) if allowed else f"without a name: {node.name}({', '.join(by_place)})",
            )
    positional = [infer(argument, scope) for argument in node.arguments]
    named = {key: infer(value, scope) for key, value in node.keywords}
    if node.name in T.NEEDS_RANGES:
        named["ranges"] = scope.ranges  # type: ignore[assignment]
    _arity(node.name, signature, len(positional), named)
    return signature(*positional, **named)


def _arity(name: str, signature: T.Signature, count: int, named: Mapping[str, object]) -> None:
    """A wrong number of arguments as a message in the language's terms."""
    parameters = [p for p in inspect.signature(signature).parameters.values() if p.name not in named]
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return
    fixed = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    least = sum(1 for p in fixed if p.default is p.empty)
    if not least <= count <= len(fixed):
        wanted = str(least) if least == len(fixed) else f"{least} to {len(fixed)}"
        shown = ", ".join(p.name for p in fixed)
        raise T.Mismatch(f"{name}({shown}) with {count} arguments", f"{wanted}", f"{count}")


def _equation_call(node: Call, scope: Scope) -> T.Type:
    """`weights(chosen=route().experts)`: the equation with names below it given."""
    if node.arguments or not node.keywords:
        raise T.Mismatch(f"{node.name} is an equation", hint=f"{node.name}(name=value) replaces names in it")
    observed = False
    for key, value in node.keywords:
        if key not in scope.depends[node.name]:
            raise T.Mismatch(f"{node.name} does not depend on {key!r}", hint=nearest(key, scope.depends[node.name]))
        if key in scope.ranges:
            raise T.Mismatch(f"{key} is a dimension; shapes depend on it", hint="replace inputs and equations only")
        given, declared = infer(value, scope), scope.names[key]
        _fits(key, declared, given, value)
        observed = observed or given.observed
    result = scope.names[node.name]
    return replace(result, observed=observed) if isinstance(result, T.Array) else result


def _fits(name: str, declared: T.Type, given: T.Type, node: Node) -> None:
    same_kind = type(declared) is type(given)
    if same_kind and isinstance(declared, T.Array) and isinstance(given, T.Array):
        same_kind = declared.kind == given.kind or (declared.kind, given.kind) == ("real", "int")
    if same_kind and isinstance(declared, T.Blocks) and isinstance(given, T.Blocks):
        same_kind = set(given.formats) <= set(declared.formats)
    if not same_kind or declared.shape != given.shape:
        mismatch = T.Mismatch(f"{name} is given something of another type", str(declared), str(given))
        raise TypeRefused(mismatch, node)


def _subject_call(node: Call, scope: Scope, free: bool) -> T.Record:
    """A call of the implementation; `free`: arguments may be malformed on purpose (inside raises)."""
    subject = scope.subjects[node.name]
    if node.arguments:
        raise T.Mismatch(
            f"{node.name}() takes its arguments from the case", hint=f"{node.name}(name=value) replaces one"
        )
    for key, value in node.keywords:
        if key not in subject.arguments:
            raise T.Mismatch(f"{node.name}() has no argument {key!r}", hint=nearest(key, subject.arguments))
        given = infer(value, scope)
        if isinstance(given, T.Claim | T.Record) or (isinstance(given, T.Array) and given.kind == "bool"):
            raise TypeRefused(T.Mismatch(f"a {given} cannot be an argument"), value)
        if free:
            continue
        carried = subject.arguments[key]
        if carried in scope.shaping:
            raise T.Mismatch(f"shapes depend on {carried}; another value only makes sense inside raises(...)")
        declared = TYPED[carried] if carried in TYPED else scope.names[carried]
        _fits(key, declared, given, value)
    for name, carried in subject.arguments.items():
        if carried in TYPED and name not in dict(node.keywords):
            raise T.Mismatch(f"{node.name}() needs {name}", f"{node.name}({name}=...)", hint=f"a {TYPED[carried]}")
    return T.Record(node.name, subject.returns)


def _claim_call(node: Call, scope: Scope) -> T.Type:
    signature = claim_signatures.SIGNATURES[node.name]
    if node.keywords:
        raise T.Mismatch(f"{node.name} takes no named arguments")
    parts: list[T.Type] = []
    for position, argument in enumerate(node.arguments):
        if node.name == "raises" and position == 0:
            if not (isinstance(argument, Call) and argument.name in scope.subjects):
                raise T.Mismatch("raises(...) needs a call of a subject first", "raises(route(router=...), ...)")
            parts.append(_subject_call(argument, scope, free=True))
        elif node.name == "raises" and not isinstance(infer(argument, scope), T.Word):
            raise TypeRefused(T.Mismatch("raises takes texts in quotes after the call", got=spell(argument)), argument)
        elif node.name == "again" and not (isinstance(argument, Call) and argument.name in scope.subjects):
            raise TypeRefused(T.Mismatch("again needs a call of a subject", "again(route()).weights"), argument)
        else:
            parts.append(infer(argument, scope))
    _arity(node.name, signature, len(parts), {})
    return signature(*parts)


# --- indices ----------------------------------------------------------------------------------------------------


def _index(value: T.Type, items: tuple[Node, ...], scope: Scope) -> T.Type:
    if not isinstance(value, T.Array | T.Blocks):
        raise T.Mismatch(f"{value} has no entries to take")
    taken = sum(1 for item in items if not isinstance(item, Ellipsis_ | NewAxis))
    if taken > len(value.shape):
        raise T.Mismatch("more indices than axes", f"at most {len(value.shape)}", str(taken), f"of {value}")
    if sum(isinstance(item, Ellipsis_) for item in items) > 1:
        raise T.Mismatch("more than one ... in an index")
    axes = list(value.shape)
    shape: list[Size] = []
    gathered = picked = False
    observed = value.observed
    axis = 0
    for item in items:
        if isinstance(item, Ellipsis_):
            after = sum(1 for later in items[items.index(item) + 1 :] if not isinstance(later, NewAxis))
            while axis < len(axes) - after:
                shape.append(axes[axis])
                axis += 1
        elif isinstance(item, NewAxis):
            if isinstance(value, T.Blocks):
                raise T.Mismatch("a quantised tensor takes no new axes", hint="index the array computed from it")
            shape.append(Size.of(1))
        elif isinstance(item, Slice):
            if isinstance(value, T.Blocks) and axis == len(axes) - 1:
                cut = T.Mismatch("the last axis of a quantised tensor is stored in blocks and cannot be cut")
                raise TypeRefused(cut, item)
            shape.append(_slice(item, axes[axis], scope))
            axis += 1
        else:
            part = _integers(item, scope)
            if isinstance(value, T.Blocks) and axis == len(axes) - 1:
                cut = T.Mismatch("the last axis of a quantised tensor is stored in blocks and cannot be indexed")
                raise TypeRefused(cut, item)
            if part.shape:
                if gathered:
                    raise T.Mismatch("more than one index array")
                gathered = True
            else:
                picked = True
            _inside(item, part, axes[axis], scope)
            shape.extend(part.shape)
            observed = observed or part.observed
            axis += 1
    shape.extend(axes[axis:])
    if gathered and picked:  # where such axes end up depends on what stands between them
        raise T.Mismatch("an index array beside a single index", hint="take one after the other: x[i][ids]")
    if isinstance(value, T.Blocks):
        return replace(value, shape=tuple(shape), observed=observed)
    return T.Array(value.kind, tuple(shape), below=value.below, observed=observed, dtype=value.dtype)


def _integers(item: Node, scope: Scope) -> T.Array:
    kind = infer(item, scope)
    try:
        return T.ints(kind, "an index")
    except T.Mismatch as mismatch:
        raise TypeRefused(mismatch, item) from None


def _inside(item: Node, part: T.Array, axis: Size, scope: Scope) -> None:
    """An index must lie in its axis for every value of the dimensions."""
    if part.size is not None:
        first = part.size
        constant = first.constant
        if constant is not None and constant < 0:
            first = axis + first
        if at_least_zero(first, scope.ranges) and at_least_zero(axis - first - 1, scope.ranges):
            return
        raise TypeRefused(T.Mismatch("the index may lie outside its axis", f"0 to {axis - 1}", str(part.size)), item)
    if part.below is not None and at_least_zero(axis - part.below, scope.ranges):
        return
    raise TypeRefused(
        T.Mismatch("these indices are not known to lie in their axis", f"indices below {axis}", str(part)), item
    )


def _slice(item: Slice, axis: Size, scope: Scope) -> Size:
    """The length of a slice that must lie inside its axis (Python would clamp it silently)."""
    ends = []
    for end, default in ((item.first, Size.of(0)), (item.last, axis)):
        if end is None:
            ends.append(default)
            continue
        size = T.scalar_size(infer(end, scope), "the end of a slice")
        constant = size.constant
        ends.append(axis + size if constant is not None and constant < 0 else size)
    first, last = ends
    ordered = at_least_zero(first, scope.ranges) and at_least_zero(last - first, scope.ranges)
    if not ordered or not at_least_zero(axis - last, scope.ranges):
        raise TypeRefused(
            T.Mismatch("the slice may leave its axis", f"inside 0:{axis}", f"{first}:{last}",
                       "bound the dimensions so that it cannot"), item,
        )  # fmt: skip
    return last - first
