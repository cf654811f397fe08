"""A product with a power of two: by the exponent, by a product, in two steps, and together with another factor."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import rule


def _operands(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    n, top = length or int(rng.choice((1, 3, 16))), int(rng.choice([3, 30, 126, 280]))
    w = O.draw(O.WEIGHTS, "near ties", rng, (16, n)) / F(n)
    x, s = O.draw(O.ANY, kind, rng, (n,)), O.draw(O.ANY, "normal", rng, (16,))
    return {"w": w, "x": x, "s": s, "i": rng.integers(-top, top + 1, 16)}


def scaled(m: Machine, x: np.ndarray, n: np.ndarray, form: str) -> np.ndarray:
    if form == "exponent":
        return m.kept(np.ldexp(m.read(x)[0], n))
    if form == "product":
        far = np.abs(n) > 126
        return np.where(far, m.kept(np.ldexp(m.read(x)[0], n)), m.mul(x, np.ldexp(F(1), np.where(far, 0, n))))
    half = n // 2
    up = (x, half, n - half) if form == "two steps" else (x, n - half, half)
    return m.kept(np.ldexp(m.kept(np.ldexp(m.read(up[0])[0], up[1])), up[2]))


FORMS = ("exponent", "product", "two steps", "two steps, larger first")


def _of_product(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    return scaled(m, m.dot(o["w"], o["x"][None]), o["i"], form)


def _of_x(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    return scaled(m, *np.broadcast_arrays(o["x"][:, None], o["i"]), form)


def _with_factor(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    """s x 2^n: the power meets either factor, or their product."""
    n, s, x = np.clip(o["i"], -126, 126), o["s"], o["x"][0]
    if form == "before":
        return m.mul(m.mul(s, np.ldexp(F(1), n)), x)
    return m.mul(m.mul(s, x), np.ldexp(F(1), n)) if form == "after" else m.mul(s, m.mul(x, np.ldexp(F(1), n)))


rule("ldexp of w @ x", {"z": "w @ x", "y": "ldexp(stored(z), i)"}, O.ANY, _operands, FORMS, _of_product)
rule("ldexp of x", "ldexp(x[:, None], i)", O.ANY, _operands, FORMS, _of_x)
rule("ldexp in a product", "s * ldexp(x[0], clip(i, -126, 126))", O.ANY, _operands, ("before", "after", "inside"),
     _with_factor)  # fmt: skip
