"""How large the partial sums of a sum are, over the orders that kernels sum in; and the sum as kernels compute it.

Every partial sum is rounded once, so the error of a sum depends on the sum of their squares (probable.py). Nobody knows
the order of a kernel. `largest` takes the most that any of these gives:

- L lanes, each of which takes every L-th entry, forwards and backwards, joined as halves, as neighbours or one by one:
  L = 1, 2, 4, 8, ...;
- the mean over all permutations: of n numbers with squares Q and sum S it is n Q / 6 + n S**2 / 3 + Q;
- that mean inside each of L lanes: every L up to 16, then every 4th, from 64 on every 16th;
- that mean inside each of C chunks of equal length (split-k, tiles): every C up to 48, and for few lanes, which may be
  cut as well, 2, 3, 4, 6 and 12.

More lanes than sqrt(3 n) need not be tried. The partial sums of a lane of m = n / L entries with squares q are at most
sqrt(m q), so those of all lanes have squares of at most m**2 Q / 2 = n**2 Q / (2 L**2): no more than the n Q / 6 of the
permutations.

Entries that are zero are not counted: adding them rounds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

Floats = Any  # np.ndarray of float64
MOST_CHUNKS = 48
CHUNKS = (1, 2, 3, 4, 6, 12)  # of several lanes
FINEST = CHUNKS[-1]  # all others divide it
BINADES = 5  # of partial sums, the largest first; what is rounded in smaller ones is less by their size squared
DIGITS = {"float32": 24, "float16": 11, "bfloat16": 8}  # of the numbers that the evaluator sums in itself
AT_ONCE = 1 << 16  # entries whose sums are taken together: they stay in the processor's cache


def largest(p: Floats) -> Floats:
    """The largest sum of squared partial sums, over the orders above, of each column of p[n, sums]."""
    n, sums = p.shape
    present = p != 0
    count = present.sum(0)
    squares, whole = np.einsum("ij,ij->j", p, p), p.sum(0)
    most = count * squares / 6 + count * whole**2 / 3
    limit = next(lanes for lanes in powers_of_two() if lanes**2 >= 3 * n)
    padded = np.zeros((n + limit, sums))
    padded[:n] = p
    counted = None if present.all() else (padded != 0).astype(np.float64)
    for lanes in powers_of_two():
        if lanes > limit:
            break
        most = np.maximum(most, _in_lanes(*_laid_out(padded, counted, n, lanes), lanes))
    for lanes in (*range(2, 16), *range(16, 64, 4), *range(64, limit, 16)):
        if lanes >= limit:
            break
        here = _permuted_in_lanes(*_laid_out(padded, counted, n, lanes), lanes)
        most = np.maximum(most, here + count * squares / (6 * lanes))
    return np.maximum(most, _permuted_in_chunks(p, present)) + squares


def powers_of_two() -> Iterator[int]:
    """1, 2, 4, 8, ..."""
    return (2**k for k in range(62))


def _laid_out(padded: Floats, counted: Floats | None, n: int, lanes: int) -> tuple[Floats, Floats | None, int]:
    """The entries as [steps, lanes * sums], which of them are not zero, and how many lanes reach the last step.

    None: all n are not zero.
    """
    steps = -(-n // lanes)
    lane, present = (None if part is None else part[: steps * lanes].reshape(steps, -1) for part in (padded, counted))
    assert lane is not None
    return lane, present, n - (steps - 1) * lanes


def _counts(lane: Floats, present: Floats | None, last: int, lanes: int, starts: Floats) -> Floats:
    """How many entries are not zero, in each lane from one start to the next."""
    if present is not None:
        return np.add.reduceat(present, starts, 0) if len(starts) > 1 else present.sum(0, keepdims=True)
    count = np.repeat(np.diff(np.append(starts, len(lane)))[:, None], lanes, 1).astype(np.float64)
    count[-1, last:] -= 1
    return np.repeat(count, lane.shape[1] // lanes, 1)


def _in_lanes(lane: Floats, present: Floats | None, last: int, lanes: int) -> Floats:
    """The squares of the partial sums of each lane, from its start or from its end, and of the sums that join lanes.

    With r before a number x and T in the end, the partial sum from the end is T - r.
    """
    run = np.cumsum(lane, 0)
    whole = run[-1].copy()
    count = _counts(lane, present, last, lanes, np.zeros(1, np.int64))[0]
    if present is not None:
        run *= present
    else:
        run[-1].reshape(lanes, -1)[last:] = 0
    first = run.sum(0)
    second = np.einsum("ij,ij->j", run, run)
    backwards = count * whole**2 - 2 * whole * (first - whole) + second - whole**2
    forth, back = (part.reshape(lanes, -1).sum(0) for part in (second, backwards))
    return np.maximum(forth, back) + _joined(whole.reshape(lanes, -1))


def _joined(lanes: Floats) -> Floats:
    """The squares of the sums by which lanes[lanes, sums] become one: halves, neighbours, or one after the other."""
    return np.max([_in_pairs(lanes, False), _in_pairs(lanes, True), _one_by_one(lanes)], 0)


def _in_pairs(lanes: Floats, neighbours: bool) -> Floats:
    squares = np.zeros(lanes.shape[1])
    while len(lanes) > 1:
        half = len(lanes) // 2
        lanes = lanes[::2] + lanes[1::2] if neighbours else lanes[:half] + lanes[half:]
        squares = squares + (lanes**2).sum(0)
    return squares


def _one_by_one(lanes: Floats) -> Floats:
    return np.asarray((np.cumsum(lanes, 0)[1:] ** 2).sum(0))


def _permuted_in_lanes(lane: Floats, present: Floats | None, last: int, lanes: int) -> Floats:
    """What the sums of lanes, in one piece or cut in chunks, add to the partial sums that a permutation has anyway.

    Lanes are joined one by one.

    A lane that is cut where its partial sum is large exceeds both the lane in one piece and the permutations only where
    lanes are few: its partial sums at most by the factor 3/4 sqrt(n / 2 L) / L in their squares.
    """
    steps = len(lane)
    finest = FINEST if 32 * lanes**2 <= steps else 1
    starts = np.arange(finest) * steps // finest
    parts = np.add.reduceat(lane, starts, 0) if finest > 1 else lane.sum(0)
    counts = _counts(lane, present, last, lanes, starts)
    most = np.zeros(lane.shape[1] // lanes)
    for chunks in CHUNKS if finest > 1 else CHUNKS[:1]:
        part, count = (each.reshape(chunks, finest // chunks, -1).sum(1) for each in (parts, counts))
        most = np.maximum(most, (count * part**2).reshape(-1, len(most)).sum(0) / 3)
    return most + _one_by_one((parts.sum(0) if finest > 1 else parts).reshape(lanes, -1))


def _permuted_in_chunks(p: Floats, present: Floats) -> Floats:
    """The same of one lane in every number of chunks."""
    n = len(p)
    starts, ends, first = _chunks(n)
    run = np.cumsum(p, 0)
    whole = run[ends - 1] - np.where(starts[:, None] > 0, run[starts - 1], 0.0)
    whole *= whole
    if present.all():
        whole *= (ends - starts)[:, None]
    else:
        count = np.cumsum(present, 0)
        whole *= count[ends - 1] - np.where(starts[:, None] > 0, count[starts - 1], 0)
    return np.asarray(np.add.reduceat(whole, first, 0).max(0) / 3)


@lru_cache(maxsize=16)
def _chunks(n: int) -> tuple[Floats, Floats, Floats]:
    """Where the chunks of every number of chunks start and end, and which is the first of each number."""
    cuts = [np.arange(chunks + 1) * n // chunks for chunks in range(1, min(n, MOST_CHUNKS) + 1)]
    starts, ends = np.concatenate([cut[:-1] for cut in cuts]), np.concatenate([cut[1:] for cut in cuts])
    return starts, ends, np.cumsum([0, *(len(cut) - 1 for cut in cuts[:-1])])


def in_order(p: np.ndarray) -> np.ndarray:
    """The sum of each column of p[n, sums] in its own numbers, one entry after the other."""
    return np.add.accumulate(p, 0)[-1]


def in_own_lanes(p: np.ndarray) -> np.ndarray:
    """The same in eight lanes, which are joined by halves."""
    steps = -(-len(p) // 8)
    padded = np.zeros((steps * 8, p.shape[1]), p.dtype)
    padded[: len(p)] = p
    lanes = np.add.accumulate(padded.reshape(steps, -1), 0)[-1].reshape(8, -1)
    while len(lanes) > 1:
        lanes = lanes[: len(lanes) // 2] + lanes[len(lanes) // 2 :]
    return lanes[0]


def shuffled(p: np.ndarray) -> np.ndarray:
    """The same by the fractional parts of the multiples of the golden ratio."""
    return in_order(p[np.argsort(np.arange(len(p)) * (5**0.5 / 2) % 1, kind="stable")])


def drifted(p: np.ndarray) -> np.ndarray:
    """The sum in float64, plus half of what its terms lose if each is rounded to the last place of the partial sums.

    That is what adding a term does while the partial sum stays between two powers of two: so equal terms are rounded
    alike, in whatever order. Of terms of all kinds the roundings make up for each other. The binades of the partial
    sums are tried, `BINADES` from the largest on; the one above, which some order may reach for some of its steps,
    counts half.
    """
    terms = np.ascontiguousarray(p.T, np.float64)
    run = np.cumsum(terms, 1)
    whole = run[:, -1].copy()
    _, exponent = np.frexp(np.sqrt(3 * np.einsum("ij,ij->i", run, run) / len(p)))
    most, digits = np.zeros(p.shape[1]), DIGITS[str(p.dtype)]
    for below in range(-1, BINADES):
        unit = np.ldexp(1.0, exponent - below - digits)
        units = np.divide(terms, unit[:, None], out=run)
        lost = unit * (np.rint(units) - units).sum(1) / (4 if below < 0 else 2)
        most = np.where(np.abs(lost) > np.abs(most), lost, most)
    return (whole + most).astype(p.dtype)


# In which the evaluator sums itself. What stagnates beside a large entry does so from the front, from the back, or
# from both, half each.
OWN_ORDERS = (
    in_order,
    lambda p: in_order(p[::-1]),
    in_own_lanes,
    lambda p: in_order(np.concatenate([p[at::64] for at in range(64)])),
    shuffled,
    drifted,
)


def row_sums(w: Floats, x: Floats) -> Floats:
    """w @ x with x as a column under every leading index; the order of numpy's sums is within `Arithmetic.u`."""
    if x.ndim == 1:
        return w @ x
    return (w @ x[..., None])[..., 0]


def pair_sums(columns: Floats, rows: Floats) -> Floats:
    """The products of every one of columns[..., 1, m, k] with every one of rows[..., n, k], as `row_sums`, together."""
    return rows @ np.swapaxes(columns[..., 0, :, :], -1, -2)
