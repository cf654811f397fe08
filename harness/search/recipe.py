"""What Hypothesis draws: a few small numbers from which NumPy builds a whole case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from hypothesis import strategies as st

from harness.language.dtypes import DTYPES, FLOAT32
from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.language.syntax import names
from harness.language.value_kinds import VALUE_KINDS
from harness.program.case import Case
from harness.program.footprint import Footprint, numbers_of
from harness.program.integers import integer
from harness.program.model import FalsifierProgram, InputProgram, Program
from harness.search.arrays import Draw, packed_array, plain_array
from harness.search.drawing import between, one_of
from harness.search.padding import filled, fillings

EXPONENTS = (0, 1, -1, 2, -2, 3, -3)
SEEDS = 64 * 64
ONE_CASE_IN = 25  # has one of the sizes: 200 cases miss it once in 3,500 searches (0.96 ** 200)
OTHER_MEMORY = 8
SPARSE = (1, 4, 16, 0)  # non-zero entries of a vector; 0 stands for all of them

Row = Mapping[str, Any]  # a row of the falsifier's tables


class Empty(Exception):
    """No value is left for a dimension: this recipe is discarded."""


@dataclass(frozen=True)
class Recipe:
    """One drawn case, not built yet."""

    dimensions: Mapping[str, int]
    draws: Mapping[str, Draw]
    memory: str = ""

    def __str__(self) -> str:
        numbers = [f"{name}={value}" for name, value in self.dimensions.items()]
        arrays = []
        for name, draw in self.draws.items():
            extras = [f"x 2**{draw.exponent}"] if draw.exponent else []
            extras += [f"{draw.nonzero} non-zero"] if draw.nonzero else []
            extras += [f"padding {draw.padding}"] if draw.padding else []
            kind = draw.kind if draw.dtype == FLOAT32.name else f"{draw.dtype} {draw.kind}"
            arrays.append(f"{name}: {', '.join([kind, *extras])}")
        memory = [f"memory: {self.memory}"] if self.memory else []
        return "; ".join([*numbers, *arrays, *memory])


class RecipeBook:
    """Everything that may be drawn for one falsifier.

    `bound`: inputs that a model file provides; `fixed`: dimensions that it fixes.
    """

    def __init__(
        self, program: Program, falsifier: FalsifierProgram, fixed: Mapping[str, int], bound: frozenset[str]
    ) -> None:
        self.program, self.falsifier = program, falsifier
        self.fixed, self.bound = dict(fixed), bound
        self.given = falsifier.source.given
        needed = program.read_by(falsifier)
        self.inputs = [part for name, part in program.inputs.items() if name in needed and name not in bound]
        called = [part for name, part in program.contract.subjects.items() if name in names(falsifier.claim)]
        self._kinds = {part.name: self.kinds(part) for part in self.inputs}  # asked for with every draw
        self.memories = tuple(dict.fromkeys(memory for part in called for memory in part.memory))
        where = falsifier.where
        self.where_reads_rows = where is not None and not names(where) & set(program.dimensions)
        self.sizes = [row for row in program.sizes if self._applies(row)]
        self.footprint = Footprint(program, falsifier, bound)
        self.draws_nothing = not self.inputs and not needed & set(program.dimensions) and not self.fixed

    def _applies(self, row: Mapping[str, int]) -> bool:
        """Whether cases of this size are the falsifier's: a model fixes none of it, and `given` admits it."""
        for name, number in row.items():
            if name in self.fixed:
                return False
            if name not in self.given:
                continue
            allowed = self.given[name].domain
            settled = allowed.reads <= set(row)  # an end that this size does not settle is asked of each case
            if settled and not allowed.admits(number, partial(integer, numbers=row)):
                return False
        return True

    def admits(self, numbers: Mapping[str, int], table: Row) -> bool:
        """Whether `where` takes a case with these dimensions in this row of the tables."""
        if self.falsifier.where is None:
            return True
        return bool(evaluate(self.falsifier.where, Bindings(Single(), {}, {}, {**numbers, **table})))

    def smallest(self, memory: str = "") -> Recipe:
        """The one case where nothing is drawn. Dimensions, which nobody reads then, have their first value."""
        numbers: dict[str, int] = {}
        for name, part in self.program.dimensions.items():
            numbers[name] = part.least(partial(integer, numbers=numbers))
        return Recipe(numbers, {}, memory)

    def strategy(self, table: Row) -> st.SearchStrategy[Recipe | None]:
        """Recipes; None where the dimensions leave no case or `where` excludes it."""

        @st.composite
        def recipes(draw: Callable[..., Any]) -> Recipe | None:
            draw(st.just(None))  # where everything is fixed nothing else is drawn, and Hypothesis warns of that
            try:
                numbers = self._dimensions(draw)
            except Empty:
                return None
            if not self.admits(numbers, table):
                return None
            draws = {part.name: self._input(draw, part) for part in self.inputs}
            return Recipe(numbers, draws, self._memory(draw))

        return recipes()

    def _dimensions(self, draw: Callable[..., Any]) -> dict[str, int]:
        numbers: dict[str, int] = {}
        size = self._size(draw)
        for name, part in self.program.dimensions.items():
            if name in self.fixed:
                numbers[name] = self.fixed[name]
                continue
            number_of = partial(integer, numbers=numbers)
            options, number = part.integers(number_of), size.get(name)
            if name in self.given:
                given = self.given[name].domain
                options = given.within(options, number_of)
                if number is not None and not given.admits(number, number_of):
                    raise Empty
            if not options:
                raise Empty
            drawn = one_of(draw, name, options)  # of a size, too: without it a case shrinks to what was drawn here
            numbers[name] = drawn if number is None else number
        return numbers

    def _size(self, draw: Callable[..., Any]) -> Mapping[str, int]:
        """One of the contract's sizes, each in one case of ONE_CASE_IN; none in the others."""
        if not self.sizes:
            return {}
        options: list[Mapping[str, int]] = [{}] * (ONE_CASE_IN - len(self.sizes))
        return one_of(draw, "size", [*options, *self.sizes])

    def _memory(self, draw: Callable[..., Any]) -> str:
        """The usual memory, and in one case of OTHER_MEMORY one of those that are promised."""
        if not self.memories:
            return ""
        return one_of(draw, "memory", ("",) * (OTHER_MEMORY - 1) * len(self.memories) + self.memories)

    def kinds(self, part: InputProgram) -> tuple[str, ...]:
        """The kinds an input is drawn from here, simplest first."""
        given = self.given.get(part.name)
        chosen, excluded = (given.kinds, given.excluded) if given is not None else ((), ())
        return part.drawn_kinds(chosen, excluded)

    def _input(self, draw: Callable[..., Any], part: InputProgram) -> Draw:
        given = self.given.get(part.name)
        name = part.name
        kind = one_of(draw, f"{name} kind", self._kinds[name])
        dtypes = (given.dtypes if given is not None else ()) or part.dtypes
        dtype = one_of(draw, f"{name} dtype", dtypes) if len(dtypes) > 1 else dtypes[0]
        padding = one_of(draw, f"{name} padding", fillings(part)) if part.valid is not None else ""
        if VALUE_KINDS[kind].single:
            return Draw(kind, dtype=dtype, padding=padding)
        real = not part.formats and DTYPES[part.dtype].is_real
        sparse = real and len(part.shape) == 1 and VALUE_KINDS[kind].thinned
        scaled = (real and VALUE_KINDS[kind].scaled) or part.formats
        exponent = one_of(draw, f"{name} exponent", EXPONENTS) if scaled else 0
        seed = between(draw, f"{name} seed", 0, SEEDS - 1)
        return Draw(kind, exponent, seed, one_of(draw, f"{name} nonzero", SPARSE) if sparse else 0, dtype, padding)

    def check(self, recipe: Recipe, table: Row) -> None:
        """CaseTooLarge where this falsifier's case of a recipe would take too much."""
        self.footprint.check({**recipe.dimensions, **numbers_of(table)})

    def build(self, recipe: Recipe, bound: Mapping[str, Any], table: Row) -> Case:
        """The arrays of a recipe; CaseTooLarge, before any is made, where they would take too much."""
        self.check(recipe, table)
        inputs: dict[str, Any] = {}
        kinds: dict[str, str] = {}
        for part in self.inputs:
            shape = tuple(integer(size, recipe.dimensions) for size in part.shape)
            draw = recipe.draws[part.name]
            if part.formats:
                inputs[part.name] = packed_array(part.name, draw, shape, self.program.formats[draw.dtype])
            else:
                inputs[part.name] = plain_array(part.name, draw, shape, part.ends(recipe.dimensions))
            kinds[part.name] = part.told_kind(draw.dtype, draw.kind)
        case = Case(recipe.dimensions, {**inputs, **bound}, table, kinds, str(recipe), recipe.memory)
        return filled(self.program, case, recipe.draws)
