"""What is known of the names in a refusal's condition: of every call, and of the calls that a contract covers.

Every call: a dimension is the argument that carries it, else the first length that names it, else that of the case
(`subjects/reference.py`). Covered are cases within the dimensions, in the shapes, types and kinds of values that are
drawn, and for typed arguments what claims of results pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.gate.integers import Undecidable, domain_of, with_sizes
from harness.gate.proofs.conditions import Facts, is_integer
from harness.gate.spelling import parsed, rewritten, scalar_text
from harness.language.claims import REFUSALS
from harness.language.infer import TYPED
from harness.language.syntax import (
    Binary,
    Call,
    Compare,
    Logic,
    Name,
    Node,
    Number,
    Scan,
    Text,
    Unary,
    names,
    spell,
    walk,
)

TRUE, FALSE = Compare("==", Number(0), Number(0)), Compare("!=", Number(0), Number(0))
UNBOUNDED = ("exp", "exp2", "log", "log2", "pow", "sqrt", "rsqrt", "reciprocal")
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
    """Cases of one kind.

    typed    what is passed as arguments that no case has
    finite   inputs that are never NaN or infinite
    passed   names that a claim of results gives another value
    """

    tree: YamlNode
    dimensions: Mapping[str, YamlNode]
    typed: Mapping[str, str | int]
    finite: frozenset[str]
    passed: Mapping[str, Node]

    @property
    def facts(self) -> Facts:
        """What holds in these cases."""
        always = {name: _range(name, part) for name, part in self.dimensions.items()}
        always |= {name: [_one_of_types(name, self._types(name))] for name in entries(self.tree, "inputs")}
        always |= {name: [Compare("==", Name(name), Text(value) if isinstance(value, str) else Number(value))]
                   for name, value in self.typed.items()}  # fmt: skip
        integers = set(self.dimensions) | {name for name, value in self.typed.items() if isinstance(value, int)}
        return _with_equations(self.tree, integers, always)

    def decided(self, node: Node) -> Node:
        """A condition with what is known of arguments, sizes, types and values put in.

        Sums and products of finite numbers are taken to be finite: nothing is promised of a result that overflows.
        """
        passed = rewritten(node, lambda part: self.passed.get(part.id, part) if isinstance(part, Name) else part)
        return with_sizes(rewritten(rewritten(passed, _of_the_whole), self._known), entries(self.tree, "inputs"))

    def _known(self, part: Node) -> Node:
        match part:
            case Call(name="is_finite", keywords=()) if self._finite(part):
                return TRUE
            case Compare(op="==" | "!=" as op, left=left, right=right) if left == right and self._finite(part):
                return TRUE if op == "==" else FALSE
            case Call(name="has_type", arguments=(Name(id=name), Text(value=kind))):
                types = self._types(name)
                if types and (kind not in types or types == {kind}):
                    return TRUE if kind in types else FALSE
            case Call(name="all" | "any", arguments=(whole,)) if whole in (TRUE, FALSE):
                return whole
        return part

    def _finite(self, node: Node) -> bool:
        inputs, equations = entries(self.tree, "inputs"), entries(self.tree, "equations")
        read = names(node) - {part.name for part in walk(node) if isinstance(part, Call)}
        below = _below(self.tree, read)
        made_of = [node, *(tree for name in below & set(equations) if (tree := parsed(scalar_text(equations[name]))))]
        return (
            read <= {*inputs, *equations, *self.dimensions}
            and below & set(inputs) <= self.finite
            and not any(_may_be_infinite(part) for whole in made_of for part in walk(whole))
        )

    def _types(self, name: str) -> set[str]:
        """The types an input is drawn in; none of what is no input."""
        part = entries(self.tree, "inputs").get(name)
        if part is None:
            return set()
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
    listed = [_typed(tree, key, claims) for key in typed]
    values = {key: cells for key, cells in zip(typed, listed, strict=True) if cells is not None}
    count = 1
    for cells in values.values():
        count *= len(cells)
    if count > MAX_TYPED:
        values = {}
    return [
        CoveredCalls(tree, {**dimensions, **row}, dict(zip(values, chosen, strict=True)), finite, passed)
        for row in rows
        for chosen in product(*values.values())
        for passed in _passed(tree, subject, claims)
    ]


def _carried(tree: YamlNode, subject: str) -> dict[str, str]:
    part = entries(tree, "subjects").get(subject)
    return {} if part is None else {key: scalar_text(node) for key, node in entries(part, "arguments").items()}


def _may_be_infinite(part: Node) -> bool:
    """What may be infinite or NaN for ordinary numbers."""
    if isinstance(part, Scan):  # what is finite in one step may overflow in many
        return True
    return (isinstance(part, Binary) and part.op == "/") or (isinstance(part, Call) and part.name in UNBOUNDED)


def _one_of_types(name: str, types: set[str]) -> Node:
    return Logic("or", tuple(Call("has_type", (Name(name), Text(kind)), ()) for kind in sorted(types)))


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


def _of_the_whole(part: Node) -> Node:
    """A length or a type of what is computed entry by entry, as that of the array that it is computed from."""
    match part:
        case Call(name="len" | "nbytes" | "has_type", arguments=(whole, *rest)):
            return replace(part, arguments=(_same_shape(whole), *rest))
    return part


def _same_shape(whole: Node) -> Node:
    match whole:
        case Unary(operand=inner) | Binary(left=Number(), right=inner) | Binary(left=inner, right=Number()):
            return _same_shape(inner)
        case Call(name="abs" | "scaled", arguments=(inner, *_)):
            return _same_shape(inner)
    return whole


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
    """Whether an input, or what a falsifier says of it, has values that are not finite; a number says nothing."""
    return isinstance(part.value, dict) and any(item.value == "nonfinite" for item in items(part, "values"))


def _passed(tree: YamlNode, subject: str, claims: Iterable[tuple[YamlNode, Call]]) -> list[dict[str, Node]]:
    """What claims pass instead of the numbers and arrays of a case: first nothing, then each in turn."""
    carried, always = _carried(tree, subject), of_every_call(tree, subject).always
    found: list[dict[str, Node]] = [{}]
    for falsifier, call in claims:
        given = {carried[key]: node for key, node in call.keywords if carried.get(key, "text") not in TYPED}
        for name, facts in always.items():
            match facts:  # a dimension is as long as what is passed
                case [Compare(right=Call(name="len", arguments=(Name(id=array), axis))), *_] if array in given:
                    given[name] = _of_the_whole(Call("len", (given[array], axis), ()))
        found += [passed for passed in _each_row(tree, falsifier, given) if passed not in found]
    return found


def _each_row(tree: YamlNode, falsifier: YamlNode, given: Mapping[str, Node]) -> Iterator[dict[str, Node]]:
    """What is passed, with the integers that a falsifier goes through put in."""
    declared = {*entries(tree, "dimensions"), *entries(tree, "inputs"), *entries(tree, "equations")}
    read = sorted({part.id for node in given.values() for part in walk(node) if isinstance(part, Name)} - declared)
    cells = [[Number(cell) for cell in _gone_through(tree, falsifier, name) if type(cell) is int] for name in read]
    listed = {name: numbers for name, numbers in zip(read, cells, strict=True) if numbers}
    for chosen in islice(product(*listed.values()), MAX_TYPED):
        row = dict(zip(listed, chosen, strict=True))

        def put_in(part: Node, row: Mapping[str, Node] = row) -> Node:
            return row.get(part.id, part) if isinstance(part, Name) else part

        yield {name: rewritten(node, put_in) for name, node in given.items()}


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


def _typed(tree: YamlNode, argument: str, claims: Iterable[tuple[YamlNode, Call]]) -> list[str | int] | None:
    """What claims pass as a typed argument: texts and integers, written out or listed; None where it is another."""
    found: dict[str, str | int] = {}
    for falsifier, call in claims:
        match dict(call.keywords).get(argument):
            case Text(value=text):
                found[text] = text
            case Number(value=int(number)):
                found[spell(Number(number))] = number
            case Name(id=column):
                cells = _gone_through(tree, falsifier, column)
                if not cells or not all(type(cell) in (str, int) for cell in cells):
                    return None
                found |= {repr(cell): cell for cell in cells}
            case _:
                return None
    return list(found.values())


def _gone_through(tree: YamlNode, falsifier: YamlNode, name: str) -> list[Any]:
    """The values of a name that a falsifier goes through: in the columns so called, or listed by `for_each`."""
    found = []
    for table in entries(tree, "tables").values():
        heads = list(entries(table, "columns"))
        for row in items(table, "rows") if name in heads else ():
            if isinstance(row.value, list) and len(row.value) == len(heads):
                found.append(row.value[heads.index(name)].value)
    if name in entries(falsifier, "for_each"):
        found += [item.value for item in items(entries(falsifier)["for_each"], name)]
    return found
