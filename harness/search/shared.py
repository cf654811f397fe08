"""What falsifiers that draw the same cases share: the built case, and the exact values of its equations.

Both follow from the recipe, the row of the tables and the contract, and from nothing that an earlier falsifier did. So
an outcome is the same whether a value was found here or computed anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from harness.language.arithmetic import Arithmetic
from harness.language.exact.region import Bounded
from harness.language.packed import Packed
from harness.program.case import Case
from harness.program.model import Program
from harness.search.recipe import Recipe

ROOM = 1 << 28  # bytes of all cases that are kept


@dataclass
class SharedCase:
    """A case with what has been evaluated of it so far, for each arithmetic."""

    recipe: Recipe  # held, so that no other recipe takes its place in memory
    row: Mapping[str, Any]
    case: Case
    known: dict[Arithmetic, dict[str, Any]] = field(default_factory=dict)  # values of equations
    size: int = 0

    def known_in(self, arithmetic: Arithmetic) -> dict[str, Any]:
        """The values of names that are known so far; an evaluation adds to them."""
        return self.known.setdefault(arithmetic, {})

    def measured(self) -> int:
        """About how many bytes it takes now."""
        values = [value for known in self.known.values() for value in known.values()]
        return sum(map(_bytes, (*self.case.inputs.values(), *values)))


class SharedCases:
    """The cases of the last domain that was drawn from, as many as there is room for: the first ones stay.

    Falsifiers of a domain go through the same cases in the same order, so the oldest is the next to be needed again.
    """

    def __init__(self, room: int = ROOM) -> None:
        self.room, self.taken = room, 0
        self._owner: tuple[Program | None, tuple[object, ...]] = (None, ())
        self._cases: dict[int, SharedCase] = {}

    def open(self, program: Program, domain: tuple[object, ...]) -> None:
        """Keep cases of this domain from now on; those of another are forgotten."""
        owner, kept = self._owner
        if owner is not program or kept != domain:
            self._owner, self._cases, self.taken = (program, domain), {}, 0

    def get(self, recipe: Recipe, row: Mapping[str, Any]) -> SharedCase | None:
        """The case of this very recipe in this row of the tables, if it is kept."""
        shared = self._cases.get(id(recipe))
        return shared if shared is not None and shared.row == row else None

    def keep(self, shared: SharedCase) -> None:
        """Keep a case as it is now, or forget it where it takes more than there is room for."""
        size = shared.measured()
        before = self._cases.pop(id(shared.recipe), None)
        self.taken -= before.size if before is not None else 0
        if self.taken + size <= self.room:
            shared.size = size
            self.taken += size
            self._cases[id(shared.recipe)] = shared


def _bytes(value: Any) -> int:
    match value:
        case np.ndarray():
            return value.nbytes
        case Bounded():
            parts = (value.v, value.e, value.a, value.k, value.key)
            return sum({id(part): part.nbytes for part in parts if isinstance(part, np.ndarray)}.values())
        case Packed():
            return 2 * value.nbytes + sum(_bytes(part) for part in value.cache.values())
    return 64
