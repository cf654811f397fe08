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
from harness.subjects.planting import NO_EDIT
from harness.subjects.subject import Subject
from harness.teeth.cases import cases_of
from harness.teeth.fault import PlantedFault
from harness.teeth.fault_bench import FaultBench, FaultySubject
from harness.teeth.trial import CHECKS, CLAIM, SharedBindings, noticed_by


@dataclass
class KillRow:
    """What one falsifier killed.

    `kills`, `checks`: faults with the number of cases it took; noticed by the claim, or by the checks that every call
    goes through. `changed`: faults that changed an outcome that the claim asks for. `refuted`: cases on which the
    correct subject fails too, so that they kill nothing.
    """

    cases: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    refuted: int = 0

    def add(self, later: KillRow) -> None:
        """Add what later cases of the same falsifier killed; the first kill of a fault counts."""
        self.cases = max(self.cases, later.cases)
        self.kills = {**later.kills, **self.kills}
        self.checks = {**later.checks, **self.checks}
        self.changed |= later.changed
        self.refuted += later.refuted


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
        self.real, self.patience = real, patience
        self.survived: Counter[str] = Counter()  # cases, by fault
        asked = {part.name for part in walk(falsifier.claim) if isinstance(part, Call)} & set(program.scope.subjects)
        offered = all(self.bench.offers(name) for name in asked)
        self.edits = [fault for fault in faults if fault.wrap is None and offered]
        self.saboteurs = {fault.id: (fault, fault.wrap(real)) for fault in faults if fault.wrap and real is not None}
        self.row = KillRow()

    def run(self, first: int, last: int) -> KillRow:
        """The row after the cases number `first` (from 0) to `last`; where tables have more rows, after every row."""
        for number, case in enumerate(cases_of(self.program, self.falsifier, last)):
            if number < first:
                continue
            if not self.edits and not self.saboteurs:
                break
            self.row.cases = number + 1
            bindings = SharedBindings(self.program, case, self.arithmetic)
            self._try_edits(case, bindings, number + 1)
            self._try_saboteurs(case, bindings, number + 1)
        return self.row

    def _try_edits(self, case: Case, bindings: SharedBindings, number: int) -> None:
        """Declared faults and mutants; those that are killed or given up are tried no more."""
        if not self.edits:
            return
        self.bench.clear()
        if not self._correct_passes(case, FaultySubject(self.bench, NO_EDIT), bindings):
            return
        left = []
        for fault in self.edits:
            if self.bench.changed(fault.edit):
                self.row.changed.add(fault.id)
                subject = FaultySubject(self.bench, fault.edit, fault.id)
                if self._killed(fault, case, subject, bindings, number) or self._given_up(fault):
                    continue
            left.append(fault)
        self.edits = left

    def _try_saboteurs(self, case: Case, bindings: SharedBindings, number: int) -> None:
        if not self.saboteurs or self.real is None or not self._correct_passes(case, self.real, bindings):
            return
        for fault, subject in list(self.saboteurs.values()):
            self.row.changed.add(fault.id)
            if self._killed(fault, case, subject, bindings, number) or self._given_up(fault):
                del self.saboteurs[fault.id]

    def _given_up(self, fault: PlantedFault) -> bool:
        """Count one more case that the fault survived; whether patience with it is at an end."""
        self.survived[fault.id] += 1
        return self.patience is not None and self.survived[fault.id] >= self.patience

    def _correct_passes(self, case: Case, subject: Subject, bindings: SharedBindings) -> bool:
        """Whether the correct subject passes: a case on which it fails or is not judged kills nothing."""
        found = noticed_by(self.program, self.falsifier, case, subject, self.arithmetic, bindings)
        self.row.refuted += bool(found)
        return found == ""

    def _killed(self, fault: PlantedFault, case: Case, subject: Subject, bindings: SharedBindings, number: int) -> bool:
        found = noticed_by(self.program, self.falsifier, case, subject, self.arithmetic, bindings)
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
