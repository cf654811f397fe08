"""The cases on which faults are planted: drawn as a run of the falsifier draws them, without the contract's `sizes`.

A size is there for the code of a subject, which may take another path from 64 tokens on. Equations have one path, and
a fault in them shows at any size; cases of 512 experts took most of the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from harness.program.case import Case, Weights
from harness.program.footprint import numbers_of
from harness.program.model import FalsifierProgram, Program
from harness.search.engine import Search
from harness.search.recipe import Recipe
from harness.subjects.reference import Reference


class CaseCollector(Search):
    """A search that calls no subject, and keeps the recipes that it would have tried with the row of the tables."""

    def __init__(self, program: Program, falsifier: FalsifierProgram, cases: int) -> None:
        super().__init__(replace(program, sizes=()), falsifier, Reference(), cases)
        self.recipes: list[tuple[Recipe, Mapping[str, Any]]] = []
        self.exhausted = False  # whether these are all the cases there are

    def attempt(self, recipe: Recipe, table: Mapping[str, Any], layer: Weights | None) -> float:
        del layer
        self.tally.cases += 1
        if not self.book.footprint.never_whole(
            {**recipe.dimensions, **numbers_of(table)}
        ):  # faults are in whole results
            self.recipes.append((recipe, table))
        return 0.0

    def build(self) -> Iterator[Case]:
        """The cases, built one at a time."""
        for recipe, table in self.recipes:
            yield self.book.build(recipe, {}, table)


def collect(program: Program, falsifier: FalsifierProgram, count: int) -> CaseCollector:
    """At most `count` recipes, or one for every row of the falsifier's tables where those are more."""
    collector = CaseCollector(program, falsifier, count)
    collector.exhausted = collector.run().exhausted
    return collector


def cases_of(program: Program, falsifier: FalsifierProgram, count: int) -> Iterator[Case]:
    """At most `count` cases, or one for every row of the falsifier's tables where those are more."""
    yield from collect(program, falsifier, count).build()
