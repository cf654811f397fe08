"""Which expert was read how long ago, so that no call finds its weights in a cache.

The distance of a use is the number of bytes of other weights read since the same expert was last read. A cache that
evicts what was used least recently cannot hold an expert over more bytes than it has.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.layer_model import EXPERT_BYTES, EXPERTS, Target

UNKNOWN_CACHE: Final = 64 * 2**20
CPU: Final = Path("/sys/devices/system/cpu/cpu0/cache")


def largest_cache(folder: Path = CPU) -> int:
    """Bytes of the largest cache, as Linux tells it; 64 MiB where nobody tells."""
    sizes = [_size((index / "size").read_text().strip()) for index in folder.glob("index*")]
    return max(sizes, default=UNKNOWN_CACHE)


def _size(text: str) -> int:
    units = {"K": 2**10, "M": 2**20, "G": 2**30}
    return int(text[:-1]) * units[text[-1]] if text[-1] in units else int(text)


class Rotation:
    """Hands out the target that lies back farthest; where that is nearer than ``needed`` bytes, reads others first.

    So no expert is read twice within ``needed`` bytes: they are all different, and a cache of half that size has long
    evicted what comes next. read: reads one expert of a layer, given both.
    """

    def __init__(self, layers: int, needed: int, read: Callable[[int, int], None]) -> None:
        self.needed = needed
        self._read = read
        self._clock = 0  # bytes of weights read so far
        self._last = np.zeros((layers, EXPERTS))  # the clock when each expert was read
        self.shortest = float("inf")

    def next(self, targets: list[Target]) -> Target:
        target = max(targets, key=self.distance)
        if self.distance(target) < self.needed:
            self._read_others(target)
        self.shortest = min(self.shortest, self.distance(target))
        self.use(target)
        return target

    def use(self, target: Target) -> None:
        """Somebody reads the weights of ``target`` now."""
        self._clock += target.bytes
        self._last[target.layer, target.experts] = self._clock

    def distance(self, target: Target) -> float:
        """Bytes read since the most recent use of any expert of ``target``."""
        return float(self._clock - self._last[target.layer, target.experts].max())

    def forget(self) -> None:
        """Start anew with the shortest distance: what came before was a warm-up."""
        self.shortest = float("inf")

    def _read_others(self, target: Target) -> None:
        """Read experts that the target does not need, oldest first, until it is cold or there are no more."""
        own = {(target.layer, int(expert)) for expert in target.experts}
        for flat in np.argsort(self._last, axis=None, kind="stable"):
            layer, expert = divmod(int(flat), EXPERTS)
            if (layer, expert) in own:
                continue
            if self.distance(target) >= self.needed:
                return
            self._read(layer, expert)
            self._clock += EXPERT_BYTES
            self._last[layer, expert] = self._clock
