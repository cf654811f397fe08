"""Dot products for the promise of `accurate` without units: kinds of terms, and float32 kernels in many orders.

None of HELD_OUT and ORDERS was used to choose the statistic of exact/partial_sums.py, nor its threshold. In FAILING
roundings repeat, and the model of rounding does not hold: the evaluator has to see that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

F = np.float32
Floats = Any  # np.ndarray of float32, [rows, n]
Draw = Callable[[np.random.Generator, int, int], tuple[Any, Any]]  # rows, n -> w, x

# --- kernels ----------------------------------------------------------------------------------------------------


def in_order(p: Floats) -> Floats:
    return np.add.accumulate(p, 1)[:, -1]


def pairs(p: Floats) -> Floats:
    while p.shape[1] > 1:
        p = padded(p, 2)
        p = p[:, ::2] + p[:, 1::2]
    return p[:, 0]


def padded(p: Floats, count: int) -> Floats:
    more = -p.shape[1] % count
    return np.concatenate([p, np.zeros((len(p), more), p.dtype)], 1) if more else p


def lanes(p: Floats, count: int, join: Callable[[Floats], Floats] = pairs) -> Floats:
    return join(in_order_along(padded(p, count).reshape(len(p), -1, count)))


def in_order_along(parts: Any) -> Any:
    return np.add.accumulate(parts, 1)[:, -1]


def split(p: Floats, count: int, inner: Callable[[Floats], Floats] = in_order) -> Floats:
    """Split-k: equal parts, each by itself, then one after the other."""
    size = -(-p.shape[1] // count)
    return in_order(np.stack([inner(p[:, at : at + size]) for at in range(0, p.shape[1], size)], 1))


def blocks(p: Floats, size: int, join: Callable[[Floats], Floats] = in_order) -> Floats:
    parts = padded(p, size).reshape(len(p), -1, size)
    return join(np.add.accumulate(parts, 2)[:, :, -1])


def threads(p: Floats, count: int, width: int) -> Floats:
    """Each thread takes `width` neighbours, then those `count * width` farther on."""
    whole = padded(p, count * width).reshape(len(p), -1, count, width)
    own = whole.transpose(0, 2, 1, 3).reshape(len(p) * count, -1)
    return pairs(in_order(own).reshape(len(p), count))


def inwards(p: Floats) -> Floats:
    """The first, the last, the second, the last but one, ..."""
    order = np.stack([np.arange(p.shape[1]), np.arange(p.shape[1])[::-1]], 1).ravel()[: p.shape[1]]
    return in_order(p[:, order])


def thirds(p: Floats) -> Floats:
    """Recursively, a third and the rest."""
    if p.shape[1] <= 12:
        return in_order(p)
    cut = p.shape[1] // 3
    return np.asarray(thirds(p[:, :cut]) + thirds(p[:, cut:]))


def fused(w: Floats, x: Floats, count: int) -> Floats:
    """Fused multiply-add into lanes; float64 holds the product exactly, and the sum far below float32's last place."""
    p = padded(w.astype(np.float64) * x, count).reshape(len(w), -1, count)
    total = np.zeros((len(w), count), F)
    for step in range(p.shape[1]):
        total = (total + p[:, step]).astype(F)
    return pairs(total)


ORDERS: dict[str, Callable[[Floats], Floats]] = {
    "in order": in_order,
    "reversed": lambda p: in_order(p[:, ::-1]),
    **{f"{k} lanes": lambda p, k=k: lanes(p, k)
       for k in (3, 6, 7, 10, 11, 13, 20, 28, 36, 40, 56, 72, 80, 112, 200, 768)},
    "8 lanes, joined in order": lambda p: lanes(p, 8, in_order),
    "256 lanes, joined in order": lambda p: lanes(p, 256, in_order),
    **{f"split in {k}": lambda p, k=k: split(p, k) for k in (6, 9, 11, 13, 20, 40)},
    "split in 5, 20 lanes": lambda p: split(p, 5, lambda q: lanes(q, 20)),
    "split in 6, pairs": lambda p: split(p, 6, pairs),
    **{f"blocks of {k}": lambda p, k=k: blocks(p, k) for k in (48, 80, 160, 512)},
    **{f"pairs of blocks of {k}": lambda p, k=k: blocks(p, k, pairs) for k in (16, 50, 96)},
    "64 threads of 2": lambda p: threads(p, 64, 2),
    "12 threads of 8": lambda p: threads(p, 12, 8),
    "256 threads of 4": lambda p: threads(p, 256, 4),
    "inwards": inwards,
    "thirds": thirds,
    "shuffled": lambda p: in_order(p[:, np.random.default_rng(p.shape[1] + 1).permutation(p.shape[1])]),
}  # fmt: skip
FUSED = (1, 8, 24)


def kernels(w: Floats, x: Floats) -> Iterator[tuple[str, Floats]]:
    """The dot products of the rows of w with x, by every kernel."""
    products = w * x
    for name, order in ORDERS.items():
        yield name, order(products)
    for count in FUSED:
        yield f"fused, {count} lanes", fused(w, x, count)


# --- kinds ------------------------------------------------------------------------------------------------------


def of(terms: Callable[[np.random.Generator, int, int], Any]) -> Draw:
    """Terms themselves: x is one."""
    return lambda rng, rows, n: (terms(rng, rows, n), np.ones(n))


def noisy(pattern: Callable[[Any, int], Any]) -> Draw:
    """The same pattern in every row, a little disturbed."""
    return of(lambda rng, rows, n: pattern(np.arange(n), n) + 0.07 * rng.standard_normal((rows, n)))


def edge(at: float) -> Draw:
    """Nearly nothing but a block of one sign before a place and one of the other sign behind it."""

    def pattern(i: Any, n: int) -> Any:
        width, place = int((n / 2) ** 0.5), int(at * n)
        return np.where((i >= place - width) & (i < place), 1, 0) - np.where((i >= place) & (i < place + width), 1, 0)

    return of(lambda rng, rows, n: pattern(np.arange(n), n) + 1e-3 * rng.standard_normal((rows, n)))


def weights_and_normal(weights: Callable[[np.random.Generator, int, int], Any]) -> Draw:
    return lambda rng, rows, n: (weights(rng, rows, n), rng.standard_normal(n))


def _blocked(rng: np.random.Generator, rows: int, n: int) -> Any:
    scales = np.repeat(rng.lognormal(0, 0.5, (rows, n // 32)), 32, 1)
    return rng.integers(-8, 8, (rows, n)) * scales


def _attention(rng: np.random.Generator, rows: int, n: int) -> Any:
    scores = 2 * rng.standard_normal((rows, n))
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def _telegraph(rng: np.random.Generator, rows: int, n: int) -> Any:
    return np.cumprod(np.where(rng.random((rows, n)) < 0.02, -1, 1), 1) * (1 + 0.1 * rng.standard_normal((rows, n)))


def _outliers(rng: np.random.Generator, rows: int, n: int) -> tuple[Any, Any]:
    x = rng.standard_normal(n)
    x[rng.choice(n, 10, replace=False)] *= 60
    return rng.standard_normal((rows, n)), x


HELD_OUT: dict[str, Draw] = {
    "logistic": of(lambda rng, rows, n: rng.logistic(size=(rows, n))),
    "Gumbel": of(lambda rng, rows, n: rng.gumbel(size=(rows, n))),
    "Weibull 0.7 x normal": weights_and_normal(lambda rng, rows, n: rng.weibull(0.7, (rows, n))),
    "beta, of both signs": weights_and_normal(lambda rng, rows, n: rng.beta(0.3, 0.3, (rows, n)) - 0.5),
    "gamma 0.1": of(lambda rng, rows, n: rng.gamma(0.1, 1, (rows, n))),
    "uniform(-3, 1)": of(lambda rng, rows, n: rng.uniform(-3, 1, (rows, n))),
    "triangular": of(lambda rng, rows, n: rng.triangular(-1, 0.4, 3, (rows, n))),
    "Student 1.5": weights_and_normal(lambda rng, rows, n: rng.standard_t(1.5, (rows, n))),
    "lognormal 4": weights_and_normal(lambda rng, rows, n: rng.lognormal(0, 4, (rows, n))),
    "chi-square": of(lambda rng, rows, n: rng.chisquare(3, (rows, n))),
    "scales 1 and 1000": weights_and_normal(lambda rng, rows, n: np.where(rng.random((rows, n)) < 0.5, 1000, 1)),
    "half zeros": weights_and_normal(lambda rng, rows, n: rng.standard_normal((rows, n)) * (rng.random(n) < 0.5)),
    "blocks of int4": weights_and_normal(_blocked),
    "attention": weights_and_normal(_attention),
    "telegraph": of(_telegraph),
    "outlier channels": _outliers,
    "GELU": weights_and_normal(lambda rng, rows, n: np.maximum(rng.standard_normal((rows, n)), -0.17)),
    "embeddings x positive": lambda rng, rows, n: (rng.standard_normal((rows, n)), rng.gamma(2, 1, n)),
    "products of positives": lambda rng, rows, n: (rng.gamma(2, 1, (rows, n)), rng.gamma(2, 1, n)),
    "harmonic": lambda rng, rows, n: (rng.standard_normal((rows, n)) + 2, 1 / np.arange(1, n + 1)),
    "alternating harmonic": noisy(lambda i, n: np.where(i % 2, 1, -1) / (i + 1) ** 0.5),
    "growing": weights_and_normal(lambda rng, rows, n: rng.standard_normal((rows, n)) * 1.003 ** np.arange(n)),
    **{f"period {k}": noisy(lambda i, _, k=k: np.where(i % k < k // 3, 2, -1) + (k % 3 > 0) / k)
       for k in (9, 11, 13, 14, 18, 20, 36, 40, 44, 72, 88, 120, 144, 288, 512, 640, 900)},
    **{f"sine {k}": noisy(lambda i, _, k=k: np.sin(6.2832 * i / k)) for k in (9.7, 33.3, 150)},
    "sawtooth 100": noisy(lambda i, _: i % 100 / 50 - 0.99),
    "two slow waves": noisy(lambda i, n: np.sin(19 * i / n) + np.sin(44 * i / n)),
    "cubic": noisy(lambda i, n: (2 * i / n - 1) ** 3),
    **{f"edge at {at:.2f}": edge(at) for at in (1 / 5, 3 / 7, 5 / 8, 2 / 9, 0.55, 1 / 11)},
}  # fmt: skip


def _levels(*levels: float) -> Draw:
    return of(lambda rng, rows, n: rng.choice(levels, (rows, n)) * rng.uniform(0.5, 2, (rows, 1)))


def _large(at: float) -> Draw:
    """One large entry, and positive ones below half of its last place."""

    def draw(rng: np.random.Generator, rows: int, n: int) -> Any:
        terms = 2.0**-11 * rng.uniform(0.5, 1, (rows, n))
        terms[:, min(n - 1, int(at * n))] = 2.0**14
        return terms

    return of(draw)


FAILING: dict[str, Draw] = {
    "constant": of(lambda rng, rows, n: rng.uniform(0.5, 2, (rows, 1)) * np.ones(n)),
    "two values": _levels(0.3, 0.8),
    "five levels": _levels(1, 2, 3, 4, 5),
    "levels 1 to 31": _levels(*range(1, 32)),
    "four levels of both signs": _levels(-2, -1, 1, 3),
    "repeating 12": of(lambda rng, rows, n: np.tile(rng.uniform(0.5, 2, (rows, 12)), n // 12 + 1)[:, :n]),
    "nearly constant": of(lambda rng, rows, n: 0.9 + 1e-5 * rng.standard_normal((rows, n))),
    "segments": of(lambda rng, rows, n: np.repeat(rng.uniform(0.5, 2, (rows, 4)), -(-n // 4), 1)[:, :n]),
    **{f"large entry at {at:.1f}": _large(at) for at in (0, 0.3, 0.5, 1)},
    "powers of e": of(lambda rng, rows, n: np.exp(2 * rng.standard_normal((rows, n)))),
}


def drawn(draw: Draw, rng: np.random.Generator, rows: int, n: int) -> tuple[Floats, Floats]:
    """w and x in float32."""
    w, x = draw(rng, rows, n)
    return np.ascontiguousarray(np.broadcast_to(w, (rows, n)), F), np.asarray(x, F)
