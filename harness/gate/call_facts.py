"""What is known of the names in a refusal's condition: of every call, and of the calls that a contract covers.

Every call: a dimension is the argument that carries it, else the first length that names it, else that of the case
(`subjects/reference.py`). Covered are cases within the dimensions, in the shapes, types and kinds of values that are
drawn, and for typed arguments what claims of results pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import Any

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.gate.conditions import Facts, is_integer
from harness.gate.integers import Undecidable, domain_of, expression
from harness.gate.spelling import parsed, scalar_text
from harness.language.claims import REFUSALS
from harness.language.dtypes import DTYPES
from harness.language.infer import TYPED
from harness.language.syntax import Binary, Call, Compare, Name, Node, Number, Text, names, spell, walk

TRUE, FALSE = Compare("==", Number(0), Number(0)), Compare("!=", Number(0), Number(0))
MAX_TYPED = 1_000  # combinations of what claims pass as typed arguments


def of_every_call(tree: YamlNode, subject: str) -> Facts:
    """What holds in whatever call of a subject."""
    carried = _carried(tree, subject)
    explicit = set(carried.values())
    dimensions, inputs = entries(tree, "dimensions"), entries(tree, "inputs")
    sized = {name for row in items(tree, "sizes") for name in entries(row)}
    always: dict[str, list[Node]] = {}
    for name, part in inputs.items():
        for axis, size in enumerate(items(part, "shape") if name in explicit else ()):
            measured = scalar_text(size)
            if measured in dimensions and measured not in explicit and measured not in always:
                length = Call("len", (Name(name), Number(axis)), ())
                always[measured] = [Compare("==", Name(measured), length), Compare(">=", Name(measured), Number(0))]
    for name, part in dimensions.items():
        if name not in explicit and name not in always and name not in sized:
            always[name] = _range(name, part)
    integers = set(dimensions) | {key for key, kind in carried.items() if kind == "integer"}
    return _with_equations(tree, integers, always)


@dataclass(frozen=True)
class CoveredCalls:
    """Cases of one kind: numbers within these dimensions, with these typed arguments."""

    tree: YamlNode
    dimensions: Mapping[str, YamlNode]
    typed: Mapping[str, str | int]
    finite: frozenset[str]  # inputs that are never NaN or infinite

    @property
    def facts(self) -> Facts:
        """What holds in these cases."""
        always = {name: _range(name, part) for name, part in self.dimensions.items()}
        for name, part in entries(self.tree, "inputs").items():
            always[name] = list(_sizes(name, part))
        always |= {name: [Compare("==", Name(name), Text(value) if isinstance(value, str) else Number(value))]
                   for name, value in self.typed.items()}  # fmt: skip
        integers = set(self.dimensions) | {name for name, value in self.typed.items() if isinstance(value, int)}
        return _with_equations(self.tree, integers, always)

    def decided(self, node: Node) -> Node:
        """A condition with what is known of values and types put in.

        Finite inputs are taken to have finite equations: nothing is promised of a result that overflows.
        """
        match node:
            case Call(name="is_finite", keywords=()) if self._finite(node):
                return TRUE
            case Compare(op="==" | "!=" as op, left=left, right=right) if left == right and self._finite(node):
                return TRUE if op == "==" else FALSE
            case Call(name="has_type", arguments=(Name(id=name), Text(value=kind))):
                types = self._types(name)
                if types is not None and (kind not in types or types == {kind}):
                    return TRUE if kind in types else FALSE
        inner = replace(node, **{part.name: self._each(getattr(node, part.name))
                                 for part in fields(node) if part.compare})  # fmt: skip
        match inner:
            case Call(name="all" | "any", arguments=(part,)) if part in (TRUE, FALSE):
                return part
        return inner

    def _each(self, value: Any) -> Any:
        if isinstance(value, Node):
            return self.decided(value)
        return tuple(self._each(item) for item in value) if isinstance(value, tuple) else value

    def _finite(self, node: Node) -> bool:
        inputs, equations = entries(self.tree, "inputs"), entries(self.tree, "equations")
        read = names(node) - {part.name for part in walk(node) if isinstance(part, Call)}
        known = read <= {*inputs, *equations, *self.dimensions}
        return known and all(name in self.finite for name in _below(self.tree, read) if name in inputs)

    def _types(self, name: str) -> set[str] | None:
        part = entries(self.tree, "inputs").get(name)
        if part is None:
            return None
        key = "formats" if "formats" in entries(part) else "dtype"
        return {scalar_text(item) for item in items(part, key)}


def covered_calls(tree: YamlNode, subject: str, read: set[str]) -> list[CoveredCalls]:
    """The calls of a subject that a contract covers: the ranges, and each of `sizes`; `read`: by the condition."""
    dimensions = entries(tree, "dimensions")
    rows: list[Mapping[str, YamlNode]] = [{}, *(entries(row) for row in items(tree, "sizes"))]
    claims = list(_claims_of_results(tree, subject))
    infinite = {name for falsifier, _ in claims for name, given in entries(falsifier, "given").items()
                if _draws_nonfinite(given)}  # fmt: skip
    finite = frozenset(name for name, part in entries(tree, "inputs").items()
                       if name not in infinite and not _draws_nonfinite(part))  # fmt: skip
    typed = [key for key, kind in _carried(tree, subject).items() if kind in TYPED and key in read]
    passed = [_passed(tree, key, claims) for key in typed]
    values = {key: cells for key, cells in zip(typed, passed, strict=True) if cells is not None}
    count = 1
    for cells in values.values():
        count *= len(cells)
    if count > MAX_TYPED:
        values = {}
    return [
        CoveredCalls(tree, {**dimensions, **row}, dict(zip(values, chosen, strict=True)), finite)
        for row in rows
        for chosen in product(*values.values())
    ]


def _carried(tree: YamlNode, subject: str) -> dict[str, str]:
    part = entries(tree, "subjects").get(subject)
    return {} if part is None else {key: scalar_text(node) for key, node in entries(part, "arguments").items()}


def _with_equations(tree: YamlNode, integers: set[str], always: dict[str, list[Node]]) -> Facts:
    """The facts with those equations that are made of integers."""
    known, computed = set(integers), set()
    for name, written in entries(tree, "equations").items():
        node = parsed(scalar_text(written))
        computed.add(name)
        if node is not None and is_integer(node, Facts(frozenset(known))) and not isinstance(node, Compare):
            known.add(name)
            always[name] = [Compare("==", Name(name), node)]
    return Facts(frozenset(known), always, frozenset(computed))


def _range(name: str, part: YamlNode) -> list[Node]:
    try:
        domain = domain_of(part)
    except Undecidable:
        return []
    if domain.values:
        low, high = Number(min(domain.values)), Number(max(domain.values))
        return [Compare("<=", low, Name(name)), Compare("<=", Name(name), high)]
    ends = [Compare("<=", domain.low, Name(name))] if domain.low is not None else []
    return [*ends, *([Compare("<=", Name(name), domain.high)] if domain.high is not None else [])]


def _sizes(name: str, part: YamlNode) -> Iterator[Node]:
    """How long an input is, and how many bytes it has."""
    try:
        shape = [expression(size) for size in items(part, "shape")]
    except Undecidable:
        return
    for axis, size in enumerate(shape):
        for place in (axis, axis - len(shape)):
            yield Compare("==", Call("len", (Name(name), Number(place)), ()), size)
    if "dtype" in entries(part) and scalar_text(entries(part)["dtype"]) in DTYPES:
        whole: Node = Number(DTYPES[scalar_text(entries(part)["dtype"])].bytes)
        for size in shape:
            whole = Binary("*", whole, size)
        yield Compare("==", Call("nbytes", (Name(name),), ()), whole)


def _below(tree: YamlNode, read: set[str]) -> set[str]:
    """Names, and all that is read by those which are equations."""
    equations = entries(tree, "equations")
    pending, seen = set(read), set[str]()
    while pending:
        name = pending.pop()
        seen.add(name)
        node = parsed(scalar_text(equations[name])) if name in equations else None
        pending |= (names(node) if node is not None else set()) - seen
    return seen


def _draws_nonfinite(part: YamlNode) -> bool:
    values = entries(part).get("values")
    return values is not None and "nonfinite" in ([item.value for item in items(part, "values")] or [values.value])


def _claims_of_results(tree: YamlNode, subject: str) -> Iterator[tuple[YamlNode, Call]]:
    """Falsifiers with the calls of a subject of which they claim more than an error."""
    for falsifier in items(tree, "falsification_tests"):
        claim = parsed(scalar_text(entries(falsifier).get("claim")))
        for call in _answered(claim) if claim is not None else ():
            if call.name == subject:
                yield falsifier, call


def _answered(claim: Node) -> Iterator[Call]:
    refused = {id(call) for part in walk(claim) if isinstance(part, Call) and part.name in REFUSALS
               for call in part.arguments[:1]}  # fmt: skip
    return (part for part in walk(claim) if isinstance(part, Call) and id(part) not in refused)


def _passed(tree: YamlNode, argument: str, claims: Iterable[tuple[YamlNode, Call]]) -> list[str | int] | None:
    """What claims pass as a typed argument: texts and integers, written out or listed; None where it is another."""
    found: dict[str, str | int] = {}
    for falsifier, call in claims:
        match dict(call.keywords).get(argument):
            case Text(value=text):
                found[text] = text
            case Number(value=int(number)):
                found[spell(Number(number))] = number
            case Name(id=column):
                cells = [*_cells(tree, column), *_listed(falsifier, column)]
                if not cells or not all(type(cell) in (str, int) for cell in cells):
                    return None
                found |= {repr(cell): cell for cell in cells}
            case _:
                return None
    return list(found.values())


def _cells(tree: YamlNode, column: str) -> Iterator[Any]:
    """What stands in the columns of that name."""
    for table in entries(tree, "tables").values():
        heads = list(entries(table, "columns"))
        for row in items(table, "rows") if column in heads else ():
            if isinstance(row.value, list) and len(row.value) == len(heads):
                yield row.value[heads.index(column)].value


def _listed(falsifier: YamlNode, name: str) -> list[Any]:
    """What `for_each` lists under a name."""
    listed = entries(falsifier, "for_each").get(name)
    return [item.value for item in listed.value] if listed is not None and isinstance(listed.value, list) else []
