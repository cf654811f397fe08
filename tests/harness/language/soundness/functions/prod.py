"""Products over an axis: in order, reversed, permuted, as trees, and of sums, which carry a bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import rule

KINDS: dict[str, O.Draw] = {
    **{kind: draw for kind, draw in O.ANY.items() if kind != "cancelling"},
    "around one": lambda rng, shape: 1 + rng.standard_normal(shape) * 0.3,
    "powers of two": lambda rng, shape: rng.choice([-1.0, 1.0], shape) * 2.0 ** rng.integers(-9, 10, shape),
    "small": lambda rng, shape: rng.standard_normal(shape) * 10.0 ** rng.integers(-12, 1, shape),
    "up and down": lambda rng, shape: 2.0 ** rng.integers(-40, 41, shape) * (1 + rng.integers(-2, 3, shape) * 2.0**-23),
}


def in_order(m: Machine, x: np.ndarray) -> np.ndarray:
    made = x[..., 0]
    for place in range(1, x.shape[-1]):
        made = m.mul(made, x[..., place])
    return made


def tree(m: Machine, x: np.ndarray) -> np.ndarray:
    while x.shape[-1] > 1:
        odd = x[..., -1:] if x.shape[-1] % 2 else x[..., :0]
        x = np.concatenate([m.mul(x[..., 0:-1:2], x[..., 1::2]), odd], -1)
    return x[..., 0]


FORMS: dict[str, Callable[[Machine, np.ndarray], np.ndarray]] = {
    "in order": in_order,
    "reversed": lambda m, x: in_order(m, x[..., ::-1]),
    "permuted": lambda m, x: in_order(m, x[..., m.rng.permutation(x.shape[-1])]),
    "tree": tree,
    "smallest first": lambda m, x: in_order(m, np.take_along_axis(x, np.argsort(np.abs(x), -1), -1)),
}


def _operands(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    n = length or int(rng.choice((1, 2, 3, 5, 8, 16)))
    x, w = O.draw(KINDS, kind, rng, (8, n)), O.draw(KINDS, "normal", rng, (8, n))
    return {"x": x, "w": w * F(rng.choice([1, 1e-6]))}


rule("prod of x", "prod(x, 1)", KINDS, _operands, FORMS, lambda m, o, form: FORMS[form](m, m.read(o["x"])[0]))
rule("prod of sums", "prod(x + w, 1)", KINDS, _operands, FORMS,
     lambda m, o, form: FORMS[form](m, m.add(o["x"], o["w"])))  # fmt: skip
