"""Cases that would take more memory than a case may, as far as that follows from the dimensions alone."""

from __future__ import annotations

from harness.findings import Place
from harness.program.check.checker import Checker
from harness.program.footprint import Footprint, mebibytes
from harness.program.limits import LARGEST_CASE
from harness.program.model import Program


def check_case_sizes(checker: Checker, program: Program) -> None:
    """Says which part makes a case too large. Where `where` may leave large cases out, the smallest is looked at."""
    said: set[str] = set()
    for falsifier in program.falsifiers:
        footprint = Footprint(program, falsifier)
        taken = footprint.most if falsifier.where is None else footprint.least
        if taken is None or taken.total <= LARGEST_CASE or taken.most in said:
            continue
        said.add(taken.most)
        message = f"{falsifier.source.id}: a case may be too large, {taken.most} above all"
        hint = "give its dimensions a smaller max, here or in `given`"
        checker.say(_place(checker, taken.most, falsifier.source.claim.place), message,
                    f"at most {mebibytes(LARGEST_CASE)}", f"up to {mebibytes(taken.total)}", hint)  # fmt: skip


def _place(checker: Checker, part: str, claim: Place) -> Place:
    """Where the largest part of a case stands."""
    kind, _, name = part.partition(" ")
    section = {"input": "inputs", "equation": "equations"}.get(kind)
    return checker.at(section, name) if section else claim
