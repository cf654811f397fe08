"""How large the partial sums of a sum are, over the orders that kernels sum in; and the sum itself in float32.

Every partial sum is rounded once, so the error of a sum depends on the sum of their squares (probable.py). Nobody knows
the order of a kernel. `largest` takes the most that any of these gives, forwards and backwards:

- L lanes, each of which takes every L-th entry, joined by halves: L = 1, 2, 3, 4, 6, 8, 12, ... (accumulators of a
  vector unit, of several of them, of a warp);
- those in C chunks of equal length, joined in order: C = 1, 2, 3, 4, 6, ... 48 (split-k, tiles);
- the mean over all permutations.

More lanes than sqrt(3 n) need not be tried. The partial sums of a lane of m = n / L entries with squares q are at most
sqrt(m q), so those of all lanes have squares of at most m**2 Q / 2 = n**2 Q / (2 L**2), Q the squares of all entries.
That is no more than the n Q / 6 of the permutations.

Entries that are zero are not counted: adding them rounds nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Floats = Any  # np.ndarray of float64
CHUNKS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 48)
FINEST = CHUNKS[-1]  # all others divide it
AT_ONCE = 1 << 16  # entries whose sums are taken together: they stay in the processor's cache
LANES_OF_OWN = 8  # of the evaluator's own second sum


def largest(p: Floats) -> Floats:
    """The largest sum of squared partial sums, over the orders above, of each column of p[n, sums]."""
    n = p.shape[0]
    present = p != 0
    count = present.sum(0)
    squares, whole = np.einsum("ij,ij->j", p, p), p.sum(0)
    most = count * squares / 6 + count * whole**2 / 3 + squares
    lanes = lane_counts(n)
    padded = np.zeros((n + lanes[-1], p.shape[1]))
    padded[:n] = p
    for count_of_lanes in lanes:
        rows = -(-n // count_of_lanes)
        lane = padded[: rows * count_of_lanes].reshape(rows, count_of_lanes, -1)
        everywhere = rows * count_of_lanes == n and bool(present.all())
        most = np.maximum(most, _of_lanes(lane, everywhere, _chunk_counts(n, count_of_lanes)))
    return most


def lane_counts(n: int) -> list[int]:
    """Powers of two, and three times those, up to the first that reaches sqrt(3 n)."""
    counts = [1]
    while counts[-1] ** 2 < 3 * n:
        counts += [2 * counts[-1]] if len(counts) < 2 else [3 * counts[-1] // 2, 2 * counts[-1]]
    return counts


def _chunk_counts(n: int, lanes: int) -> tuple[int, ...]:
    """In how many chunks so many lanes are cut.

    A lane that is cut where its partial sum is large exceeds both the lane in one piece and the permutations only where
    lanes are few: by the factor 3/4 sqrt(n / 2 L) / L at most, which is below 3 from here on.
    """
    few = 32 * lanes**3 <= n and n // lanes >= FINEST
    return CHUNKS if few else (1,)


def _of_lanes(lane: Floats, everywhere: bool, chunk_counts: tuple[int, ...]) -> Floats:
    """Of lane[steps, lanes, sums], the largest over the numbers of chunks; `everywhere`: no entry is zero."""
    steps, lanes, sums = lane.shape
    flat = lane.reshape(steps, lanes * sums)
    run = np.cumsum(flat, 0)
    starts = np.arange(chunk_counts[-1]) * steps // chunk_counts[-1]
    ends = np.append(starts[1:], steps)
    reached = run[ends - 1]
    if everywhere:
        count = np.broadcast_to((ends - starts)[:, None], reached.shape).astype(np.float64)
    else:
        present = flat != 0
        count = np.add.reduceat(present, starts, 0, dtype=np.float64)
        run *= present
    first = np.add.reduceat(run, starts, 0)
    run *= run
    second = np.add.reduceat(run, starts, 0)
    most = max_of([_in_chunks(chunks, reached, count, first, second, (lanes, sums)) for chunks in chunk_counts])
    return most + _joined_by_halves(reached[-1].reshape(lanes, sums))


def max_of(arrays: list[Floats]) -> Floats:
    """The largest, entry by entry."""
    return np.max(arrays, 0)


def _in_chunks(
    chunks: int, reached: Floats, count: Floats, first: Floats, second: Floats, shape: tuple[int, int]
) -> Floats:
    """The squares of the partial sums of each chunk, and of the chunks' own sums in order.

    From the sums in one piece at the end of each of the finest chunks (`reached`), and in each of those the number of
    partial sums, their sum and the sum of their squares: (r - s)**2 = r**2 - 2 r s + s**2.
    """
    count, first, second = (part.reshape(chunks, -1, part.shape[1]).sum(1) for part in (count, first, second))
    end = reached.reshape(chunks, -1, reached.shape[1])[:, -1]
    start = np.concatenate([np.zeros_like(end[:1]), end[:-1]])
    here = end - start
    first, second = first - start * count, second - 2 * start * first + start**2 * count
    backwards = count * here**2 - 2 * here * first + here**2 + second
    joined = (end[1:] ** 2).sum(0)
    forth, back = ((np.maximum(part, 0.0).sum(0) + joined).reshape(shape).sum(0) for part in (second, backwards))
    return np.maximum(forth, back)


def _joined_by_halves(lanes: Floats) -> Floats:
    """The squares of the sums by which lanes[lanes, sums] become one."""
    squares = np.zeros(lanes.shape[1])
    while len(lanes) > 1:
        half = len(lanes) // 2
        joined = lanes[:half] + lanes[half : 2 * half]
        squares = squares + (joined**2).sum(0)
        lanes = np.concatenate([joined, lanes[2 * half :]])
    return squares


def in_order(p: np.ndarray) -> np.ndarray:
    """The sum of each column of p[n, sums] in float32, one entry after the other."""
    return np.add.accumulate(p, 0)[-1]


def in_lanes(p: np.ndarray) -> np.ndarray:
    """The same in lanes, which are joined by halves."""
    steps = -(-p.shape[0] // LANES_OF_OWN)
    padded = np.zeros((steps * LANES_OF_OWN, p.shape[1]), p.dtype)
    padded[: p.shape[0]] = p
    lanes = np.add.accumulate(padded.reshape(steps, -1), 0)[-1].reshape(LANES_OF_OWN, -1)
    while len(lanes) > 1:
        lanes = lanes[: len(lanes) // 2] + lanes[len(lanes) // 2 :]
    return lanes[0]


def row_sums(w: Floats, x: Floats) -> Floats:
    """w @ x with x as a column under every leading index; the order of numpy's sums is within `Arithmetic.u`."""
    if x.ndim == 1:
        return w @ x
    return (w @ x[..., None])[..., 0]
