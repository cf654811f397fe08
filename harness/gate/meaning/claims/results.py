"""What a subject might return, as symbols with values: two claims are compared on the same made-up results.

Each call in a claim becomes a name such as `route#0.weights`; calls whose arguments mean the same share it, across
both versions. Its values are those of the equations in float32, rounded to the format of the result, and around and
far away from them, because a claim has to say no as well. Results that no equation stands for are drawn from what the
tables and the claims mention.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.points import literals
from harness.gate.meaning.sides import result_format
from harness.gate.meaning.space import number_of
from harness.gate.meaning.view import VersionView
from harness.gate.spelling import with_parts
from harness.language import types as T
from harness.language.called import subject_call, threaded
from harness.language.dtypes import FLOAT32, Dtype, is_real, of_array
from harness.language.evaluate import Bindings, StepBindings, evaluate
from harness.language.rounding import nearest, neighbours, stored
from harness.language.single import Single
from harness.language.sizes import Size
from harness.language.syntax import Call, Name, Node, ResultField, Text, Threaded, spell, walk
from harness.program.arithmetic import single_of

MODES = 8  # ways in which results depart from the equations
WRONG = 3  # the one of them in which indices, which stay as they are, may be wrong
FAR = 2**31  # larger numbers that are mentioned are no steps of integers
LONGEST_AXIS = 2**16  # of which different indices are drawn


@dataclass(frozen=True)
class Execution:
    """One call of a subject: `again` tells a second execution from the first. `sequence`: calls in turn."""

    subject: str
    arguments: Mapping[str, Node]
    again: bool
    sequence: Threaded | None = None

    @property
    def form(self) -> tuple[object, ...]:
        """What two executions have in common that differ in their arguments at most."""
        turns = self.sequence and (self.sequence.index, self.sequence.length, self.sequence.fed)
        return self.subject, self.again, turns

    def text(self) -> str:
        """The call for a reader."""
        given = ", ".join(f"{key}={spell(value)}" for key, value in self.arguments.items())
        inner = f"{self.subject}({given})"
        if self.sequence is not None:
            inner = spell(replace(self.sequence, call=Name(inner)))
        return f"again({inner})" if self.again else inner


class Symbols:
    """The calls of two claims, numbered. `alike` says whether two arguments mean the same."""

    def __init__(self, view: VersionView, alike: Callable[[Node, Node], bool]) -> None:
        self.view, self.alike = view, alike
        self.calls: list[Execution] = []

    def replaced(self, node: Node) -> Node:
        """The claim with a name in place of each call."""
        match node:
            case ResultField(call=call, field=field):
                return Name(f"{self._number(call)}.{field}")
            case Threaded():
                return Name(self._number(node))
            case Call(name=name) if name == "again" or name in self.view.arguments:
                return Name(self._number(node))
        return with_parts(node, self.replaced)

    def _number(self, node: Node) -> str:
        """The name of a call, that of an earlier one where it is the same."""
        again = isinstance(node, Call) and node.name == "again"
        call, sequence = subject_call(node), threaded(node)
        given = {key: self.replaced(value) for key, value in call.keywords}
        made = Execution(call.name, given, again, sequence)
        for index, other in enumerate(self.calls):
            if other.form == made.form and self._same(other, made):
                return f"{call.name}#{index}"
        self.calls.append(made)
        return f"{call.name}#{len(self.calls) - 1}"

    def _same(self, one: Execution, other: Execution) -> bool:
        """An argument that is not written is the name that it carries."""
        carried = self.view.arguments[one.subject]
        for key in {*one.arguments, *other.arguments}:
            sides = [call.arguments.get(key, Name(carried.get(key, key))) for call in (one, other)]
            in_turn = one.sequence is not None  # of what changes from step to step nothing is evaluated by itself
            if sides[0] != sides[1] and (in_turn or not self.alike(sides[0], sides[1])):
                return False
        return True

    def format_of(self, symbol: str) -> str:
        """The number format that is declared for a real result, by its name `route#0.weights`; "" for others."""
        call, _, field = symbol.partition(".")
        subject, _, _ = call.partition("#")
        kind = self.view.program.scope.subjects[subject].returns.get(field)
        return (kind.dtype or FLOAT32.name) if isinstance(kind, T.Array) and kind.kind == "real" else ""

    def valued(
        self, case: ComparisonCase, turn: int, words: tuple[Node, ...], wrong_indices: bool = False
    ) -> ComparisonCase | None:
        """The case with a value for every symbol; None where the equations give none.

        `wrong_indices`: in one way of departing an index is past the end, negative, or there twice.
        """
        rng = np.random.default_rng([turn, len(self.calls)])
        values: dict[str, Any] = {}
        try:
            for index, call in enumerate(self.calls):
                made = self._results(call, case, values, rng, words)
                for field, value in made.items():
                    below = self._below(call.subject, field, case)
                    departing = departed(value, turn % MODES, rng, words, below)
                    if wrong_indices and turn % MODES == WRONG and below is not None and departing.size:
                        departing = departing.copy()
                        departing.flat[rng.integers(departing.size)] = rng.choice([below, -1, departing.flat[0]])
                    values[f"{call.subject}#{index}.{field}"] = departing
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            return None
        return replace(case, row={**case.row, **values})

    def _below(self, subject: str, field: str, case: ComparisonCase) -> int | None:
        """Indices stay below this; None for what is no index."""
        kind = self.view.program.scope.subjects[subject].returns[field]
        if not isinstance(kind, T.Array) or kind.low != Size.of(0) or kind.high is None:
            return None
        below = number_of(kind.high, case.numbers) + 1
        return below if below <= LONGEST_AXIS else None

    def _results(
        self,
        call: Execution,
        case: ComparisonCase,
        values: Mapping[str, Any],
        rng: np.random.Generator,
        words: tuple[Node, ...],
    ) -> dict[str, Any]:
        view, carried = self.view, self.view.arguments[call.subject]
        whole = Bindings(single_of(view.program, Single()), view.equations, view.depends, {**case.given(), **values})
        with np.errstate(all="ignore"):
            if call.sequence is not None:
                return self._in_turn(call, call.sequence, case, whole)
            given = {carried[key]: evaluate(node, whole) for key, node in call.arguments.items()}
            bindings = whole.replaced({key: value for key, value in given.items() if key not in case.row})
            made = {}
            for field, source in view.returns[call.subject].items():
                if source in view.equations:
                    value = np.asarray(bindings.value(source))
                    dtype = result_format(view, call.subject, field, case)
                    made[field] = _rounded(value, dtype) if is_real(value.dtype) and dtype.is_real else value
                else:
                    kind = view.program.scope.subjects[call.subject].returns[field]
                    made[field] = _typed(kind, case, rng, words)
        return made

    def _in_turn(
        self, call: Execution, sequence: Threaded, case: ComparisonCase, whole: Bindings
    ) -> dict[str, np.ndarray]:
        """The results of calls in turn by the equations; each is fed with what the one before gives."""
        view, carried, fed = self.view, self.view.arguments[call.subject], dict(sequence.fed)
        made: list[dict[str, np.ndarray]] = []
        for step in range(int(evaluate(sequence.length, whole))):
            within = StepBindings(whole, {sequence.index: step})
            given = {carried[key]: evaluate(node, within) for key, node in call.arguments.items()}
            given |= {carried[key]: made[-1][field] for key, field in fed.items()} if made else {}
            bindings = whole.replaced(given)
            made.append({})
            for field, source in view.returns[call.subject].items():
                value = np.asarray(bindings.value(source))
                dtype = result_format(view, call.subject, field, case)
                made[-1][field] = _rounded(value, dtype) if is_real(value.dtype) and dtype.is_real else value
        last = set(fed.values())
        return {
            field: made[-1][field] if field in last else np.stack([part[field] for part in made]) for field in made[0]
        }


def _typed(kind: T.Type, case: ComparisonCase, rng: np.random.Generator, words: tuple[Node, ...]) -> Any:
    """A result that no equation stands for."""
    known = [value for value in case.row.values() if isinstance(value, str)]
    known += [part.value for node in words for part in walk(node) if isinstance(part, Text)]
    texts = [*known, "", "something else"]
    lists = [value for value in case.row.values() if isinstance(value, list)]
    match kind:
        case T.Word():
            return texts[int(rng.integers(len(texts)))]
        case T.Words():
            chosen = [[], [texts[int(rng.integers(len(texts)))]], *lists]
            return chosen[int(rng.integers(len(chosen)))]
        case T.Array(kind="bool"):
            return bool(rng.integers(2))
    numbers = [0, *(int(number) for number in literals(words) if number.is_integer()),
               *(int(value) for value in case.given().values() if isinstance(value, int | np.integer))]  # fmt: skip
    return int(rng.choice(numbers) + rng.choice(steps(words))) * int(rng.choice(factors(words)))


def factors(words: tuple[Node, ...]) -> list[int]:
    """By what integers are multiplied: mostly not at all, by -1, and by what claims mention."""
    mentioned = [int(number) for number in literals(words) if number.is_integer() and number < FAR]
    return [1] * (2 + len(mentioned)) + [-1, *mentioned]


def steps(words: tuple[Node, ...]) -> list[int]:
    """By how much integers are off: not at all, by one, and by what claims mention, which `//` and `%` may not see."""
    mentioned = [int(number) for number in literals(words) if number.is_integer() and number < FAR]
    return [0, *(sign * step for number in [0, *mentioned] for step in (number, number + 1) for sign in (1, -1))]


def departed(value: Any, mode: int, rng: np.random.Generator, words: tuple[Node, ...], below: int | None = None) -> Any:
    """A result that is not quite, or not at all, what the equation says; `below`: indices stay different indices."""
    if not isinstance(value, np.ndarray):
        return value
    dtype = of_array(value.dtype)
    if dtype is None or not dtype.is_real:
        if mode <= 3 or dtype is None or not dtype.signed or not value.size:
            return value
        if below is None:
            moved = (value + rng.choice(steps(words), value.shape)) * rng.choice(factors(words), value.shape)
            return moved if mode > 4 else np.where(rng.integers(2, size=value.shape) == 0, moved, value)
        return rng.permutation(below)[: value.size].reshape(value.shape) if below >= value.size else value
    wide: Any = value.astype(np.float64)
    match mode:
        case 1:
            wide = wide * (1 + 1e-3 * rng.standard_normal(value.shape))
        case 2:
            wide = _beside(wide, dtype, rng)
        case 3:
            with np.errstate(invalid="ignore"):
                wide = wide * rng.choice([-1.0, 0.0, 1.0], value.shape)
        case 4:
            numbers = nearest(np.array([0.0, *literals(words)]), dtype.numbers)
            chosen = rng.choice(numbers, value.shape) * rng.choice(np.array([1.0, -1.0]), value.shape)
            nudged = _beside(chosen, dtype, rng)
            near = np.where(rng.integers(2, size=value.shape) == 0, chosen, nudged)
            wide = np.where(rng.integers(2, size=value.shape) == 0, near, wide)
        case 5:
            odd = rng.choice([np.nan, np.inf, -np.inf], value.shape)
            others = rng.standard_cauchy(value.shape) if rng.integers(2) else wide
            wide = np.where(rng.integers(8, size=value.shape) == 0, odd, others)
        case 6:
            wide = rng.permutation(wide.reshape(-1)).reshape(value.shape)
        case 7:
            wide = np.full(value.shape, wide.flat[0] if value.size else 0.0)
    return _rounded(np.asarray(wide), dtype)


def _rounded(value: np.ndarray, dtype: Dtype) -> np.ndarray:
    with np.errstate(over="ignore"):
        return value.astype(np.float32) if dtype is FLOAT32 else stored(value, dtype)


def _beside(numbers: np.ndarray, dtype: Dtype, rng: np.random.Generator) -> np.ndarray:
    """The next number of the format, on one side or the other."""
    below, above = neighbours(numbers, dtype.numbers)
    downwards = rng.choice(np.array([True, False]), numbers.shape)
    return np.asarray(np.where(downwards, below, above))
