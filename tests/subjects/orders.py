"""A grid of correct implementations: orders of summation, fused multiply-add or not, decoded or factored rows.

Five orders, each with and without fused multiply-add, on dense (decoded) and on factored rows; and products summed in
float64 and rounded once. Each is a subject by its name: `--subject tests.subjects.orders:ReversedDenseFused`.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from tests.subjects.correct import Blockwise, F, fused, lanes, padded_to, sequential, tree
from tests.subjects.plain import Floats, Plain


def in_lanes(w: Floats, x: Floats, count: int) -> Floats:
    """Fused multiply-add into `count` accumulators."""
    w, x = padded_to(w, count), padded_to(x, count)
    total = np.zeros((*np.broadcast_shapes(w.shape, x.shape)[:-1], count), F)
    for first in range(0, w.shape[-1], count):
        total = fused(w[..., first : first + count], x[..., first : first + count], total)
    return total


def halves(w: Floats, x: Floats) -> Floats:
    """The second half fused onto the products of the first, then a tree."""
    w, x = padded_to(w, 2), padded_to(x, 2)
    half = w.shape[-1] // 2
    first = w[..., :half].astype(F) * x[..., :half].astype(F)
    return tree(fused(w[..., half:], x[..., half:], first))


# order: how terms are added, and how products are, each of them fused onto the sum so far
ORDERS = {
    "Sequential": (sequential, lambda w, x: in_lanes(w, x, 1)[..., 0]),
    "Reversed": (lambda t: sequential(t[..., ::-1]), lambda w, x: in_lanes(w[..., ::-1], x[..., ::-1], 1)[..., 0]),
    "Pairwise": (tree, halves),
    "EightLanes": (lambda t: tree(lanes(t, 8)), lambda w, x: tree(in_lanes(w, x, 8))),
    "SixteenLanes": (lambda t: tree(lanes(t, 16)), lambda w, x: tree(in_lanes(w, x, 16))),
}
ROWS = {"Dense": Plain, "Factored": Blockwise}


def float64_once(w: Floats, x: Floats) -> Floats:
    """A sum of products in float64, rounded once."""
    return (w.astype(np.float64) * x).sum(-1).astype(F)


def variant(name: str, rows: type[Plain], add_up, dot) -> type[Plain]:
    """A class whose sums and products are those given."""
    return type(name, (rows,), {
        "__doc__": name, "add_up": lambda self, terms: add_up(terms), "dot": lambda self, w, x: dot(w, x),
    })  # fmt: skip


def _grid() -> dict[str, type[Plain]]:
    made = {}
    for (order, (add_up, fused_dot)), (rows, base), with_fma in product(ORDERS.items(), ROWS.items(), (False, True)):
        name = f"{order}{rows}{'Fused' if with_fma else ''}"
        dot = fused_dot if with_fma else lambda w, x, add_up=add_up: add_up(w * x)
        made[name] = variant(name, base, add_up, dot)
    for rows, base in ROWS.items():
        made[f"Float64Once{rows}"] = variant(f"Float64Once{rows}", base, sequential, float64_once)
    return made


GRID = _grid()


def __getattr__(name: str) -> type[Plain]:
    if name not in GRID:
        raise AttributeError(name)
    return GRID[name]
