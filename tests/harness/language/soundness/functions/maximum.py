"""The larger and the smaller of two products, near each other, and one of them held between two numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import rule


def _two_products(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    """Two sets of weights; the second is often the first, a few last places beside it, in another order of terms."""
    n = length or int(rng.choice((1, 2, 3, 16, 100)))
    w = O.draw(O.WEIGHTS, "near ties", rng, (16, n)) / F(n)
    beside = (w * (1 + rng.integers(-3, 4, (16, n)) * 2.0**-24)).astype(F)
    z = beside if rng.random() < 0.7 else O.draw(O.WEIGHTS, "near ties", rng, (16, n)) / F(n)
    x = O.draw(O.ANY, kind, rng, (n,))
    a = np.sort(O.draw(O.ANY, str(rng.choice([kind, "normal"])), rng, (2,)))
    return {"w": w, "z": z.astype(F), "x": x, "low": a[0], "high": a[1]}


def _products(m: Machine, o: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    return m.dot(o["w"], o["x"][None]), m.dot(o["z"], o["x"][None])


FORMS = ("as such", "by comparison")


def _larger(m: Machine, a: np.ndarray, b: np.ndarray, form: str) -> np.ndarray:
    a, b = m.read(a, b)
    return np.maximum(a, b) if form == "as such" else np.where(a < b, b, a)


def _maximum(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    return _larger(m, *_products(m, o), form)


def _minimum(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    a, b = _products(m, o)
    return -_larger(m, -a, -b, form)


def _clip(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    a, _ = _products(m, o)
    if form == "as such":
        return np.clip(m.read(a)[0], *m.read(o["low"], o["high"]))
    return -_larger(m, -_larger(m, a, o["low"], form), -o["high"], form)


_PRODUCTS = {"a": "w @ x", "b": "z @ x"}
rule("maximum", {**_PRODUCTS, "y": "maximum(a, b)"}, O.ANY, _two_products, FORMS, _maximum)
rule("minimum", {**_PRODUCTS, "y": "minimum(a, b)"}, O.ANY, _two_products, FORMS, _minimum)
rule("clip", {"a": "w @ x", "y": "clip(a, low, high)"}, O.ANY, _two_products, FORMS, _clip)
