"""What falsifiers that draw the same cases share: the built case, exact values of its equations, and refused calls.

Case and values follow from the recipe, the row of the tables and the contract, and from nothing that an earlier
falsifier did. So an outcome is the same whether a value was found here or computed anew. Of the subject's calls only
those that raised an error are shared, among claims of nothing but refusals: results are asked for by each claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harness.language.arithmetic import Arithmetic
from harness.language.exact.region import Bounded
from harness.language.packed import Packed
from harness.language.syntax import Node
from harness.program.case import Case
from harness.program.model import Program
from harness.search.recipe import Recipe
from harness.subjects.reference import Refusal
from harness.subjects.subject import Subject

ROOM = 1 << 28  # bytes of all cases that are kept


@dataclass
class SharedCase:
    """A case with what has been evaluated of it so far, for each arithmetic."""

    recipe: Recipe  # held, so that no other recipe takes its place in memory
    row: Mapping[str, Any]
    case: Case
    known: dict[Arithmetic, dict[str, Any]] = field(default_factory=dict)  # values of equations
    raised: dict[Node, BaseException] = field(default_factory=dict)  # by the subject's calls that were refused
    refusals: dict[Node, Refusal] = field(default_factory=dict)  # what the contract says of such calls
    size: int = 0

    def known_in(self, arithmetic: Arithmetic) -> dict[str, Any]:
        """The values of names that are known so far; an evaluation adds to them."""
        return self.known.setdefault(arithmetic, {})

    def measured(self) -> int:
        """About how many bytes it takes now."""
        values = [value for known in self.known.values() for value in known.values()]
        each = {id(value): value for value in (*self.case.inputs.values(), *values)}  # a tensor is its own value
        return sum(map(_bytes, each.values()))

    def without_values(self) -> None:
        """Drop what was evaluated; the case stays."""
        for known in self.known.values():
            known.clear()
        for value in self.case.inputs.values():
            if isinstance(value, Packed):
                value.forget()


class SharedCases:
    """The cases of the last domain that was drawn from, as many as there is room for: the first ones stay.

    Falsifiers of a domain go through the same cases in the same order, so the oldest is the next to be needed again.
    """

    def __init__(self, room: int = ROOM) -> None:
        self.room, self.taken = room, 0
        self._owner: tuple[Program | None, Subject | None, tuple[object, ...]] = (None, None, ())
        self._cases: dict[int, SharedCase] = {}

    def open(self, program: Program, subject: Subject, domain: tuple[object, ...]) -> None:
        """Keep cases of this domain from now on; those of another contract, subject or domain are forgotten."""
        owner, asked, kept = self._owner
        if owner is not program or asked is not subject or kept != domain:
            self._owner, self._cases, self.taken = (program, subject, domain), {}, 0

    def get(self, recipe: Recipe, row: Mapping[str, Any]) -> SharedCase | None:
        """The case of this very recipe in this row of the tables, if it is kept."""
        shared = self._cases.get(id(recipe))
        return shared if shared is not None and shared.row == row else None

    def keep(self, shared: SharedCase) -> None:
        """Keep a case as it is now, without its values where there is room for cases only, or not at all.

        Half of the room is for cases alone: most claims need nothing else of them, and decoded weights are large.
        """
        before = self._cases.pop(id(shared.recipe), None)
        self.taken -= before.size if before is not None else 0
        size = shared.measured()
        if self.taken + size > self.room // 2:
            shared.without_values()
            size = shared.measured()
        if self.taken + size <= self.room:
            shared.size = size
            self.taken += size
            self._cases[id(shared.recipe)] = shared


def _bytes(value: Any) -> int:
    match value:
        case np.ndarray():
            return value.nbytes
        case Bounded():
            parts = [value.v, value.e, value.a, value.k, value.key]
            if value.storage is not None:
                parts += [value.storage.v, value.storage.bound, value.storage.k]
            return sum({id(part): part.nbytes for part in parts if isinstance(part, np.ndarray)}.values())
        case Packed():
            copies = 2 if value.raw.flags.writeable else 1  # the subject's bytes are a copy of what may be written
            return copies * value.nbytes + sum(_bytes(part) for part in value.cache.values())
    return 64
