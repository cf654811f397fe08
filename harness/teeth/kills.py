"""One falsifier against many faults: a case at a time, and on each every fault that is still alive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.language.syntax import Call, names, walk
from harness.program.case import Case
from harness.program.model import FalsifierProgram, Program
from harness.search.engine import arithmetic_of
from harness.subjects.planting import NOTHING
from harness.subjects.subject import Subject
from harness.teeth.cases import cases_of
from harness.teeth.fault import Fault
from harness.teeth.fault_bench import PlantedSubject, Stand
from harness.teeth.trial import CHECKS, CLAIM, SharedBindings, noticed


@dataclass
class Bites:
    """What one falsifier did.

    `kills`, `checks`: faults with the number of cases it took; noticed by the claim, or by the checks that every call
    goes through. `changed`: faults that made a difference to what it asks for. `refuted`: cases on which even the
    correct subject fails, which teach nothing.
    """

    cases: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    refuted: int = 0

    def add(self, later: Bites) -> None:
        """What more cases brought."""
        self.cases = max(self.cases, later.cases)
        self.kills = {**later.kills, **self.kills}
        self.checks = {**later.checks, **self.checks}
        self.changed |= later.changed
        self.refuted += later.refuted


class Biting:
    """One falsifier at work. `real`: the working implementation that saboteurs wrap, if there is one.

    `patience`: after so many cases in which a fault made a difference and was let live, it is left to others.
    """

    def __init__(
        self, program: Program, falsifier: FalsifierProgram, faults: Sequence[Fault], real: Subject | None,
        patience: int | None = None,
    ) -> None:  # fmt: skip
        self.program, self.falsifier = program, falsifier
        self.arithmetic = arithmetic_of(program, falsifier.accurate)
        self.stand = Stand(program, real, drifting(program, falsifier))
        self.real, self.patience = real, patience
        self.spared: Counter[str] = Counter()
        asked = {part.name for part in walk(falsifier.claim) if isinstance(part, Call)} & set(program.scope.subjects)
        offered = all(self.stand.offers(name) for name in asked)
        self.planted = [fault for fault in faults if fault.wrap is None and offered]
        self.wrapped = {fault.id: (fault, fault.wrap(real)) for fault in faults if fault.wrap and real is not None}
        self.bites = Bites()

    def run(self, first: int, last: int) -> Bites:
        """The cases from number `first` (counted from 0) to `last`; where tables have more rows, every row."""
        for number, case in enumerate(cases_of(self.program, self.falsifier, last)):
            if number < first:
                continue
            if not self.planted and not self.wrapped:
                break
            self.bites.cases = number + 1
            bindings = SharedBindings(self.program, case, self.arithmetic)
            self._plant(case, bindings, number + 1)
            self._sabotage(case, bindings, number + 1)
        return self.bites

    def _plant(self, case: Case, bindings: SharedBindings, number: int) -> None:
        if not self.planted:
            return
        self.stand.clear()
        if not self._sound(case, PlantedSubject(self.stand, NOTHING), bindings):
            return
        alive = []
        for fault in self.planted:
            if self.stand.changed(fault.planted):
                self.bites.changed.add(fault.id)
                subject = PlantedSubject(self.stand, fault.planted, fault.id)
                if self._killed(fault, case, subject, bindings, number) or self._tired(fault):
                    continue
            alive.append(fault)
        self.planted = alive

    def _tired(self, fault: Fault) -> bool:
        self.spared[fault.id] += 1
        return self.patience is not None and self.spared[fault.id] >= self.patience

    def _sabotage(self, case: Case, bindings: SharedBindings, number: int) -> None:
        if not self.wrapped or self.real is None or not self._sound(case, self.real, bindings):
            return
        for fault, subject in list(self.wrapped.values()):
            self.bites.changed.add(fault.id)
            if self._killed(fault, case, subject, bindings, number) or self._tired(fault):
                del self.wrapped[fault.id]

    def _sound(self, case: Case, subject: Subject, bindings: SharedBindings) -> bool:
        """Whether the correct subject passes: what kills it too, or leaves it undecided, is no kill."""
        found = noticed(self.program, self.falsifier, case, subject, self.arithmetic, bindings)
        self.bites.refuted += bool(found)
        return found == ""

    def _killed(self, fault: Fault, case: Case, subject: Subject, bindings: SharedBindings, number: int) -> bool:
        found = noticed(self.program, self.falsifier, case, subject, self.arithmetic, bindings)
        if found == CLAIM:
            self.bites.kills[fault.id] = number
        elif found == CHECKS:
            self.bites.checks.setdefault(fault.id, number)
        return found == CLAIM or (found == CHECKS and fault.checked)


def drifting(program: Program, falsifier: FalsifierProgram) -> str:
    """Where a claim holds functions against each other, the one that has drifted; else "".

    A claim that reads no equation cannot tell a fault that all its functions share. What it is for is the copy of the
    code that was changed alone: the function that it names most often, the first of these.
    """
    asked = [part.name for part in walk(falsifier.claim) if isinstance(part, Call)]
    functions = Counter(name for name in asked if name in program.scope.subjects)
    alone = "raises" in asked or len(functions) < 2 or not names(falsifier.claim).isdisjoint(program.equations)
    return "" if alone else functions.most_common(1)[0][0]
