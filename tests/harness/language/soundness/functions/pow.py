"""Integer powers in every order of multiplication, and negative ones by reciprocals taken early, late or in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import rule, unary

Form = Callable[[Machine, np.ndarray, int], np.ndarray]
KINDS: dict[str, O.Draw] = {
    **{kind: draw for kind, draw in O.ANY.items() if kind != "cancelling"},
    "around one": lambda rng, shape: rng.choice([-1.0, 1.0], shape) * (1 + rng.standard_normal(shape) * 0.3),
    "powers of two": lambda rng, shape: rng.choice([-1.0, 1.0], shape) * 2.0 ** rng.integers(-40, 41, shape),
}


def in_order(m: Machine, x: np.ndarray, n: int) -> np.ndarray:
    made = x if n else np.ones_like(x)
    for _ in range(n - 1):
        made = m.mul(made, x)
    return made


def by_squaring(m: Machine, x: np.ndarray, n: int) -> np.ndarray:
    if n < 2:
        return x if n else np.ones_like(x)
    half = by_squaring(m, x, n // 2)
    return m.mul(m.mul(half, half), x) if n % 2 else m.mul(half, half)


def split(m: Machine, x: np.ndarray, n: int) -> np.ndarray:
    """Two powers, of any share, multiplied."""
    if n < 2:
        return by_squaring(m, x, n)
    first = int(m.rng.integers(1, n))
    return m.mul(in_order(m, x, first), split(m, x, n - first))


FORMS: dict[str, Form] = {"in order": in_order, "by squaring": by_squaring, "split": split}


def powers(m: Machine, x: np.ndarray, n: np.ndarray, form: str) -> np.ndarray:
    """Entry by entry; a negative power as form says."""
    way, _, when = form.partition(", ")
    (x,) = m.read(x)
    made = np.empty(np.broadcast_shapes(x.shape, n.shape), F)
    x, n = np.broadcast_to(x, made.shape), np.broadcast_to(n, made.shape)
    for exponent in np.unique(n):
        here, size = n == exponent, abs(int(exponent))
        if exponent >= 0:
            made[here] = FORMS[way](m, x[here], size)
        elif when == "reciprocal first":
            made[here] = FORMS[way](m, m.div(F(1), x[here]), size)
        elif when == "reciprocal last":
            made[here] = m.div(F(1), FORMS[way](m, x[here], size))
        else:
            first = size // 2
            inverse = m.div(F(1), FORMS[way](m, x[here], first))
            made[here] = m.mul(inverse, FORMS[way](m, m.div(F(1), x[here]), size - first))
    return made


WAYS = tuple(f"{way}, {when}" for way in FORMS for when in ("reciprocal first", "reciprocal last", "both"))


def _operands(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    n = length or int(rng.choice((1, 3, 16)))
    w = O.draw(O.WEIGHTS, "near ties", rng, (16, n)) / F(n)
    top = int(rng.choice([2, 5, 12, 40]))
    return {"w": w, "x": O.draw(KINDS, kind, rng, (n,)), "i": rng.integers(-top, top + 1, 16)}


rule("pow of products by integers", {"z": "w @ x", "y": "pow(z, i)"}, KINDS, _operands, WAYS,
     lambda m, o, form: powers(m, m.dot(o["w"], o["x"][None]), o["i"], form))  # fmt: skip
rule("pow of x by integers", "pow(x[:, None], i)", KINDS, _operands, WAYS,
     lambda m, o, form: powers(m, o["x"][:, None], o["i"], form))  # fmt: skip
for _n in (2, 3, 7):
    unary(f"pow {_n}", f"pow({{}}, {_n})", KINDS,
          {name: lambda m, x, n=_n, form=form: form(m, m.read(x)[0], n) for name, form in FORMS.items()})  # fmt: skip
unary("pow -2", "pow({}, -2)", KINDS, {way: lambda m, x, way=way: powers(m, x, np.array(-2), way) for way in WAYS})


def _scaled_cube(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    """s x^3 with s multiplied first, last, or into one factor."""
    s, (x,) = o["s"], m.read(o["x"])
    if form == "first":
        return m.mul(m.mul(m.mul(s, x), x), x)
    return m.mul(s, in_order(m, x, 3)) if form == "last" else m.mul(m.mul(s, x), m.mul(x, x))


def _with_scale(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    n = length or 16
    return {"x": O.draw(KINDS, kind, rng, (n,)), "s": O.draw(KINDS, str(rng.choice(list(KINDS))), rng, (n,))}


rule("pow 3 in a product", "s * pow(x, 3)", KINDS, _with_scale, ("first", "last", "inside"), _scaled_cube)
