"""The search: cases through a subject until one falsifies the claim or the budget is spent."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis.errors import Flaky, HypothesisException, Unsatisfiable

from harness.contract.program import FalsifierProgram, Program
from harness.language.arithmetic import Arithmetic, float32
from harness.language.claims.judge import Judgement
from harness.search.case import Case
from harness.search.compile import property_test, stream
from harness.search.outcome import (
    ERROR, FALSIFIED, OPEN_SHARE, SURVIVED, UNDECIDED, VACUOUS, Outcome, Tally,
)  # fmt: skip
from harness.search.recipe import Recipe, RecipeBook
from harness.search.shrink import shrink
from harness.search.store import counterexample
from harness.search.subject import Subject
from harness.search.trial import Trial

PROFILES = {"smoke": 25, "ci": 200, "deep": 10_000}


class Failed(Exception):
    """The claim fails on this case."""


class Broken(Exception):
    """The harness could not evaluate the claim; the cause is chained."""


@dataclass(frozen=True)
class Weights:
    """What a model file provides for one layer."""

    layer: int
    inputs: Mapping[str, Any]


class Search:
    """One falsifier against one subject."""

    def __init__(
        self, program: Program, falsifier: FalsifierProgram, subject: Subject, cases: int,
        fixed: Mapping[str, int] | None = None, layers: tuple[Weights, ...] = (),
    ) -> None:  # fmt: skip
        self.program, self.falsifier, self.subject, self.cases = program, falsifier, subject, cases
        bound = frozenset(layers[0].inputs) if layers else frozenset()
        self.layers = layers
        self.book = RecipeBook(program, falsifier, fixed or {}, bound)
        self.arithmetic = arithmetic_of(program, falsifier.accurate)
        self.tally = Tally()
        self.failing: tuple[Case, Judgement] | None = None
        self.found_after = 0

    def run(self) -> Outcome:
        """The verdict, with its evidence."""
        started = time.perf_counter()
        verdict, reason, exhausted = self._search()
        evidence = None
        if verdict == FALSIFIED and self.failing is not None:
            case, judgement = shrink(*self.failing, self.judge)
            assert judgement.evidence is not None
            evidence = counterexample(self.program, self.falsifier, case, judgement.evidence)
            reason = judgement.evidence.reason
        return Outcome(
            self.program.id, self.falsifier.source.id, verdict, reason, self.tally, self.cases, exhausted, evidence,
            time.perf_counter() - started,
        )  # fmt: skip

    def judge(self, case: Case) -> Judgement:
        """One trial."""
        self.tally.executions += 1
        return Trial(self.program, self.falsifier, case, self.subject, self.arithmetic).judge()

    # --- the search itself ---------------------------------------------------------------------------------------

    def _search(self) -> tuple[str, str, bool]:
        rows = list(self._tasks())
        share = max(1, -(-self.cases // len(rows)))
        complete = True
        for table, layer in rows:
            test = self.property_test(table, layer, share)
            before = self.tally.cases
            try:
                test()
            except Failed:
                return FALSIFIED, "", False
            except Flaky:
                if self.failing is not None:
                    return FALSIFIED, "not reproducible: the same case fails and passes", False
                raise
            except Unsatisfiable:
                pass
            except Broken as broken:
                cause = broken.__cause__
                return ERROR, f"{type(cause).__name__}: {cause}", False
            except HypothesisException as error:
                return ERROR, f"{type(error).__name__}: {error}", False
            complete = complete and self.tally.cases - before < share
        return self._verdict(complete)

    def property_test(self, table: Mapping[str, Any], layer: Weights | None, examples: int) -> Any:
        """The Hypothesis test of one row of `for_each` and one layer of a model."""
        metadata = self.program.contract.metadata
        identity = (metadata.id, metadata.version, self.falsifier.source.id, repr(sorted(table.items())),
                    "" if layer is None else str(layer.layer))  # fmt: skip

        def attempt(recipe: Recipe) -> float:
            return self._attempt(recipe, table, layer)

        def discard() -> None:
            if self.failing is None:
                self.tally.discarded += 1

        return property_test(self.book.strategy(), attempt, discard, examples, stream(*identity))

    def _tasks(self) -> Iterator[tuple[dict[str, Any], Weights | None]]:
        table = self.falsifier.source.for_each
        rows = [dict(zip(table, row, strict=True)) for row in itertools.product(*table.values())]
        for row in rows:
            for layer in self.layers or (None,):
                yield row, layer

    def _attempt(self, recipe: Recipe, table: Mapping[str, Any], layer: Weights | None) -> float:
        bound = {} if layer is None else layer.inputs
        where = table if layer is None else {**table, "layer": layer.layer}
        try:
            case = self.book.build(recipe, bound, where)
            judgement = self.judge(case)
        except Exception as error:
            raise Broken from error
        if self.failing is None:
            self._count(case, judgement)
        if judgement.holds is False:
            self.failing = (case, judgement)
            raise Failed
        return judgement.ratio if judgement.holds else 0.0

    def _count(self, case: Case, judgement: Judgement) -> None:
        tally = self.tally
        tally.count(case)
        if judgement.holds is None:
            tally.undecided += 1
            tally.doubts[judgement.doubt] += 1
            for pair in case.kinds.items():
                tally.open_kinds[pair] += 1
        tally.judged += judgement.judged
        tally.entries += judgement.entries
        if judgement.holds and judgement.ratio > tally.margin:
            tally.margin, tally.margin_case = judgement.ratio, case.recipe

    def _verdict(self, exhausted: bool) -> tuple[str, str, bool]:
        tally = self.tally
        if not tally.cases:
            return VACUOUS, f"no case: all {tally.discarded} draws were discarded", False
        if tally.undecided == tally.cases:
            return UNDECIDED, f"no case was decided: {tally.doubts.most_common(1)[0][0]}", exhausted
        allowed = self.falsifier.source.undecided
        too_open = tally.too_open(allowed.max if allowed is not None else OPEN_SHARE)
        if too_open:
            return UNDECIDED, f"{too_open}; {tally.doubts.most_common(1)[0][0]}", exhausted
        if exhausted and tally.discarded > 5 * tally.cases:
            # Hypothesis gave up looking for cases that `where` admits; the space is not known to be exhausted.
            if tally.cases < min(self.cases, 20):
                return VACUOUS, f"only {tally.cases} cases: {tally.discarded} draws were discarded", False
            exhausted = False
        return SURVIVED, "", exhausted


def arithmetic_of(program: Program, condition: bool = False) -> Arithmetic:
    """The arithmetic a contract allows its implementations."""
    from dataclasses import replace

    declared = program.contract.arithmetic
    if declared is None:
        return replace(float32(), condition=condition)
    made = float32(declared.exp_ulps or 2, bool(declared.flush_to_zero))
    return replace(made, condition=condition)
