"""Hostile operands: what a seed and the name of a kind stand for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

F = np.float32
LENGTHS = (1, 1, 2, 2, 3, 4, 5, 7, 8, 13, 16, 31, 64, 100, 256)

Shape = tuple[int, ...]
Draw = Callable[[np.random.Generator, Shape], np.ndarray]


def one_hot(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    flat = np.zeros(int(np.prod(shape)))
    flat[rng.integers(flat.size)] = rng.standard_normal()
    return flat.reshape(shape)


def sparse(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """At most 16 entries that are not zero, as most cases of the search have."""
    flat = np.zeros(int(np.prod(shape)))
    count = int(rng.integers(1, min(16, flat.size) + 1))
    flat[rng.permutation(flat.size)[:count]] = rng.standard_normal(count)
    return flat.reshape(shape)


def mixed(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """Magnitudes over 60 decades."""
    return rng.standard_normal(shape) * 10.0 ** rng.integers(-36, 24, shape)


def near_ties(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """All-ones mantissas and powers of two, one unit beside: what rounds furthest."""
    base = 2.0 ** rng.integers(-3, 4, shape).astype(np.float64)
    step = rng.integers(-2, 3, shape) * 2.0**-23
    return rng.choice([-1.0, 1.0], shape) * base * (1 + step)


def creeping(rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """One and many times a little more than half its last place: summed in order, every rounding goes up."""
    x = np.full(shape, 2.0**-24 * (1 + 2.0**-10))
    x[..., 0] = 1
    return x * rng.choice([-1.0, 1.0])


ANY: dict[str, Draw] = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "cauchy^3": lambda rng, shape: np.clip(rng.standard_cauchy(shape) ** 3, -1e20, 1e20),
    "constant": lambda rng, shape: np.full(shape, rng.uniform(0.5, 2)),
    "uniform": lambda rng, shape: rng.uniform(0, 1, shape),
    "integers": lambda rng, shape: rng.integers(-3, 4, shape).astype(np.float64),
    "one-hot": one_hot,
    "sparse": sparse,
    "1e30": lambda rng, shape: rng.standard_normal(shape) * 1e30,
    "3e38": lambda rng, shape: rng.uniform(-3.4e38, 3.4e38, shape) / 10.0 ** rng.integers(0, 9),
    "subnormal": lambda rng, shape: rng.standard_normal(shape) * 1e-40,
    "mixed": mixed,
    "near ties": near_ties,
    "creeping": creeping,
    "cancelling": lambda rng, shape: rng.standard_normal(shape) * 1e6,
}
"""Activations and other plain operands. `cancelling` is finished by `cancel`, which knows the other factor."""

WEIGHTS: dict[str, Draw] = {
    "ones": lambda _rng, shape: np.ones(shape),
    "normal": ANY["normal"],
    "integers": ANY["integers"],
    "uniform": ANY["uniform"],
    "cauchy^3": lambda rng, shape: np.clip(rng.standard_cauchy(shape) ** 3, -1e4, 1e4),
    "subnormal": ANY["subnormal"],
    "near ties": near_ties,
}

EDGES = (-1e-30, 0.0, 1.278, -1.278, -17.3, 17.3, -87.3365, -88.0297, -88.7228, 88.7228, -103.28, -103.98, 1e-4)
ARGUMENTS: dict[str, Draw] = {
    "normal": lambda rng, shape: rng.standard_normal(shape) * rng.choice([1e-3, 0.3, 1, 5]),
    "wide": lambda rng, shape: rng.uniform(-110, 110, shape),
    "edges": lambda rng, shape: rng.choice(EDGES, shape) + rng.uniform(-0.5, 0.5, shape) * rng.choice([0, 1e-4, 1]),
    "integers": ANY["integers"],
    "one-hot": one_hot,
    "constant": ANY["constant"],
    "huge": lambda rng, shape: rng.standard_normal(shape) * 10.0 ** rng.integers(2, 38),
    "3e38": ANY["3e38"],
    "subnormal": ANY["subnormal"],
    "mixed": mixed,
    "near ties": near_ties,
}
"""Arguments of exp and what is made of it: dense where something overflows, underflows or changes its form."""

POSITIVE: dict[str, Draw] = {
    "normal": lambda rng, shape: np.abs(rng.standard_normal(shape)),
    "integers": lambda rng, shape: rng.integers(0, 9, shape).astype(np.float64),
    "1e30": lambda rng, shape: np.abs(rng.standard_normal(shape)) * 1e30,
    "subnormal": lambda rng, shape: np.abs(rng.standard_normal(shape)) * 1e-40,
    "mixed": lambda rng, shape: np.abs(mixed(rng, shape)),
    "near ties": lambda rng, shape: np.abs(near_ties(rng, shape)),
    "constant": ANY["constant"],
}


def draw(kinds: dict[str, Draw], kind: str, rng: np.random.Generator, shape: Shape) -> np.ndarray:
    """A float32 array of the kind."""
    with np.errstate(over="ignore"):
        x = kinds[kind](rng, shape).astype(F)
    return np.where(np.isfinite(x), x, F(1))


def cancel(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """x with one entry chosen so that its sum with `weights` nearly vanishes."""
    x = x.copy()
    place = int(np.argmax(np.abs(weights)))
    if weights[place]:
        rest = float((weights.astype(np.float64) * x.astype(np.float64)).sum())
        entry = float(x[place]) - rest / float(weights[place])
        x[place] = entry if np.isfinite(F(entry)) else x[place]
    return x
