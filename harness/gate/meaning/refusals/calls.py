"""The calls of one subject on which two conditions of `refuses` are compared.

Ordinary calls; calls of the `sizes` of both versions; the calls that claims of both versions say are refused, which
are those that a search makes (`search/refused_calls.py`); and of some cases every call with one or two arguments that
do not fit (`wrong_arguments.py`), among them those at which a comparison of integers in a condition turns. The names
of a call have their values as in a real one (`subjects/reference.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np

from harness.gate.meaning.cases import CASES, ComparisonCase, cases
from harness.gate.meaning.points import LARGEST, Wanted, literals
from harness.gate.meaning.refusals.wrong_arguments import (
    LONGEST,
    Known,
    Length,
    WrongCall,
    both,
    lengths,
    resized,
    with_lengths,
    wrong_one,
    wrong_two,
)
from harness.gate.meaning.sides import NoValue, valued
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import Rule, VersionView
from harness.gate.proofs.conditions import Facts, is_integer
from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings, evaluate
from harness.language.infer import TYPED
from harness.language.packed import Packed
from harness.language.scalar_evaluation import evaluate_scalar
from harness.language.single import Single
from harness.language.syntax import Binary, Call, Compare, Name, Node, Text, names, spell, walk
from harness.search.refused_calls import calls_with_other_arguments
from harness.subjects.reference import with_sizes

BASES = 12  # cases of which wrong calls are made
TURNED = 4  # of them, in which it is looked up where comparisons turn
LEAST = 4  # of them, however large the smallest are
TWO = 150  # calls of one case that are wrong in two lengths
MIXED = 60  # and in two arguments of any kind
CLAIMED = 6  # cases of each call that a claim says is refused
LARGE = 200_000  # entries: larger arrays take too long to make
ENTRIES = 6  # real numbers that are mentioned, between which entries are tried
FARTHEST = 2**40  # as far as integers are looked at

NO_VALUE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class ComparedCall:
    """The names of a call with their values, and what is told of it."""

    given: Mapping[str, Any]
    numbers: Mapping[str, int]
    what: str

    def text(self) -> str:
        """At most two lines: the numbers, and what is unusual."""
        now = {name: self.given.get(name, number) for name, number in self.numbers.items()}
        return f"{', '.join(f'{name} = {number}' for name, number in now.items())}\n{self.what}"


def compared_calls(
    old: VersionView, own: VersionView, subject: str, conditions: tuple[Node, Node]
) -> Iterator[ComparedCall]:
    """Calls for two conditions in the names of the old version; `own`: the new version above the old equations."""
    return _Calls(old, own, subject, conditions).made()


class _Calls:
    def __init__(self, old: VersionView, own: VersionView, subject: str, conditions: tuple[Node, Node]) -> None:
        self.old, self.own, self.subject, self.conditions = old, own, subject, conditions
        self.inputs = {**own.inputs, **old.inputs}
        self.carried = {**own.arguments[subject], **old.arguments[subject]}
        self.read = self._read()
        asked = {name: ["nonfinite"] for name in self.read if name in own.inputs and _real(own, name)}
        self.wanted = Wanted(self.read, conditions, "|".join(sorted(spell(node) for node in conditions)), asked)
        self.rng = self.wanted.rng()
        self.texts = _texts(own, conditions)
        self.mentioned = [int(number) for number in literals(conditions) if number.is_integer()]
        self.differences = self._differences()
        self.entries = _between(literals(conditions)[-ENTRIES:])

    def _read(self) -> frozenset[str]:
        """What the conditions read, and the arguments whose shapes say how large something is that they read."""
        read = {name for node in self.conditions for name in names(node)}
        read |= self.own.with_below(read)
        sized = {name for name in self.carried.values() if name in self.inputs
                 and read & {size.id for size in self.inputs[name].shape if isinstance(size, Name)}}  # fmt: skip
        return frozenset(read | sized)

    def made(self) -> Iterator[ComparedCall]:
        """Every call, the ordinary ones first."""
        ordinary = cases(Space(self.old), Space(self.own), self.wanted, CASES)
        for case in ordinary:
            yield self._call(case, self._arguments(case), case.text().split("\n")[1])
        for turn, case in enumerate(_varied(ordinary)):
            arguments = self._arguments(case)
            for wrong in self._wrong(case, arguments, turn < TURNED):
                yield self._call(case, {**arguments, **wrong.arguments}, wrong.what)
        for case in ordinary[:1]:
            yield from self._of_sizes(case)
        yield from self._claimed()

    def _call(self, case: ComparisonCase, arguments: Mapping[str, Any], what: str) -> ComparedCall:
        return ComparedCall(with_sizes(self.inputs, arguments, case.numbers), case.numbers, what)

    def _arguments(self, case: ComparisonCase) -> dict[str, Any]:
        """What the arguments carry in a case; what an equation says is evaluated when something reads it."""
        given = {**case.given(), **{key: self._typed(kind) for key, kind in self.carried.items() if kind in TYPED}}
        names_ = [key if kind in TYPED else kind for key, kind in self.carried.items()]
        return {name: given[name] for name in names_ if name in given}

    def _typed(self, kind: str) -> Any:
        """An argument that every call gives, whatever the case."""
        match kind:
            case "text":
                return self._one_of(self.texts)
            case "texts":
                return [self._one_of(self.texts) for _ in range(int(self.rng.integers(3)))]
            case "truth":
                return bool(self.rng.integers(2))
        return int(self._one_of(self._integers({})))

    def _one_of(self, values: Sequence[Any]) -> Any:
        return values[int(self.rng.integers(len(values)))]

    def _integers(self, numbers: Mapping[str, int]) -> tuple[int, ...]:
        """Integers that the conditions, the tables or the case mention, and their neighbours."""
        cells = [cell for cell in _cells(self.own) if isinstance(cell, int)]
        near = {number + d for number in (*self.mentioned, *numbers.values()) for d in (-1, 0, 1)}
        return tuple(sorted({*near, *cells, 0, 1, -1, 2, 100}))

    # --- wrong calls --------------------------------------------------------------------------------------------

    def _wrong(self, case: ComparisonCase, arguments: Mapping[str, Any], turned: bool) -> Iterator[WrongCall]:
        """One argument wrong in every way, two lengths by the same amount, two arguments in any way.

        `turned`: also one length, or two, at which a comparison turns.
        """
        matter = {name: value for name, value in {**arguments, **self._computed(case)}.items()
                  if name in self.read or name in self.carried}  # fmt: skip
        found = {length: self._turning(case, arguments, length) if turned else set() for length in lengths(matter)}
        numbers = {length: sorted({*self._numbers(length, case, matter), *found[length]}) for length in found}
        one = wrong_one(matter, Known(numbers, self.entries, self.texts, {**self.own.formats, **self.old.formats}))
        yield from one
        yield from self._some(wrong_two(matter))
        yield from self._some(_both_turned(matter, found))
        for _ in range(MIXED if one else 0):
            mixed = both(self._one_of(one), self._one_of(one), matter)
            if mixed is not None:
                yield mixed

    def _numbers(self, length: Length, case: ComparisonCase, arguments: Mapping[str, Any]) -> set[int]:
        """Numbers to try for a length: ends and what is mentioned, for an axis also that much more or less."""
        if length.axis is None:
            ends = self._ends(length.argument, case.numbers) if length.argument in self.own.dimensions else set()
            return {*self._integers(case.numbers), *ends}
        now = length.of(arguments)
        return {n for number in self.mentioned for n in (number, now + number, now - number)}

    def _differences(self) -> list[Node]:
        """Both sides of each comparison of integers that reads no entries of arrays, one less the other."""
        integers = {name for name in self.own.equations if not self.own.depends[name] & self.inputs.keys()}
        integers |= {*self.own.dimensions, *(key for key, kind in self.carried.items() if kind == "integer")}
        facts = Facts(frozenset(integers))
        found = [Binary("-", part.left, part.right) for node in self.conditions for part in walk(node)
                 if isinstance(part, Compare) and is_integer(part, facts)]  # fmt: skip
        return list(dict.fromkeys(found))

    def _turning(self, case: ComparisonCase, arguments: Mapping[str, Any], length: Length) -> set[int]:
        """Where a comparison turns as one length becomes larger or smaller, the neighbours, and what is mentioned."""
        now, axis = length.of(arguments), length.axis is not None
        found = set(self.mentioned)
        for difference, far in product(self.differences, (0 if axis else -FARTHEST, LONGEST if axis else FARTHEST)):

            def below(number: int, difference: Node = difference) -> bool | None:
                call = with_lengths(arguments, {length: number})
                given = self._call(case, {**arguments, **call.arguments} if call else arguments, "").given
                value = valued(difference, Bindings(Single(), self.own.equations, self.own.depends, given))
                return None if isinstance(value, NoValue) else bool(np.all(value < 0))

            turn = _turn(below, now, far)
            found |= set() if turn is None else {turn - 1, turn, turn + 1}
        return found

    def _some(self, calls: list[WrongCall]) -> list[WrongCall]:
        chosen = self.rng.permutation(len(calls))[:TWO]
        return [calls[place] for place in sorted(chosen)]

    def _computed(self, case: ComparisonCase) -> dict[str, Any]:
        """Arguments that carry an equation which the conditions read, as the reference computes them."""
        bindings = Bindings(Single(), self.own.equations, self.own.depends, case.given())
        found = {}
        for name in self.carried.values():
            if name in self.own.equations and name in self.read:
                try:
                    value = evaluate(Name(name), bindings)
                except NO_VALUE:
                    continue
                found[name] = value if isinstance(value, Packed) or np.ndim(value) else _number(value)
        return found

    def _ends(self, name: str, numbers: Mapping[str, int]) -> set[int]:
        """Both ends of a dimension in both versions, and their neighbours."""
        found: set[int] = set()
        for view in (self.old, self.own):
            try:
                options = Space(view).options(name, numbers)
            except KeyError:
                continue
            found |= {int(end) + d for end in (options[0], options[-1]) for d in (-1, 0, 1)} if options else set()
        return found

    def _of_sizes(self, case: ComparisonCase) -> Iterator[ComparedCall]:
        """Calls of the `sizes` of both versions, which may lie beyond the ranges of the dimensions."""
        for view in (self.old, self.own):
            for row in Space(view).sizes:
                point = {**case.numbers, **row}
                shapes = {name: tuple(int(evaluate_scalar(size, point)) for size in self.inputs[name].shape)
                          for name in case.arrays}  # fmt: skip
                if sum(int(np.prod(shape, dtype=np.int64)) for shape in shapes.values()) > LARGE:
                    continue
                arrays = {name: resized(case.arrays[name], shape) for name, shape in shapes.items()}
                sized = ComparisonCase(point, arrays, case.kinds, case.row)
                arguments = self._arguments(sized)
                yield self._call(sized, arguments, "one of the sizes")
                for wrong in self._some(wrong_one(arguments, Known({}, (), (), {}))):
                    yield self._call(sized, {**arguments, **wrong.arguments}, wrong.what)

    # --- calls of claims ----------------------------------------------------------------------------------------

    def _claimed(self) -> Iterator[ComparedCall]:
        """The calls that some claim of either version says are refused."""
        asked: set[tuple[str, Node]] = set()
        for view in (self.old, self.own):
            for rule in view.rules.values():
                for call in calls_with_other_arguments(rule.claim):
                    if call.name == self.subject and (rule.id, call) not in asked:
                        asked.add((rule.id, call))
                        yield from self._of_claim(view, rule, call)

    def _of_claim(self, view: VersionView, rule: Rule, call: Call) -> Iterator[ComparedCall]:
        read = {*names(call), *view.arguments[self.subject].values()}
        space = Space(view, rule)
        for case in cases(space, space, Wanted(view.with_below(read), (call,), spell(call)), CLAIMED):
            bindings = Bindings(Single(), view.equations, view.depends, case.given())
            try:
                changed = {view.arguments[self.subject][key]: evaluate(node, bindings) for key, node in call.keywords}
            except NO_VALUE:
                continue  # as in a search: it cannot be made of this case
            yield self._call(case, {**self._arguments(case), **changed}, spell(call))


def _between(numbers: Sequence[float]) -> list[float]:
    """Numbers of both signs between those that are mentioned, and one beyond them."""
    ends = [0.0, *numbers, *(min(2 * number, LARGEST) for number in numbers[-1:])]
    return [sign * (low + (high - low) / 2) for low, high in pairwise(ends) for sign in (1, -1)]


def _turn(below: Callable[[int], bool | None], now: int, far: int) -> int | None:
    """A number between two at which `below` is no longer what it is now; None where it is the same at both ends."""
    first = below(now)
    if first is None or below(far) in (first, None):
        return None
    while abs(far - now) > 1:
        middle = (now + far) // 2
        now, far = (middle, far) if below(middle) == first else (now, middle)
    return far


def _both_turned(arguments: Mapping[str, Any], turning: Mapping[Length, set[int]]) -> list[WrongCall]:
    """Calls with two lengths at which comparisons turn."""
    pairs = [(one, other, *numbers) for one, other in combinations(turning, 2)
             for numbers in product(sorted(turning[one]), sorted(turning[other]))]  # fmt: skip
    calls = (with_lengths(arguments, {one: a, other: b}) for one, other, a, b in pairs)
    return [call for call in calls if call is not None]


def _varied(ordinary: Sequence[ComparisonCase]) -> list[ComparisonCase]:
    """Cases for wrong calls: small ones, and those whose lengths differ, so that it shows when two are exchanged."""
    small = [case for place, case in enumerate(ordinary) if place < LEAST or case.size <= LARGE // 4]
    differing = sorted(small, key=lambda case: -len({number for number in case.numbers.values() if number > 1}))
    chosen = {id(case): case for case in (*differing[: BASES * 2 // 3], *small[: BASES // 3])}
    return list(chosen.values())


def _number(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic | np.ndarray) else value


def _real(view: VersionView, name: str) -> bool:
    part = view.inputs[name]
    return bool(part.formats) or DTYPES[part.dtype].is_real


def _cells(view: VersionView) -> list[object]:
    return [cell for table in view.program.contract.tables.values() for row in table.rows for cell in row]


def _texts(view: VersionView, conditions: tuple[Node, Node]) -> tuple[str, ...]:
    """Texts that the conditions or the tables mention, and two that they do not."""
    written = [part.value for node in conditions for part in walk(node) if isinstance(part, Text)]
    cells = [cell for cell in _cells(view) if isinstance(cell, str)]
    return tuple(dict.fromkeys([*written, *cells[:20], "", "something else"]))
