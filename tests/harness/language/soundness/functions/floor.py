"""Steps of products that lie a few last places beside an integer, or far from all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import arguments, rule


def _near_integers(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    """Weights scaled so that each product is an integer, give or take some last places of it."""
    n = length or int(rng.choice((1, 2, 3, 16, 100)))
    w, x = O.draw(O.WEIGHTS, "near ties", rng, (16, n)), O.draw(O.ANY, kind, rng, (n,))
    if rng.random() < 0.7:
        total = (w.astype(np.float64) * x).sum(-1, keepdims=True)
        wanted = rng.integers(-9, 10, (16, 1)) * (1 + rng.integers(-3, 4, (16, 1)) * 2.0**-24)
        with np.errstate(all="ignore"):
            scaled = (w * (wanted / total)).astype(F)
        w = np.where(np.isfinite(scaled), scaled, w)
    return {"w": w, "x": x}


STEPS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "floor": np.floor, "ceil": np.ceil, "trunc": np.trunc, "sign": np.sign,
}  # fmt: skip


def _compared(x: np.ndarray) -> np.ndarray:
    """The sign as kernels without a function for it compute it."""
    return (x > 0).astype(F) - (x < 0).astype(F)


for _name, _step in STEPS.items():

    def _of_x(m: Machine, o: dict[str, Any], _form: str, step: Callable[..., np.ndarray] = _step) -> np.ndarray:
        return step(m.read(o["x"])[0])

    def _of_product(m: Machine, o: dict[str, Any], form: str, step: Callable[..., np.ndarray] = _step) -> np.ndarray:
        (z,) = m.read(m.dot(o["w"], o["x"][None]))
        return _compared(z) if form == "compared" else step(z)

    _forms = ("as such", "compared") if _name == "sign" else ("as such",)
    rule(f"{_name} of x", f"{_name}(x)", O.ANY, arguments(O.ANY), ("as such",), _of_x)
    rule(f"{_name} of w @ x", {"z": "w @ x", "y": f"{_name}(z)"}, O.ANY, _near_integers, _forms, _of_product)
