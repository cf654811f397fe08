"""Means and variances as kernels compute them: two passes, one pass in float64, Welford's updates, Chan's joins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import rule

Moments = tuple[np.ndarray, np.ndarray]  # the mean, and the sum of squares about it


def one_large(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """One entry far above the others, at the front more often than elsewhere: running means move the most."""
    x = rng.standard_normal(shape) * 10.0 ** rng.integers(-8, 1)
    x[..., 0 if rng.integers(2) else int(rng.integers(shape[-1]))] = rng.uniform(0.5, 2)
    return x


KINDS: dict[str, O.Draw] = {
    **{kind: draw for kind, draw in O.ANY.items() if kind != "cancelling"},
    "one large": one_large,
    "mean far above": lambda rng, shape: rng.standard_normal(shape) + 10.0 ** rng.integers(1, 6),
    "steps": lambda rng, shape: np.sort(rng.integers(-2, 3, shape) * 10.0 ** rng.integers(0, 4), -1),
    "two last places": lambda rng, shape: 1 + rng.integers(0, 3, shape) * 2.0**-23,
}


def operands(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    n = length or int(rng.choice(O.LENGTHS))
    return {"x": O.draw(KINDS, kind, rng, (8, n)), "n": n}


def share(m: Machine, part: int, whole: int) -> np.ndarray:
    """part / whole by a division, or by the reciprocal."""
    if m.rng.integers(2):
        return m.div(F(part), F(whole))
    return m.mul(F(part), m.div(F(1), F(whole)))


def joined(m: Machine, left: Moments, right: Moments, counts: tuple[int, int]) -> Moments:
    """Chan's join: the smaller part moves the mean of the larger."""
    if counts[1] > counts[0]:
        left, right, counts = right, left, counts[::-1]
    first, second = counts
    both, delta = first + second, m.sub(right[0], left[0])
    mean = m.multiply_add(delta, share(m, second, both), left[0])
    between = m.mul(m.mul(delta, delta), m.mul(F(first), share(m, second, both)))
    return mean, m.add(m.add(left[1], right[1]), between)


def welford(m: Machine, x: np.ndarray) -> Moments:
    mean, squares = m.kept(np.zeros(x.shape[:-1], F)), np.zeros(x.shape[:-1], F)
    reciprocal = bool(m.rng.integers(2))
    for count, entry in enumerate(np.moveaxis(x, -1, 0), 1):
        delta = m.sub(entry, mean)
        step = m.mul(delta, m.div(F(1), F(count))) if reciprocal else m.div(delta, F(count))
        mean = m.add(mean, step)
        squares = m.multiply_add(delta, m.sub(entry, mean), squares)
    return mean, squares


def two_passes(m: Machine, x: np.ndarray) -> Moments:
    n = F(x.shape[-1])
    mean = m.div(m.total(x), n) if m.rng.integers(2) else m.mul(m.total(x), m.div(F(1), n))
    rest = m.sub(x, mean[..., None])
    return mean, m.dot(rest, rest)


def tree(m: Machine, x: np.ndarray, leaf: int, own: Callable[[Machine, np.ndarray], Moments]) -> Moments:
    """Halves joined, down to parts of `leaf` entries that compute their own."""
    n = x.shape[-1]
    if n <= leaf:
        return own(m, x)
    half = n // 2 if m.rng.integers(2) else max(1, n // 3)
    parts = tree(m, x[..., :half], leaf, own), tree(m, x[..., half:], leaf, own)
    return joined(m, *parts, (half, n - half))


def chunks(m: Machine, x: np.ndarray) -> Moments:
    """Parts of four in two passes, joined from the first to the last."""
    moments, n = two_passes(m, x[..., :4]), x.shape[-1]
    for start in range(4, n, 4):
        part = x[..., start : start + 4]
        moments = joined(m, moments, two_passes(m, part), (start, part.shape[-1]))
    return moments


def wide(m: Machine, x: np.ndarray) -> Moments:
    """Sums of numbers and of squares in float64, in one pass."""
    (part,) = m.read(x)
    part, n = part.astype(np.float64), x.shape[-1]
    mean = part.mean(-1)
    squares = np.maximum((part * part).sum(-1) - n * mean * mean, 0)
    return m.kept(mean.astype(F)), m.kept(squares.astype(F))


FORMS: dict[str, Callable[[Machine, np.ndarray], Moments]] = {
    "two passes": two_passes,
    "Welford": welford,
    "Chan, halves": lambda m, x: tree(m, x, 1, welford),
    "Chan, chunks": chunks,
    "Welford, then halves": lambda m, x: tree(m, x, 16, welford),
    "one pass in float64": wide,
}


def mean(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    return FORMS[form](m, o["x"])[0]


def variance(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    return m.div(FORMS[form](m, o["x"])[1], F(o["n"]))


rule("mean by updates", "mean(x, 1)", KINDS, operands, FORMS, mean)
rule("mean as a quotient", "sum(x, 1) / n", KINDS, operands, FORMS, mean)
for _name, _text in {"mean": "mean(centred * centred, 1)", "sum": "sum(centred * centred, 1) / n"}.items():
    _equations = {"centred": "x - mean(x, 1)[:, None]", "variance": _text}
    rule(f"variance by updates, as a {_name}", _equations, KINDS, operands, FORMS, variance)
rule("mean by updates, division: exact", "mean(x, 1)", KINDS, operands, FORMS, mean, exact_division=True)
