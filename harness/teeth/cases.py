"""The cases on which a falsifier shows its teeth: those that a run would try, in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.program.case import Case, Weights
from harness.program.model import FalsifierProgram, Program
from harness.search.engine import Search
from harness.search.recipe import Recipe
from harness.subjects.reference import Reference


class Gathering(Search):
    """A search that tries nothing and keeps what it would have tried."""

    def __init__(self, program: Program, falsifier: FalsifierProgram, cases: int) -> None:
        super().__init__(program, falsifier, Reference(), cases)
        self.found: list[tuple[Recipe, Mapping[str, Any]]] = []
        self.exhausted = False

    def _attempt(self, recipe: Recipe, table: Mapping[str, Any], layer: Weights | None) -> float:
        del layer
        self.tally.cases += 1
        self.found.append((recipe, table))
        return 0.0


def cases_of(program: Program, falsifier: FalsifierProgram, count: int) -> Iterator[Case]:
    """At most so many cases, or one of every row of its tables where those are more."""
    yield from built(gathered(program, falsifier, count))


def gathered(program: Program, falsifier: FalsifierProgram, count: int) -> Gathering:
    """The same, not built yet; `exhausted` tells whether these are all the cases there are."""
    gathering = Gathering(program, falsifier, count)
    gathering.exhausted = gathering.run().exhausted
    return gathering


def built(gathering: Gathering) -> Iterator[Case]:
    """One case after the other."""
    for recipe, table in gathering.found:
        yield gathering.book.build(recipe, {}, table)
