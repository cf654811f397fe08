"""One walk over the syntax tree, for every way of evaluating it.

What the operators and primitives mean is the domain's: `exact/domain.py` (float64 with a bound) or `single.py`
(float32). The walk knows names, laziness, replaced names, and block formats mapped over many blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from harness.language.batches import aligned, indexed
from harness.language.dtypes import FLOAT32, of_array
from harness.language.functions import FUNCTIONS
from harness.language.packed import Packed, field
from harness.language.places import check_places
from harness.language.syntax import (
    Binary,
    Call,
    Compare,
    Index,
    Logic,
    Name,
    NewAxis,
    Node,
    Number,
    OtherAxes,
    ResultField,
    Scan,
    Slice,
    TakenRows,
    Text,
    Unary,
)  # fmt: skip
from harness.language.taken_rows import RowPlan

Value = Any
WHOLE = RowPlan()  # nothing is computed by rows


class Domain(Protocol):
    """What evaluates: an instance holds the arithmetic and nothing that changes."""

    def literal(self, value: int | float) -> Value: ...
    def given(self, value: Any) -> Value: ...
    def binary(self, op: str, left: Value, right: Value) -> Value: ...
    def unary(self, op: str, value: Value) -> Value: ...
    def compare(self, op: str, left: Value, right: Value) -> Value: ...
    def logic(self, op: str, parts: list[Value]) -> Value: ...
    def index(self, value: Value, items: tuple[Any, ...]) -> Value: ...
    def whole(self, value: Value) -> Any: ...
    def decided(self, value: Value) -> Value: ...
    def real(self, value: Value) -> Any: ...
    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value: ...
    def without_value(self, value: Value, rows: np.ndarray) -> Value: ...
    def carried(self, state: Value) -> Value: ...


class Bindings:
    """Names with their values in one case: dimensions, inputs, and equations evaluated when first asked for.

    `by_rows`: which indices take rows of something that is computed for those alone.
    """

    def __init__(
        self,
        domain: Domain,
        equations: Mapping[str, Node],
        depends: Mapping[str, frozenset[str]],
        given: Mapping[str, Any],
        by_rows: RowPlan = WHOLE,
    ) -> None:
        self.domain, self.equations, self.depends, self.by_rows = domain, equations, depends, by_rows
        self.given = dict(given)
        self.known: dict[str, Value] = {}

    def value(self, name: str) -> Value:
        """The value of a name; equations below it are evaluated on the way, each once."""
        if name not in self.known:
            if name in self.given:
                self.known[name] = self.domain.given(self.given[name])
            else:
                self.known[name] = evaluate(self.equations[name], self)
        return self.known[name]

    def result(self, call: Node, field: str) -> Value:
        """An array that a subject returned; only claims have subjects (search/trial.py)."""
        raise AssertionError(f"an equation asks for .{field} of {call}")

    def how_by_rows(self, index: Index) -> Node | None:
        """How the rows that an index takes are computed; None where its value is whole."""
        if not self.by_rows.indices or (isinstance(index.value, Name) and index.value.id in self.given):
            return None
        return self.by_rows.of(index, self.equations)

    def taken(self, node: Node) -> Value:
        """The rows of an expression that an index takes; only what is computed by rows asks for them."""
        raise AssertionError(f"no index takes rows of {node}")

    def replaced(self, given: Mapping[str, Any]) -> Bindings:
        """The same case with some names given; what does not depend on them is shared."""
        new = Bindings(self.domain, self.equations, self.depends, {**self.given, **given}, self.by_rows)
        changed = set(given)
        new.known = {
            name: value
            for name, value in self.known.items()
            if name not in changed and not (self.depends.get(name, frozenset()) & changed)
        }
        return new


class RowBindings(Bindings):
    """The names of a case where an index takes rows: `ids`, a slice or one axis of integers.

    Values that are evaluated whole are shared with the case. Rows are kept here, so that one name is one value.
    """

    def __init__(self, case: Bindings, ids: Any) -> None:
        super().__init__(case.domain, case.equations, case.depends, {}, case.by_rows)
        self.case, self.ids, self.given, self.known = case, ids, case.given, case.known
        self.kept: dict[Node, Value] = {}

    def result(self, call: Node, field: str) -> Value:
        return self.case.result(call, field)

    def replaced(self, given: Mapping[str, Any]) -> Bindings:
        return self.case.replaced(given)

    def taken(self, node: Node) -> Value:
        if node not in self.kept:
            self.kept[node] = self._taken(node)
        return self.kept[node]

    def _taken(self, node: Node) -> Value:
        name = node.id if isinstance(node, Name) else ""
        given = self.given.get(name)
        if isinstance(given, np.ndarray):
            check_places(given.shape, (self.ids,))
            return self.domain.given(given[self.ids])
        by_rows = self.by_rows.made(node, self.equations) if name and given is None else None
        if by_rows is not None:
            return evaluate(by_rows, self)
        whole = evaluate(node, self)
        if isinstance(whole, Packed) and len(whole.shape) == 1:  # one row of blocks: its weights are the rows
            whole = decode(whole, self.domain)
        return self.domain.index(whole, (self.ids,))


class StepBindings(Bindings):
    """The names of a case within one step of a recurrence: its index and its states stand before all others."""

    def __init__(self, case: Bindings, own: dict[str, Value]) -> None:
        super().__init__(case.domain, case.equations, case.depends, {}, WHOLE)
        self.case, self.own, self.given, self.known = case, own, case.given, case.known

    def value(self, name: str) -> Value:
        return self.own[name] if name in self.own else self.case.value(name)

    def result(self, call: Node, field: str) -> Value:
        return self.case.result(call, field)

    def replaced(self, given: Mapping[str, Any]) -> Bindings:
        return self.case.replaced(given)


def _recurrence(scan: Scan, bindings: Bindings) -> Value:
    """The last state after each step. No region ends between the steps: what a kernel does in any order is inside."""
    domain = bindings.domain
    states = {name: evaluate(first, bindings) for name, first in scan.starts}
    steps = int(domain.whole(evaluate(scan.length, bindings)))
    reached = []
    for step in range(steps):
        within = StepBindings(bindings, {scan.index: step, **states})
        for name, following in zip(states, scan.nexts, strict=True):
            within.own[name] = domain.carried(evaluate(following, within))
        states = {name: within.own[name] for name in states}
        reached.append(states[name])
    if not reached:
        return domain.index(domain.call("stack", list(states.values())[-1:], {"axis": 0}), (slice(0, 0),))
    return domain.call("stack", reached, {"axis": 0})


def _rows(by_rows: Node, index: tuple[Any, ...], bindings: Bindings) -> Value:
    """What an index takes of an expression that is computed by rows: with one axis of rows, whatever the index has."""
    first, *others = index
    domain, ids = bindings.domain, first
    if np.shape(first):
        ids = np.asarray(first).reshape(-1)
    elif not isinstance(first, slice):  # one row; a negative number counts from the end
        ids = slice(int(first), int(first) + 1 or None)
    value = evaluate(by_rows, RowBindings(bindings, ids))
    if isinstance(first, slice):
        return domain.index(value, (slice(None), *others)) if others else value
    axes = np.shape(first)
    if not axes:
        return domain.index(value, (0, *others))
    if len(axes) > 1:
        value = domain.call("reshape", [value, *axes, *value.shape[1:]], {})
    return domain.index(value, (*[slice(None)] * len(axes), *others)) if others else value


def evaluate(node: Node, bindings: Bindings, batched: bool = False) -> Value:
    """The value of an expression.

    batched: the arrays have one more axis in front (many blocks at once) that the expression does not mention.
    """
    domain = bindings.domain
    match node:  # the most frequent first: each case is asked in turn, a hundred times in the header of a file
        case Name(id=name):
            return bindings.value(name)
        case Number(value=value):
            return domain.literal(value)
        case Call(name=name, arguments=arguments, keywords=keywords):
            named = {key: evaluate(part, bindings, batched) for key, part in keywords}
            if name in bindings.equations and not arguments:
                given = {key: as_given(part, bindings.given.get(key), domain) for key, part in named.items()}
                return bindings.replaced(given).value(name)
            function = FUNCTIONS.get(name)
            if function is not None and function.of_stored:
                values = [_as_stored(argument, bindings, batched) for argument in arguments]
            else:
                values = [evaluate(argument, bindings, batched) for argument in arguments]
            return _batched_call(name, values, named, domain) if batched else domain.call(name, values, named)
        case Text(value=value):
            return value
        case Binary(op=op, left=left, right=right):
            first = evaluate(left, bindings, batched)
            second = first if left == right else evaluate(right, bindings, batched)  # the same thing twice is one value
            return domain.binary(op, *_aligned([first, second], domain, batched))
        case Index(value=value, items=items):
            index = tuple(_item(item, bindings, batched) for item in items)
            by_rows = None if batched else bindings.how_by_rows(node)
            if by_rows is not None:
                return _rows(by_rows, index, bindings)
            whole = evaluate(value, bindings, batched)
            return indexed(domain, whole, index) if batched else domain.index(whole, index)
        case Compare(op=op, left=left, right=right):
            sides = [evaluate(side, bindings, batched) for side in (left, right)]
            return domain.compare(op, *_aligned(sides, domain, batched))
        case Unary(op=op, operand=operand):
            return domain.unary(op, evaluate(operand, bindings, batched))
        case Logic(op=op, parts=parts):
            return domain.logic(op, [evaluate(part, bindings, batched) for part in parts])
        case ResultField(call=call, field=name):
            return bindings.result(call, name)
        case TakenRows(value=value):
            return bindings.taken(value)
        case Scan():
            return _recurrence(node, bindings)
    raise AssertionError(f"{node!r} has no value")


def as_given(value: Value, given: Any, domain: Domain) -> Value:
    """What an equation is given for a name: of an input in a narrow format the numbers that its array can hold.

    A subject that is given the same gets no others.
    """
    dtype = of_array(given.dtype) if isinstance(given, np.ndarray) else None
    if dtype is not None and dtype.is_real and dtype.bits < FLOAT32.bits:
        return domain.call("stored", [value, dtype.name], {})
    return domain.decided(value)


def _as_stored(node: Node, bindings: Bindings, batched: bool) -> Value:
    """An argument of a function that asks how things are stored: an input is given as it is."""
    given = bindings.given.get(node.id) if isinstance(node, Name) else None
    return given if isinstance(given, np.ndarray) else evaluate(node, bindings, batched)


def _item(item: Node, bindings: Bindings, batched: bool) -> Any:
    match item:
        case OtherAxes():
            return Ellipsis
        case NewAxis():
            return None
        case Slice(first=first, last=last):
            ends = [None if end is None else evaluate(end, bindings, batched) for end in (first, last)]
            return slice(*ends)
    return bindings.domain.whole(evaluate(item, bindings, batched))


def _aligned(values: list[Value], domain: Domain, batched: bool) -> list[Value]:
    return aligned(domain, values) if batched else values


def _batched_call(name: str, values: list[Value], named: dict[str, Value], domain: Domain) -> Value:
    """A call on many blocks at once. Mutants also call functions that say nothing of batches: entry by entry."""
    function = FUNCTIONS.get(name)
    if function is None or function.in_batch is None:
        return domain.call(name, values, named)
    return function.in_batch(domain, name, values, named)


def decode(packed: Packed, domain: Domain) -> Value:
    """The weights of a quantised tensor, by its format's equations: shape [..., rows, columns].

    A block with a scale that is not finite has no value: its weights are NaN, and those of other blocks what they are.
    Cached on the tensor per kind of domain: many claims read the same weights.
    """
    key = (type(domain), getattr(domain, "key", None))
    if key not in packed.cache:
        format_ = packed.format
        raw = packed.raw.reshape(-1, format_.size)
        fields = {name: field(format_, raw, name) for name in format_.fields}
        spoiled = _spoiled(format_.scales, fields)
        bindings = Bindings(domain, format_.equations, {}, fields)
        for name, node in format_.equations.items():
            bindings.known[name] = evaluate(node, bindings, batched=True)
            if name == format_.weights:
                break
        flat = domain.real(bindings.known[format_.weights])  # weights may be integers
        rows = (*packed.shape[:-1], packed.raw.shape[-2] * format_.values)
        if spoiled is not None:
            flat = domain.without_value(flat, spoiled)
        whole = domain.call("reshape", [flat, *rows], {})
        packed.cache[key] = domain.index(whole, (..., slice(0, packed.shape[-1])))
    return packed.cache[key]


def _spoiled(scales: tuple[str, ...], fields: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Which blocks have a scale that is not finite; None where all are.

    What a kernel makes of an infinite scale depends on how it takes offsets out of the sum, and of NaN readers differ:
    ggml takes code 255 of E8M0 for 2**128.
    """
    spoiled = np.zeros(1, np.bool_)
    for name in scales:
        bad = ~np.isfinite(fields[name])
        spoiled = spoiled | bad.any(tuple(range(1, bad.ndim)))
    return spoiled if spoiled.any() else None
