"""Arrays that a call writes into, with guard bytes before, behind and between: what else it wrote there is seen.

There are as many guard bytes on either side as the array has, but at least 4 KiB and at most 1 MiB: a row too many, a
stride that is too wide, or an index that is negative writes into them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from harness.language.dtypes import is_real
from harness.subjects.memory import ITEM_ALIGNED, LINE, NON_CONTIGUOUS, UNALIGNED

LEAST, MOST = 1 << 12, 1 << 20  # guard bytes on either side
SHOWN = 4  # entries of what was written that are told


@dataclass(frozen=True)
class Touched:
    """What was written where nothing may be written: on which side, and the entries that lie there now."""

    where: str
    holds: str


@dataclass(frozen=True)
class Guarded:
    """An array of the caller's in an allocation of its own.

    `before`, `behind`: the guard bytes on either side. `gaps`: what lies between the entries of an array that is not
    contiguous, or None.
    """

    name: str
    array: np.ndarray
    before: np.ndarray
    behind: np.ndarray
    gaps: np.ndarray | None = None

    def touched(self) -> Touched | None:
        """The first guard bytes that are no longer what they were; None where all are."""
        return (
            self._changed(self.before, "before its beginning", self.before.size)
            or self._changed(self.behind, "behind its end", -self.array.nbytes)
            or (self._changed(self.gaps, "in the gaps between its entries", 0) if self.gaps is not None else None)
        )

    def _changed(self, guard: np.ndarray, where: str, origin: int) -> Touched | None:
        """What changed in some guard bytes; `origin`: where in these the first entry of the array would begin."""
        held, left = guard.tobytes(), _pattern(guard.nbytes)
        if held == left.tobytes():
            return None
        changed = np.flatnonzero(np.frombuffer(held, np.uint8) != left)
        entries = np.unique((changed - origin) // self.array.itemsize).tolist()
        shown = ", ".join(f"{self._named(entry)} = {self._number(held, origin, entry)}" for entry in entries[:SHOWN])
        more = f" and {len(entries) - SHOWN} more" if len(entries) > SHOWN else ""
        return Touched(where, f"{shown}{more}; the shape of {self.name} is {self.array.shape}")

    def _named(self, entry: int) -> str:
        """An entry by its index, as if the first axis went on."""
        row = max(1, math.prod(self.array.shape[1:]))
        inner = np.unravel_index(entry % row, self.array.shape[1:]) if self.array.ndim > 1 and self.array.size else ()
        return f"{self.name}[{', '.join(str(part) for part in (entry // row, *inner))}]"

    def _number(self, held: bytes, origin: int, entry: int) -> str:
        """The number that lies where an entry would be; guard bytes may end within it."""
        start = origin + entry * self.array.itemsize
        bytes_ = held[max(start, 0) : start + self.array.itemsize]
        if len(bytes_) < self.array.itemsize:
            return f"bytes {bytes_.hex(' ')}"
        number = np.frombuffer(bytes_, self.array.dtype)[0]
        return f"{float(number):.9g}" if is_real(self.array.dtype) else str(number)


@cache
def _noise() -> np.ndarray:
    """Bytes that no kernel writes by chance."""
    return np.random.default_rng(0x6A7D).integers(0, 256, MOST, np.uint8)


def _pattern(size: int) -> np.ndarray:
    """What guard bytes hold: noise, again and again where there are more."""
    return _noise()[:size] if size <= MOST else np.resize(_noise(), size)


def guarded(name: str, value: np.ndarray, memory: str = "") -> Guarded:
    """A copy of an array in memory of its own, of one of the kinds of `memory.py`, with guard bytes around it."""
    spread = 2 if memory == NON_CONTIGUOUS and value.ndim else 1
    size = value.nbytes * spread
    guard = -(-min(max(value.nbytes, LEAST), MOST) // LINE) * LINE
    offset = {ITEM_ALIGNED: value.itemsize, UNALIGNED: 1}.get(memory, 0)
    room = np.empty(size + 2 * guard + 2 * LINE, np.uint8)
    first = -(room.ctypes.data + guard) % LINE + guard + offset
    before, inside = room[first - guard : first], room[first : first + size]
    behind = room[first + size : first + size + guard]
    for part in (before, behind):
        part[...] = _pattern(guard)
    wide = inside.view(value.dtype).reshape((*value.shape[:-1], value.shape[-1] * spread) if value.ndim else ())
    gaps = None
    if spread > 1:
        gaps = wide[..., 1::2]
        gaps[...] = _pattern(value.nbytes).view(value.dtype).reshape(value.shape)
    array = wide[..., ::spread] if spread > 1 else wide
    array[...] = value
    return Guarded(name, array, before, behind, gaps)
