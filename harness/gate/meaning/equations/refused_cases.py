"""Cases in which an equation promises nothing, because every call that it says something of is refused.

There a kernel is outside its contract and may do anything, so a difference there is no difference. What counts is what
the old version refuses: a refusal that came or went is a change of its own.
"""

from __future__ import annotations

import numpy as np

from harness.gate.meaning.canonical import conjuncts
from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.view import VersionView
from harness.language.claims import REFUSALS
from harness.language.evaluate import Bindings
from harness.language.single import Single
from harness.language.syntax import Call, names, walk
from harness.subjects.reference import fires


class RefusedCases:
    """Which cases of one equation are refused."""

    def __init__(self, view: VersionView, name: str) -> None:
        self.view = view
        made = {name} | {part for part, below in view.depends.items() if name in below}
        self.conditions = {
            subject: [entry for entry in view.program.refusals if entry.subject == subject and entry.when is not None]
            for subject in _calls(view, made)
        }
        self.possible = bool(self.conditions) and all(self.conditions.values())

    def has(self, case: ComparisonCase) -> bool:
        """Whether every call that the equation says something of is refused in this case.

        Arguments are what they carry, so conditions are asked of the case itself. One that reads an input which the
        equation does not read is not decided here: such a case counts.
        """
        bindings = Bindings(Single(), self.view.equations, self.view.depends, case.given())
        with np.errstate(all="ignore"):
            return self.possible and all(
                any(fires(entry, bindings) for entry in entries) for entries in self.conditions.values()
            )


def _calls(view: VersionView, made: set[str]) -> set[str]:
    """The subjects that carry an equation or are claimed to compute it; none where a claim asks for it otherwise."""
    found = {
        subject for subject in view.returns
        if made & {*view.returns[subject].values(), *view.arguments[subject].values()}
    }  # fmt: skip
    for rule in view.rules.values():
        for part in conjuncts(rule.claim):
            if not made & names(part) or (isinstance(part, Call) and part.name in REFUSALS):
                continue
            calls = [call for call in walk(part) if isinstance(call, Call) and call.name in view.returns]
            if not calls or any(call.keywords for call in calls):
                return set()
            found |= {call.name for call in calls}
    return found
