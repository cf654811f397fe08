"""Whether computed indices lie in their axes: NumPy counts negative ones from the end, and no kernel does."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.language.undecided import Undecided


class OutsideAxis(Undecided, IndexError):
    """A computed index leaves its axis: what it takes has no value."""


def check_places(shape: tuple[int, ...], items: tuple[Any, ...]) -> None:
    """OutsideAxis for the first index array that leaves its axis.

    The check of a contract has shown that none does, but what a subject returned, or a claim gave in place of an
    input, may be anything.
    """
    axis = 0
    for place, item in enumerate(items):
        if item is None:
            continue
        if item is Ellipsis:
            axis = len(shape) - sum(1 for other in items[place + 1 :] if other is not None)
            continue
        if isinstance(item, np.ndarray) and item.size:
            least, most = int(item.min()), int(item.max())
            if least < 0 or most >= shape[axis]:
                raise OutsideAxis(f"an index of {least if least < 0 else most} into an axis of {shape[axis]}")
        axis += 1
