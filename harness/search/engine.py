"""The search: cases through a subject until one falsifies the claim or the budget is spent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from time import perf_counter
from typing import Any

from hypothesis.errors import Flaky, HypothesisException, Unsatisfiable

from harness.judge.claims import HOLDS, UNBOUNDED, Evidence, Judgement
from harness.judge.wide import WIDE
from harness.language.claims import REFUSALS
from harness.language.packed import Packed
from harness.language.syntax import Call, Logic, names
from harness.printable import message_of, printable
from harness.program.arithmetic import arithmetic_of
from harness.program.case import Case, Weights
from harness.program.footprint import CaseTooLarge, numbers_of
from harness.program.integers import extent
from harness.program.model import FalsifierProgram, Program
from harness.program.rows_read import samples
from harness.search.compared import ASKED_EVERY
from harness.search.compile import property_test
from harness.search.counterexample import counterexample, reason_of
from harness.search.cover import situations
from harness.search.domain import Remembered, domain_of
from harness.search.first_wide import first_wide
from harness.search.may_be_drawn import low_ends, may_be_drawn
from harness.search.outcome import (
    ERROR,
    FALSIFIED,
    OPEN_LEAST,
    OPEN_SHARE,
    SURVIVED,
    UNDECIDED,
    VACUOUS,
    Outcome,
    Tally,
)
from harness.search.padding import no_padding_counts
from harness.search.read_buffers import calls_that_read_buffers
from harness.search.read_padding import check_equations, padding_that_is_read
from harness.search.recipe import Recipe, RecipeBook
from harness.search.refused_calls import refused_calls
from harness.search.seed import stream
from harness.search.shared import SharedCase, SharedCases
from harness.search.shrink import shrink
from harness.search.simplest_promised import simplest
from harness.search.trial import ContractMistake, Trial, own_equations_hold
from harness.subjects.calls import OutOfMemory
from harness.subjects.poison import poison_of
from harness.subjects.subject import Subject

# Hypothesis stops early where it has tried everything, or after some 450 discarded draws (975 in older versions).
# With fewer discards than this, everything has been tried.
GIVES_UP = 400
FEW = 20  # with fewer cases than this, after giving up, a falsifier is vacuous
CLIMBING = 5  # one case in five is drawn by hill climbing towards the bound
DISTURBED = 8  # in one case in eight, other calls follow, to notice results that they overwrite
SHRINKS = 250  # recipes tried after the first failure
SHRINK_SECONDS = 6.0  # of the subject's own code after the first failure; half of them for recipes
STREAMS = Remembered()
CASES = SharedCases()
NO_ROOM = (MemoryError, CaseTooLarge, OutOfMemory)
FLUSHES = "the subject's process takes subnormal numbers for zero"
NOT_REPRODUCIBLE = "not reproducible, the same case fails and passes"


class Failed(Exception):
    """The claim fails on this case."""


class Broken(Exception):
    """The harness could not evaluate the claim; the cause is chained."""


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
        # What a model sets is the same in every case: the search cannot cover more of it.
        self.cover = tuple(part for part in falsifier.cover if not names(part.when) & ({*(fixed or {})} | bound))
        self.arithmetic = arithmetic_of(program, falsifier.accurate)
        self.domain = domain_of(program, falsifier)
        self.drawn: list[Recipe | None] = []  # by the property test that runs, or ran last
        self.refused = refused_calls(program, subject)
        claim = falsifier.claim
        parts = claim.parts if isinstance(claim, Logic) and claim.op == "and" else (claim,)
        self.only_refusals = all(isinstance(part, Call) and part.name in REFUSALS for part in parts)
        self.samples = tuple(part for part in samples(program, falsifier) if part.drawn)
        self.tally = Tally()
        self.results: dict[tuple[str, tuple[int, ...]], Any] = {}  # of earlier cases, by stage and shape: decoys
        self.wide: dict[str, Case] = {}  # by stage, the first case in which its bound was too wide
        self.failing: tuple[Case, Judgement] | None = None
        self.broken: Exception | None = None  # why the last case that could not be judged was not
        self.failed: set[str] = set()
        self.shrinks, self.shrink_seconds = 0, 0.0
        self.known = 0  # recipes that were tried before they are drawn again: the last failed, the others did not
        self.repeats = False  # whether other falsifiers of this domain draw the cases of now, too
        self.before_trial: Callable[[Case, Tally], None] = _no_watcher

    def run(self) -> Outcome:
        """Search, and return the verdict with its counts and, if falsified, the smallest counterexample found."""
        started = perf_counter()
        CASES.open(self.program, self.subject, (self.domain, tuple(sorted(self.book.fixed.items()))))
        verdict, reason, exhausted = self._search()
        example = None
        if verdict == FALSIFIED:
            reason, example = self._counterexample(reason)
        return Outcome(
            self.program.id, self.falsifier.source.id, verdict, reason, self.tally, self.cases, exhausted, example,
            max(0.0, perf_counter() - started), cover=self.cover,
        )  # fmt: skip

    def judge(self, case: Case, shared: SharedCase | None = None) -> Judgement:
        """Judge one case. Other calls follow the claim in one case in DISTURBED, and in all after the first failure.

        `shared`: what other falsifiers have evaluated of this case; what is new comes to it.
        """
        disturb = self.tally.cases % DISTURBED == 0 or self.failing is not None
        self.tally.executions += 1
        self.before_trial(case, self.tally)
        trial = Trial(self.program, self.falsifier, case, self.subject, self.arithmetic, disturb, refused=self.refused)
        if shared is not None:
            trial.bindings.known = shared.known_in(self.arithmetic)
            trial.refusals = shared.refusals
            trial.calls.raised = shared.raised if self.only_refusals else None
        try:
            return trial.judge()
        finally:
            if self.failing is not None:
                self.shrink_seconds += trial.calls.seconds

    def _search(self) -> tuple[str, str, bool]:
        """Verdict, reason, and whether every case there is was tried."""
        rows = list(self._rows())
        share = max(1, -(-self.cases // max(1, len(rows))))
        exhausted = True
        for table, layer in rows:
            try:
                exhausted = self._row(table, layer, share) and exhausted
            except Failed:
                return FALSIFIED, "", False
            except Flaky:
                if self.broken is not None and self.failing is None:
                    return ERROR, broken_by(self.broken), False
                return FALSIFIED, NOT_REPRODUCIBLE, False
            except Broken as broken:
                return ERROR, broken_by(broken.__cause__), False
            except HypothesisException as error:
                return ERROR, broken_by(error), False
            for value in layer.inputs.values() if layer is not None else ():
                if isinstance(value, Packed):
                    value.forget()  # decoded, the layers of a model are larger than memory
        return self._verdict(exhausted)

    def _row(self, table: Mapping[str, Any], layer: Weights | None, share: int) -> bool:
        """Search one row of the tables; whether every case there is was tried.

        Most of the budget explores; the rest climbs towards the bound, if any case so far had one.
        """
        if self.book.draws_nothing:
            self._only_case(table, layer)
            return True
        explore, discarded = share - share // CLIMBING, self.tally.discarded
        if self._explore(table, layer, explore) < explore:
            return self.tally.discarded - discarded < GIVES_UP
        rest = share - explore
        if rest and self.tally.margin > 0:
            self.repeats = False
            self._cases(self.property_test(table, layer, rest, climb=True))
        elif rest:
            self._explore(table, layer, rest, climb=False)
        return False

    def _explore(self, table: Mapping[str, Any], layer: Weights | None, count: int, climb: bool | None = None) -> int:
        """Try `count` cases that do not depend on what came of those before; returns how many there were.

        A stream that this process has drawn before is tried without Hypothesis, which draws it again only to shrink.
        """
        key = (*self._identity(table, layer, climb), tuple(sorted(self.book.fixed.items())), self.book.bound, count)
        self.repeats = not self.layers
        draws = STREAMS.get(key)
        if draws is None:
            self.drawn = []
            tried = self._cases(self.property_test(table, layer, count, climb))
            STREAMS.keep(key, self.drawn)
            return tried
        before, tried = self.tally.cases, 0
        try:
            for recipe in draws:
                if recipe is None:
                    self._discard()
                else:
                    tried += 1
                    self.attempt(recipe, table, layer)
        except Failed:
            self.known = tried
            self._cases(self.property_test(table, layer, count, climb))  # draws it again, and shrinks it
            raise Flaky(NOT_REPRODUCIBLE) from None
        return self.tally.cases - before

    def _cases(self, test: Callable[[], None]) -> int:
        """Run a property test; returns how many cases it tried."""
        before = self.tally.cases
        with suppress(Unsatisfiable):
            test()
        return self.tally.cases - before

    def property_test(
        self, table: Mapping[str, Any], layer: Weights | None, examples: int, climb: bool | None = None
    ) -> Callable[[], None]:
        """The Hypothesis test of one row of the falsifier's tables and one layer of a model.

        climb None: the first part, which explores; else the second part, climbing or not.
        """

        def attempt(recipe: Recipe) -> float:
            self.drawn.append(recipe)
            return self.attempt(recipe, table, layer)

        def discard() -> None:
            self.drawn.append(None)
            self._discard()

        seed = stream(*self._identity(table, layer, climb))
        return property_test(self.book.strategy(table), attempt, discard, examples, seed, bool(climb))

    def _identity(self, table: Mapping[str, Any], layer: Weights | None, climb: bool | None) -> tuple[str, ...]:
        """Which stream of cases: what its seed is made of."""
        metadata = self.program.contract.metadata
        return (metadata.id, metadata.version, self.domain, repr(sorted(table.items())),
                "" if layer is None else str(layer.layer), "" if climb is None else "second part")  # fmt: skip

    def _only_case(self, table: Mapping[str, Any], layer: Weights | None) -> None:
        """Try the one case of a row for which nothing is drawn, and in one of the other memories, in turn."""
        others = self.book.memories
        for memory in ("", *([others[self.tally.cases // 2 % len(others)]] if others else [])):
            recipe = self.book.smallest(memory)
            if self.book.admits(recipe.dimensions, table):
                self.attempt(recipe, table, layer)
            else:
                self._discard()

    def _rows(self) -> Iterator[tuple[dict[str, Any], Weights | None]]:
        rows = self.falsifier.rows
        if self.book.where_reads_rows:  # decided once for each row, not for every draw
            rows = tuple(row for row in rows if self.book.admits({}, row))
        for row in rows:
            for layer in self.layers or (None,):
                yield dict(row), layer

    def _discard(self) -> None:
        if self.failing is None:
            self.tally.discarded += 1

    def attempt(self, recipe: Recipe, table: Mapping[str, Any], layer: Weights | None) -> float:
        """Try one recipe that was drawn: build its case, judge and count it; Failed where the claim fails.

        Returns what the search climbs towards: the share of its bound that the case used. A subclass may override
        this, to do something else with the cases of a run.
        """
        if self.known:
            self.known -= 1
            judgement = self.failing[1] if self.failing is not None and not self.known else HOLDS
        else:
            judgement = self._tried(recipe, table, layer)
        if judgement.holds is False:
            raise Failed  # from one line: to Hypothesis, another one is another failure
        return judgement.ratio if judgement.holds else 0.0

    def _tried(self, recipe: Recipe, table: Mapping[str, Any], layer: Weights | None) -> Judgement:
        """The judgement of a recipe's case, counted; nothing is judged where shrinking has taken enough."""
        if self.failing is not None and self._shrunk_enough(recipe):
            return HOLDS
        if isinstance(self.broken, NO_ROOM):  # smaller cases are no better known, and memory may come and go
            raise Broken from self.broken
        bound = {} if layer is None else layer.inputs
        where = table if layer is None else {**table, "layer": layer.layer}
        try:
            shared = self._shared(recipe, bound, where)
            case = shared.case
            judgement = self.judge(case, shared)
            if self.failing is None:
                if judgement.holds is False or self.tally.cases % DISTURBED == 0:
                    check_equations(self.program, self.falsifier, case, self.subject, self.arithmetic)
                if self.repeats:
                    CASES.keep(shared)
                self._count(case, judgement)
        except Exception as error:
            self.broken = error
            raise Broken from error
        if judgement.holds is False:
            self.failing = (case, judgement)
            self.failed.add(repr(recipe))
        return judgement

    def _shared(self, recipe: Recipe, bound: Mapping[str, Any], where: Mapping[str, Any]) -> SharedCase:
        """The case of a recipe, with what another falsifier has evaluated of it."""
        known = CASES.get(recipe, where) if self.repeats else None
        if known is None:
            return SharedCase(recipe, where, self.book.build(recipe, bound, where))
        self.book.check(recipe, where)
        return known

    def _shrunk_enough(self, recipe: Recipe) -> bool:
        """Whether the budget of shrinking is spent: then only recipes known to fail are tried again."""
        self.shrinks += 1
        spent = self.shrinks > SHRINKS or self.shrink_seconds > SHRINK_SECONDS / 2
        return spent and repr(recipe) not in self.failed

    def _count(self, case: Case, judgement: Judgement) -> None:
        tally = self.tally
        tally.count(case)
        if judgement.holds is None:
            tally.undecided += 1
            tally.doubts[judgement.doubt] += 1
            for pair in case.kinds.items():
                tally.open_kinds[pair] += 1
        else:  # an undecided case covers no situation
            tally.situations.update(situations(self.program, self.falsifier, case))
        tally.judged += judgement.judged
        tally.entries += judgement.entries
        tally.measure(case, judgement)
        for part in self.samples:
            numbers = {**case.dimensions, **numbers_of(case.table)}
            tally.sample(part.equation, extent(part.rows, numbers), extent(part.all, numbers))
        for comparison in judgement.comparisons:
            if comparison.width is not None and comparison.width > WIDE:
                self.wide.setdefault(comparison.stage, case)
        if judgement.holds and tally.cases % ASKED_EVERY == 1:
            self._ask_decoys(judgement)

    def _ask_decoys(self, judgement: Judgement) -> None:
        """Whether the bounds of a case that holds would have admitted wrong results, too."""
        for comparison in judgement.comparisons:
            key = comparison.stage, comparison.got.shape
            self.tally.compared.stages[comparison.stage].ask(comparison, self.results.get(key))
            self.results[key] = comparison.got.copy()  # it may be the subject's own buffer

    def _admits(self, case: Case) -> bool:
        """Whether the falsifier still applies to a smaller case: the contract's own equations must not fail on it."""
        if self.failing is not None and not no_padding_counts(self.program, case, self.failing[0]):
            return False
        return own_equations_hold(self.program, self.falsifier, case, self.arithmetic)

    def _verdict(self, exhausted: bool) -> tuple[str, str, bool]:
        """The verdict where no case failed; survived if enough cases were tried and decided."""
        tally = self.tally
        if not tally.cases:
            why = (
                f"all {tally.discarded} draws were discarded"
                if tally.discarded
                else "`where` excludes every row of the tables"
            )
            return VACUOUS, f"no case: {why}", False
        if tally.doubts[UNBOUNDED] == tally.cases:
            return VACUOUS, "nothing was compared: no element of any case has a finite bound", exhausted
        if tally.undecided == tally.cases:
            return UNDECIDED, f"no case was decided: {tally.doubts.most_common(1)[0][0]}", exhausted
        declared = self.falsifier.source.undecided
        allowed = declared.max if declared is not None else OPEN_SHARE
        too_open = tally.too_open(allowed)
        if too_open:
            return UNDECIDED, f"{too_open}; {tally.doubts.most_common(1)[0][0]}", exhausted
        unjudged = tally.compared.too_open(allowed, OPEN_LEAST)
        if unjudged:
            return UNDECIDED, unjudged, exhausted
        if not exhausted and tally.cases < min(self.cases, FEW):
            return VACUOUS, f"only {tally.cases} cases: {tally.discarded} draws were discarded", False
        uncovered = tally.uncovered(self.cover, exhausted)
        if uncovered:
            return VACUOUS, uncovered, exhausted
        too_wide = self._too_wide()
        if too_wide:
            return VACUOUS, too_wide, exhausted
        return SURVIVED, "", exhausted

    def _too_wide(self) -> str:
        """Why the bounds of this claim would have let nearly anything pass, or ""."""
        stage, why = self.tally.compared.too_wide()
        if stage:
            case = self.wide.get(stage)
            first = "" if case is None else first_wide(self.program, self.falsifier, case, self.arithmetic, stage)
            where = f"; it is too wide from `{first}` on" if first and first != stage else ""
            return f"the bound of `{stage}` {why}: nearly any result would pass{where}"
        stage, why = self.tally.compared.blind()
        return f"the bound of `{stage}` {why}" if stage else ""

    def _counterexample(self, reason: str) -> tuple[str, Mapping[str, Any] | None]:
        """Why the claim fails, and the smallest counterexample found; None where the failing case is lost."""
        if self.failing is None:
            return reason, None
        failing, judgement = self.failing
        case, judgement = shrink(
            failing, judgement, self.judge, self._admits, lambda: self.shrink_seconds > SHRINK_SECONDS,
            lambda case: may_be_drawn(self.program, self.falsifier, case),
            low_ends(self.program, self.falsifier, failing), simplest(self.program, self.falsifier, failing),
        )  # fmt: skip
        assert judgement.evidence is not None
        if self.judge(case).holds is not False:
            reason = NOT_REPRODUCIBLE
        evidence = self._with_buffers(case, self._with_padding(case, judgement.evidence))
        told = reason_of(case, evidence)
        why = f"{reason}: {told}" if reason else told
        surroundings = getattr(self.subject, "surroundings", None)  # of a module; equations change nothing
        if surroundings is not None and surroundings.flushes():
            why = f"{why}; {FLUSHES}"
        return why, counterexample(self.program, self.falsifier, case, evidence, self.subject, self.arithmetic)

    def _with_padding(self, case: Case, evidence: Evidence) -> Evidence:
        """Why the claim fails, with the inputs whose padding was read."""
        read = padding_that_is_read(self.program, self.falsifier, case, evidence, self.subject, self.arithmetic)
        if not read:
            return evidence
        return replace(evidence, reason=f"the padding of {' and '.join(read)} was read: {evidence.reason}")

    def _with_buffers(self, case: Case, evidence: Evidence) -> Evidence:
        """Why the claim fails, with the calls whose results depend on what their output buffers held before."""
        if evidence.any_claim or evidence.unwritten:
            return evidence
        calls = calls_that_read_buffers(self.program, self.falsifier, case, self.subject, self.arithmetic)
        if not calls:
            return evidence
        read = f"{' and '.join(calls)} read what its output buffer held before ({poison_of(case)})"
        return replace(evidence, reason=f"{read}: {evidence.reason}")


def _no_watcher(case: Case, tally: Tally) -> None:
    """The default of `before_trial`: does nothing."""


def broken_by(cause: BaseException | None) -> str:
    """Why a claim could not be evaluated, in one line."""
    if cause is None:
        return "unknown"
    message = printable(message_of(cause))
    if isinstance(cause, MemoryError):
        return f"out of memory: {message or type(cause).__name__}"
    if isinstance(cause, ContractMistake | CaseTooLarge | OutOfMemory):
        return message
    return f"{type(cause).__name__}: {message}"
