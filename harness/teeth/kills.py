"""One row of the kill matrix: a falsifier against all faults, case by case, each fault until it is killed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.language.claims import REFUSALS
from harness.language.syntax import Call, names, walk
from harness.program.arithmetic import arithmetic_of
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.run.workers import sign, write_down
from harness.subjects.planting import NO_EDIT
from harness.subjects.reference import Reference
from harness.subjects.subject import Subject
from harness.teeth.cases import cases_of
from harness.teeth.constant import ConstantKernels
from harness.teeth.effect import ObservedSaboteur
from harness.teeth.fault import PlantedFault
from harness.teeth.fault_bench import FaultBench, FaultySubject
from harness.teeth.shown import Shown, add_shown
from harness.teeth.trial import CHECKS, CLAIM, NotEvaluated, SharedBindings, noticed_by

CORRECT = "the correct implementation"  # in the place of a fault


@dataclass
class KillRow:
    """What one falsifier killed.

    `kills`, `checks`: faults with the number of cases it took; noticed by the claim, or by the checks that every call
    goes through. `changed`: faults that changed an outcome that the claim asks for. `refuted`: cases on which the
    correct subject fails too, so that they kill nothing. `tried`: saboteurs that
    were called. `errors`: why the claim could not be evaluated, by fault, or by CORRECT for the correct subject.
    `shown`: by function, whether the cases tell it from a kernel that returns the same for every input.
    """

    cases: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    refuted: int = 0
    tried: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)

    def add(self, later: KillRow) -> None:
        """Add what later cases of the same falsifier killed; the first kill of a fault counts."""
        self.cases = max(self.cases, later.cases)
        self.kills = {**later.kills, **self.kills}
        self.checks = {**later.checks, **self.checks}
        self.changed |= later.changed
        self.refuted += later.refuted
        self.tried |= later.tried
        self.errors = {**later.errors, **self.errors}
        add_shown(self.shown, later.shown)


class FaultTrials:
    """The trials of one falsifier. `real`: the working implementation that saboteurs wrap, if there is one.

    `patience`: a fault that survived so many cases in which it changed something is not tried any more.
    """

    def __init__(
        self, program: Program, falsifier: FalsifierProgram, faults: Sequence[PlantedFault], real: Subject | None,
        patience: int | None = None,
    ) -> None:  # fmt: skip
        self.program, self.falsifier = program, falsifier
        self.arithmetic = arithmetic_of(program, falsifier.accurate)
        self.bench = FaultBench(program, real, only_faulty_function(program, falsifier))
        # The reference is the bench without a fault: what it has computed for one saboteur serves all others.
        self.real = FaultySubject(self.bench, NO_EDIT) if isinstance(real, Reference) else real
        self.patience = patience
        self.survived: Counter[str] = Counter()  # cases, by fault
        asked = {part.name for part in walk(falsifier.claim) if isinstance(part, Call)} & set(program.scope.subjects)
        offered = all(self.bench.offers(name) for name in asked)
        self.edits = [fault for fault in faults if fault.wrap is None and offered]
        self.saboteurs: dict[str, tuple[PlantedFault, ObservedSaboteur]] = {}
        if self.real is not None:
            self.saboteurs = {
                fault.id: (fault, ObservedSaboteur(fault.wrap, self.real)) for fault in faults if fault.wrap
            }
        correct = self.real or (FaultySubject(self.bench, NO_EDIT) if offered else None)
        self.constants = ConstantKernels(program, falsifier, correct)
        self.row = KillRow(shown=self.constants.shown)

    def run(self, first: int, last: int) -> KillRow:
        """The row after the cases number `first` (from 0) to `last`; where tables have more rows, after every row."""
        constants = self.constants.open and not first  # the first cases are enough for them
        for number, case in enumerate(cases_of(self.program, self.falsifier, last)):
            if number < first:
                continue
            if not (self.edits or self.saboteurs or (constants and self.constants.open)) or CORRECT in self.row.errors:
                break
            self._tell(number)
            self.row.cases = number + 1
            self.bench.clear()
            bindings = SharedBindings(self.program, case, self.arithmetic)
            self._try_edits(case, bindings, number + 1)
            self._try_saboteurs(case, bindings, number + 1)
            if constants:
                self._try_constants(case, bindings)
        return self.row

    def _tell(self, number: int) -> None:
        """A sign of life for the leading process, and what is tried in case the process ends of it."""
        what = f"{self.falsifier.source.id}, case {number + 1}"
        write_down(what)
        sign(lambda: what)

    def _try_edits(self, case: Case, bindings: SharedBindings, number: int) -> None:
        """Declared faults and mutants; those that are killed or given up are tried no more."""
        if not self.edits:
            return
        if not self._correct_passes(case, FaultySubject(self.bench, NO_EDIT), bindings):
            return
        left = []
        for fault in self.edits:
            if self.bench.changed(fault.edit):
                self.row.changed.add(fault.id)
                subject = FaultySubject(self.bench, fault.edit, fault.id)
                if self._done_with(fault, case, subject, bindings, number) or self._given_up(fault):
                    continue
            left.append(fault)
        self.edits = left

    def _try_saboteurs(self, case: Case, bindings: SharedBindings, number: int) -> None:
        if not self.saboteurs or self.real is None or not self._correct_passes(case, self.real, bindings):
            return
        for fault, subject in list(self.saboteurs.values()):
            self.row.tried.add(fault.id)
            subject.changed = fault.checked  # of a changed argument or a shared buffer, results say nothing
            done = self._done_with(fault, case, subject, bindings, number)
            if subject.changed:
                self.row.changed.add(fault.id)
            if done or (subject.changed and self._given_up(fault)):
                del self.saboteurs[fault.id]

    def _try_constants(self, case: Case, bindings: SharedBindings) -> None:
        correct = self.constants.correct
        if not self.constants.open or correct is None or not self._correct_passes(case, correct, bindings):
            return

        def notices(subject: Subject) -> bool:
            try:
                return bool(noticed_by(self.program, self.falsifier, case, subject, self.arithmetic, bindings))
            except NotEvaluated:  # a run ends in an error, and not in "survived"
                return True

        self.constants.attempt(notices)

    def _given_up(self, fault: PlantedFault) -> bool:
        """Count one more case that the fault survived; whether patience with it is at an end."""
        self.survived[fault.id] += 1
        return self.patience is not None and self.survived[fault.id] >= self.patience

    def _correct_passes(self, case: Case, subject: Subject, bindings: SharedBindings) -> bool:
        """Whether the correct subject passes: a case on which it fails or is not judged kills nothing."""
        try:
            found = noticed_by(self.program, self.falsifier, case, subject, self.arithmetic, bindings)
        except NotEvaluated as error:
            self.row.errors[CORRECT] = str(error)
            return False
        self.row.refuted += bool(found)
        return found == ""

    def _done_with(
        self, fault: PlantedFault, case: Case, subject: Subject, bindings: SharedBindings, number: int
    ) -> bool:
        """Whether the fault need not be tried any more: it is killed, or the claim cannot be evaluated with it."""
        try:
            found = noticed_by(self.program, self.falsifier, case, subject, self.arithmetic, bindings)
        except NotEvaluated as error:
            self.row.errors[fault.id] = str(error)
            return True
        if found == CLAIM:
            self.row.kills[fault.id] = number
        elif found == CHECKS:
            self.row.checks.setdefault(fault.id, number)
        return found == CLAIM or (found == CHECKS and fault.checked)


def only_faulty_function(program: Program, falsifier: FalsifierProgram) -> str:
    """The one function that gets the faults where a claim compares functions with each other; else "" (all get them).

    A claim that reads no equation cannot notice a fault that all its functions share. It is there to notice that one
    copy of the code was changed and the others were not: the faults go into the function that it names most often, the
    first of these.
    """
    asked = [part.name for part in walk(falsifier.claim) if isinstance(part, Call)]
    functions = Counter(name for name in asked if name in program.scope.subjects)
    refused = not set(asked).isdisjoint(REFUSALS)
    shared = refused or len(functions) < 2 or not names(falsifier.claim).isdisjoint(program.equations)
    return "" if shared else functions.most_common(1)[0][0]
