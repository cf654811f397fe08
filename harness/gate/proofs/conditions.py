"""Whether conditions can hold together, as far as that is proved without evaluating them.

Conditions are taken apart into cases, each a list of atoms of which all hold or fail. A case is impossible where one
atom would have to hold and to fail, where one thing would have to be two texts, or where its comparisons of integers
have no solution. Those are inequalities, linear in names, lengths and products of these; one after the other is
eliminated (Fourier and Motzkin). What is not shown to be impossible counts as possible.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd, prod

from harness.gate.meaning.canonical import canonical_form
from harness.language.sizes import Monomial, Size, TooLarge
from harness.language.syntax import Binary, Call, Compare, Logic, Name, Node, Number, Text, Unary, names, spell, walk

MAX_CASES = 500
MAX_INEQUALITIES = 400
LENGTHS = ("len", "nbytes")
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}

Literal = tuple[Node, bool]  # an atom, and whether it holds
Case = tuple[Literal, ...]  # all of them


class NotInteger(Exception):
    """An expression that is not made of integers."""


class TooMany(Exception):
    """More cases than are looked at."""


@dataclass(frozen=True)
class Facts:
    """What is known of the names in conditions.

    integers     names of integers
    always       what always holds, by a name that it is about
    computed     names that have no value where their equation has none
    """

    integers: frozenset[str] = frozenset()
    always: Mapping[str, Sequence[Node]] = field(default_factory=dict)
    computed: frozenset[str] = frozenset()

    def measured(self, part: Node) -> Node:
        """A dimension as the length that it is read from."""
        match self.always.get(part.id, ()) if isinstance(part, Name) else ():
            case [Compare(op="==", right=Call(name="len") as length), *_]:
                return length
        return _plain_length(part)

    def about(self, nodes: Collection[Node]) -> list[Node]:
        """What always holds of the names in some expressions, and of the names in that."""
        pending = {name for node in nodes for name in names(node)}
        seen: set[str] = set()
        found: list[Node] = []
        while pending:
            name = pending.pop()
            seen.add(name)
            facts = self.always.get(name, ())
            found += facts
            pending |= {other for fact in facts for other in names(fact)} - seen
        return found


def possible(together: Sequence[Node], facts: Facts, unless: Sequence[Node] = ()) -> bool:
    """Whether some call may fulfil all conditions `together` and none of `unless`; True where that is not disproved."""
    try:
        known = _cases_of([(fact, True) for fact in facts.about([*together, *unless])], facts)
        held = _cases_of([(node, True) for node in together], facts)
        return any(_consistent(case + fact, facts) for part in held for case in _without(part, unless, facts)
                   for fact in known)  # fmt: skip
    except TooMany:
        return True


def _without(held: Case, unless: Sequence[Node], facts: Facts) -> Iterator[Case]:
    """The case without the conditions of `unless`.

    A condition that has no value does not hold. So one only counts as failing where all that may lack a value is read
    by what holds.
    """
    present = _partial([atom for atom, _ in held], facts)
    usable = [(node, False) for node in unless if _partial([node], facts) <= present]
    return (held + case for case in _cases_of(usable, facts))


def _partial(nodes: Sequence[Node], facts: Facts) -> set[str]:
    """What may have no value: calls (an axis that is missing), divisions by zero, and equations."""
    return {
        spell(_plain_length(part))
        for node in nodes
        for part in walk(node)
        if (isinstance(part, Binary) and part.op in ("/", "//", "%", "<<", ">>", "@"))
        or (isinstance(part, Name) and part.id in facts.computed)
        or not isinstance(part, Name | Number | Text | Unary | Binary | Compare | Logic)
    }


def _cases_of(literals: Sequence[Literal], facts: Facts) -> list[Case]:
    cases: list[Case] = [()]
    for node, holds in literals:
        parts = _cases(node, holds, facts)
        if len(cases) * len(parts) > MAX_CASES:
            raise TooMany
        cases = [case + part for case in cases for part in parts]
    return cases


def _cases(node: Node, holds: bool, facts: Facts) -> list[Case]:
    """A condition as cases, of which one must be."""
    match node:
        case Unary(op="not", operand=operand):
            return _cases(operand, not holds, facts)
        case Logic(op=op, parts=parts):
            if (op == "and") == holds:
                return _cases_of([(part, holds) for part in parts], facts)
            return [case for part in parts for case in _cases(part, holds, facts)]
        case Compare(op=op, left=left, right=right) if is_integer(node, facts):
            op = op if holds else OPPOSITE[op]
            if op == "!=":
                return [((Compare("<", left, right), True),), ((Compare(">", left, right), True),)]
            return [((Compare(op, left, right), True),)]
        case Compare(op="!=", left=left, right=right):
            return _cases(Compare("==", left, right), not holds, facts)
    return [((canonical_form(node), holds),)]


def is_integer(node: Node, facts: Facts) -> bool:
    """Whether an expression, or both sides of a comparison, are made of integers alone."""
    match node:
        case Number(value=value):
            return isinstance(value, int)
        case Name(id=name):
            return name in facts.integers
        case Call(name=name, keywords=()):
            return name in LENGTHS
        case Unary(op="-", operand=operand):
            return is_integer(operand, facts)
        case Binary(op="+" | "-" | "*" | "//" | "%", left=left, right=right) | Compare(left=left, right=right):
            return is_integer(left, facts) and is_integer(right, facts)
    return False


# --- one case -------------------------------------------------------------------------------------------------------


def _consistent(case: Case, facts: Facts) -> bool:
    said: dict[str, bool] = {}
    texts: dict[str, str] = {}
    inequalities: list[Size] = []
    for atom, holds in case:
        if isinstance(atom, Compare) and is_integer(atom, facts):
            inequalities += _inequalities(atom)
            continue
        key = spell(atom)
        if said.setdefault(key, holds) != holds:
            return False
        what = _text(atom)
        if what is not None and holds and texts.setdefault(what[0], what[1]) != what[1]:
            return False
    if any(texts.get(what[0]) == what[1] for atom, holds in case if not holds and (what := _text(atom))):
        return False
    nodes = [atom for atom, _ in case]
    return solvable([*inequalities, *(fact for node in nodes for fact in _of_operations(node))])


def _text(atom: Node) -> tuple[str, str] | None:
    """What an atom says to be one text: an argument, or the type of a tensor."""
    match atom:
        case Compare(op="==", left=Text(value=value), right=Name(id=name)):
            return name, value
        case Compare(op="==", left=Name(id=name), right=Text(value=value)):
            return name, value
        case Call(name="has_type", arguments=(tensor, Text(value=value))):
            return f"type of {spell(tensor)}", value
    return None


def _inequalities(atom: Compare) -> list[Size]:
    """A comparison of integers as sizes that are at least zero."""
    try:
        left, right = size_of(atom.left), size_of(atom.right)
    except TooLarge:
        return []
    match atom.op:
        case "<":
            return [right - left + -1]
        case "<=":
            return [right - left]
        case ">":
            return [left - right + -1]
        case ">=":
            return [left - right]
    return [left - right, right - left]


def _of_operations(node: Node) -> Iterator[Size]:
    """What is true of lengths and quotients: they are at least zero, and the rest is less than the divisor."""
    for part in walk(node):
        match part:
            case Call(name=name) if name in LENGTHS:
                yield Size.of(spell(_plain_length(part)))
            case Binary(op="//" | "%", left=left, right=Number(value=int(divisor))) if divisor > 0:
                try:
                    rest = size_of(left) - _quotient(left, divisor) * divisor
                except (NotInteger, TooLarge):
                    continue
                yield rest
                yield -rest + (divisor - 1)


def size_of(node: Node) -> Size:
    """An expression of integers as a polynomial; lengths, and what is no polynomial, are names of their own."""
    match node:
        case Number(value=int(value)):
            return Size.of(value)
        case Name(id=name):
            return Size.of(name)
        case Call(name=name) if name in LENGTHS:
            return Size.of(spell(_plain_length(node)))
        case Unary(op="-", operand=operand):
            return -size_of(operand)
        case Binary(op="+", left=left, right=right):
            return size_of(left) + size_of(right)
        case Binary(op="-", left=left, right=right):
            return size_of(left) - size_of(right)
        case Binary(op="*", left=left, right=right):
            return size_of(left) * size_of(right)
        case Binary(op="//", left=left, right=Number(value=int(divisor))) if divisor > 0:
            return _quotient(left, divisor)
        case Binary(op="%", left=left, right=Number(value=int(divisor))) if divisor > 0:
            return size_of(left) - _quotient(left, divisor) * divisor
        case Binary(op="//" | "%"):
            return Size.of(spell(canonical_form(node, deep=True)))
    raise NotInteger


def _quotient(dividend: Node, divisor: int) -> Size:
    return Size.of(f"({size_of(dividend)}) // {divisor}")


def _plain_length(node: Node) -> Node:
    """`len(x)` as `len(x, 0)`."""
    match node:
        case Call(name="len", arguments=(whole,)):
            return Call("len", (whole, Number(0)), ())
    return node


# --- inequalities ---------------------------------------------------------------------------------------------------

Inequality = tuple[tuple[tuple[Monomial, int], ...], int]  # unknowns with their factors, and a number: at least zero


def solvable(sizes: Sequence[Size]) -> bool:
    """Whether integers can make every size at least zero; True where that is not disproved."""
    system = {_reduced(dict(size.terms)) for size in [*sizes, *_of_products(sizes)]}
    while True:
        if any(not terms and number < 0 for terms, number in system):
            return False
        system = {part for part in system if part[0]}
        if not system or len(system) > MAX_INEQUALITIES:
            return True
        system = _eliminated(system, min({name for terms, _ in system for name, _ in terms},
                                         key=lambda name: (_pairs(system, name), name)))  # fmt: skip


def _of_products(sizes: Sequence[Size]) -> Iterator[Size]:
    """The ends of products of unknowns that are never negative, from the ends of the unknowns."""
    lows: dict[str, int] = {}
    highs: dict[str, int] = {}
    for size in sizes:
        terms = dict(size.terms)
        number = terms.pop((), 0)
        for monomial, factor in terms.items() if len(terms) == 1 else ():
            if len(monomial) == 1 and factor > 0:
                lows[monomial[0]] = max(-(number // factor), lows.get(monomial[0], -(number // factor)))
            elif len(monomial) == 1:
                highs[monomial[0]] = min(number // -factor, highs.get(monomial[0], number // -factor))
    for monomial in {name for size in sizes for name, _ in size.terms if len(name) > 1}:
        if all(lows.get(name, -1) >= 0 for name in monomial):
            product = Size(((monomial, 1),))
            yield product + -prod(lows[name] for name in monomial)
            if all(name in highs for name in monomial):
                yield -product + prod(highs[name] for name in monomial)


def _pairs(system: Collection[Inequality], name: Monomial) -> int:
    signs = [factor > 0 for terms, _ in system for other, factor in terms if other == name]
    return signs.count(True) * signs.count(False)


def _eliminated(system: Collection[Inequality], name: Monomial) -> set[Inequality]:
    """What follows without one unknown: each inequality that holds it from below with each from above."""
    below = [part for part in system if dict(part[0]).get(name, 0) > 0]
    above = [part for part in system if dict(part[0]).get(name, 0) < 0]
    left = {part for part in system if name not in dict(part[0])}
    for terms, number in below:
        for others, its in above:
            one, other = dict(terms), dict(others)
            a, b = one[name], -other[name]
            total = {key: b * one.get(key, 0) + a * other.get(key, 0) for key in {*one, *other}}
            left.add(_reduced({**total, (): b * number + a * its}))
    return left


def _reduced(terms: Mapping[Monomial, int]) -> Inequality:
    """Divided by what all factors have in common; the number is rounded down, since the rest is an integer."""
    number = terms.get((), 0)
    factors = {name: factor for name, factor in terms.items() if factor and name}
    common = gcd(*factors.values()) or 1
    return tuple(sorted((name, factor // common) for name, factor in factors.items())), number // common
