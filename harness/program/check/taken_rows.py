"""Which indices of a contract take rows of something that is computed for those rows alone."""

from __future__ import annotations

from collections.abc import Sequence

from harness.language import types as T
from harness.language.sizes import Size
from harness.language.syntax import Index, Name, Node, in_recurrences
from harness.language.taken_rows import by_rows, rows_taken
from harness.program.check.checker import Checker
from harness.program.footprint import expression

Noted = Sequence[tuple[Node, T.Type]]  # the parts of an expression with their types, the whole last


def note_by_rows(checker: Checker, node: Node, noted: Noted) -> frozenset[int]:
    """Keep how rows of an expression are computed, if they can be; the parts of which only rows are computed, by id."""
    found = by_rows(node, noted)
    if found is None:
        return frozenset()
    plan = checker.by_rows
    plan.expressions[node] = found.made
    plan.indices.update({cut: plan.indices[index] for cut, index in found.indices if index in plan.indices})
    checker.held_by_rows[node] = expression(noted, by_rows=found.computed)
    return found.computed


def note_rows(checker: Checker, noted: Noted) -> dict[int, Size]:
    """Keep the indices in an expression that take rows; by id, of how many rows its parts are computed."""
    kinds = {id(part): kind for part, kind in noted}
    within: dict[int, Size] = {}
    in_steps = in_recurrences(noted[-1][0]) if noted else set()
    for part, _ in noted:
        if id(part) in in_steps:  # it is evaluated in every step: what it takes rows of is evaluated once, whole
            continue
        if not isinstance(part, Index) or (count := rows_taken(part, kinds)) is None:
            continue
        checker.by_rows.indices[part] = count
        if not isinstance(part.value, Name):
            within |= dict.fromkeys(note_by_rows(checker, part.value, _below(part.value, noted)), count)
    return within


def _below(node: Node, noted: Noted) -> Noted:
    """The parts of one part: they are noted before it."""
    last = next(place for place, (part, _) in enumerate(noted) if part is node)
    return noted[: last + 1]
