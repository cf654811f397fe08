"""Integers with a range: how NumPy makes each kind, and what an array of a kind has to be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from harness.language.value_kinds import PERMUTATION

Shape = tuple[int, ...]
Ends = tuple[int, int]  # both included
Rng = np.random.Generator


def _lowest(_rng: Rng, shape: Shape, ends: Ends) -> np.ndarray:
    return np.full(shape, ends[0])


def _equal(rng: Rng, shape: Shape, ends: Ends) -> np.ndarray:
    number = ends[1] if rng.integers(2) else rng.integers(*ends, endpoint=True)
    return np.full(shape, number)


def _repeated(rng: Rng, shape: Shape, ends: Ends) -> np.ndarray:
    return rng.choice(rng.integers(*ends, 2, endpoint=True), shape)


def _ends(rng: Rng, shape: Shape, ends: Ends) -> np.ndarray:
    return rng.choice(np.array(ends), shape)


def _uniform(rng: Rng, shape: Shape, ends: Ends) -> np.ndarray:
    """One in four is ascending, and one in four has both ends, at places that are drawn: where tables are left."""
    made = np.asarray(rng.integers(*ends, shape, endpoint=True))
    how = rng.integers(4)
    if how == 0 and shape:
        return np.sort(made, -1)
    if how == 1 and made.size:
        made = made.copy()
        made.reshape(-1)[rng.integers(made.size, size=2)] = ends
    return made


def _sorted(rng: Rng, shape: Shape, ends: Ends) -> np.ndarray:
    """Of few different numbers in one half: long runs of equal ones."""
    made = (_repeated if rng.integers(2) else _uniform)(rng, shape, ends)
    return np.sort(made, -1)


def _distinct(rng: Rng, shape: Shape, ends: Ends) -> np.ndarray:
    rows, length = int(np.prod(shape[:-1], dtype=int)), shape[-1]
    made = [ends[0] + rng.choice(ends[1] - ends[0] + 1, length, replace=False) for _ in range(rows)]
    return np.array(made, np.int64).reshape(shape)


def _permutation(rng: Rng, shape: Shape, _ends: Ends) -> np.ndarray:
    return rng.permuted(np.broadcast_to(np.arange(shape[-1]), shape), axis=-1)


def _offsets(rng: Rng, shape: Shape, ends: Ends) -> np.ndarray:
    """Rows of any length, none among them in one half: equal offsets side by side."""
    made = (_repeated if rng.integers(2) else _uniform)(rng, shape, ends)
    made[..., 0], made[..., -1] = ends
    return np.sort(made, -1)


KINDS: dict[str, Callable[[Rng, Shape, Ends], np.ndarray]] = {
    "lowest": _lowest, "equal": _equal, "repeated": _repeated, "ends": _ends, "uniform": _uniform, "sorted": _sorted,
    "distinct": _distinct, PERMUTATION: _permutation, "offsets": _offsets,
}  # fmt: skip


def ranged_array(rng: Rng, kind: str, shape: Shape, ends: Ends) -> np.ndarray:
    """An array of a kind, in 64 bits; without entries nothing is drawn."""
    return KINDS[kind](rng, shape, ends) if 0 not in shape else np.zeros(shape, np.int64)


def is_of_kind(array: np.ndarray, kind: str, ends: Ends) -> bool:
    """Whether an array lies in its range and is what its kind promises; most promise nothing more."""
    if not array.size:
        return True
    if array.min() < ends[0] or array.max() > ends[1]:
        return False
    ordered = np.sort(array, -1) if array.ndim else array
    match kind:
        case "sorted":
            return bool((array == ordered).all())
        case "distinct":
            return bool((ordered[..., 1:] != ordered[..., :-1]).all())
        case "permutation":
            return bool((ordered == np.arange(array.shape[-1])).all())
        case "offsets":
            ascending = bool((array == ordered).all())
            return ascending and bool((array[..., 0] == ends[0]).all() and (array[..., -1] == ends[1]).all())
    return True
