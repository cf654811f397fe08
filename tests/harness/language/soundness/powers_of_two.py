"""Factors that round nothing: powers of two, and zeros; and quotients that are rounded once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import rule

Form = Callable[[Machine, dict[str, Any]], np.ndarray]
KINDS = tuple(kind for kind in O.ANY if kind != "cancelling")


def _operands(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    n = length or int(rng.choice((1, 2, 3, 5, 16)))
    other = str(rng.choice([kind, "one-hot", "normal"]))
    powers = rng.choice([-1.0, 1.0], (8, n)) * 2.0 ** rng.integers(-30, 4, (8, n))
    return {
        "x": O.draw(O.ANY, kind, rng, (8, n)),
        "w": O.draw(O.ANY, other, rng, (8, n)),
        "z": np.where(rng.random((8, n)) < 0.6, 0, 2.0 ** rng.integers(-3, 4, (8, n))).astype(F),
        "p": powers.astype(F),
        "s": O.draw(O.ANY, kind, rng, (8, 1)),
    }


# By equation: kernels that compute it.
EQUATIONS: dict[str, tuple[Form, ...]] = {
    "x * 0.25 / 8": (
        lambda m, o: m.div(m.mul(o["x"], F(0.25)), F(8)),
        lambda m, o: m.mul(F(1 / 8), m.mul(F(0.25), o["x"])),
    ),
    "x / 1024 * 4096": (
        lambda m, o: m.mul(m.div(o["x"], F(1024)), F(4096)),
        lambda m, o: m.mul(m.mul(o["x"], F(1 / 1024)), F(4096)),
    ),
    "sum(x * w, 1) / 4": (
        lambda m, o: m.div(m.dot(o["x"], o["w"]), F(4)),
        lambda m, o: m.mul(m.dot(o["x"], o["w"]), F(0.25)),
        lambda m, o: m.dot(m.mul(o["x"], F(0.25)), o["w"]),
    ),
    "(x * 0.5 + w) * 2": (
        lambda m, o: m.mul(m.add(m.mul(o["x"], F(0.5)), o["w"]), F(2)),
        lambda m, o: m.multiply_add(F(2) * np.ones_like(o["w"]), o["w"], o["x"]),
    ),
    "sum(p * s, 1)": (  # one and the same factor: it may be taken out, and then sums of powers of two are rounded
        lambda m, o: m.dot(o["p"], np.broadcast_to(o["s"], o["p"].shape)),
        lambda m, o: m.mul(m.total(o["p"]), o["s"][:, 0]),
    ),
    "sum(p * (x + w), 1)": (
        lambda m, o: m.dot(o["p"], m.add(o["x"], o["w"])),
        lambda m, o: m.total(np.concatenate([m.mul(o["p"], o["x"]), m.mul(o["p"], o["w"])], 1)),
    ),
    "x * w * z": (
        lambda m, o: m.mul(m.mul(o["x"], o["w"]), o["z"]),
        lambda m, o: m.mul(o["x"], m.mul(o["w"], o["z"])),
    ),
    "(x + w) * z - w * z": (
        lambda m, o: m.sub(m.mul(m.add(o["x"], o["w"]), o["z"]), m.mul(o["w"], o["z"])),
        lambda m, o: m.mul(o["z"], m.sub(m.add(o["x"], o["w"]), o["w"])),
    ),
}

for _text, _kernels in EQUATIONS.items():
    _forms = {f"form {place}": kernel for place, kernel in enumerate(_kernels)}

    def _kernel(m: Machine, o: dict[str, Any], form: str, forms: dict[str, Form] = _forms) -> np.ndarray:
        return forms[form](m, o)

    rule(_text, _text, KINDS, _operands, _forms, _kernel)


def _quotients(rng: np.random.Generator, kind: str, _length: int | None) -> dict[str, Any]:
    """Among them quotients that float32 holds: products of small integers by one of their factors."""
    y = rng.integers(1, 200, 16) if kind == "integers" else O.draw(O.ANY, str(rng.choice(KINDS)), rng, (16,))
    x = y * rng.integers(-200, 200, 16) if kind == "integers" else O.draw(O.ANY, kind, rng, (16,))
    return {"x": np.asarray(x, F), "z": np.asarray(y, F)}


rule(
    "division, exact", "x / z", KINDS, _quotients, ("quotient",), lambda m, o, _: m.div(o["x"], o["z"]),
    exact_division=True,
)  # fmt: skip
