"""Masked entries: a softmax and a maximum over a row of which some entries are filled with a number, or excluded.

The equation fills in a literal, where a condition holds or by adding it; a kernel fills in its float32, or, where it
scales afterwards, the filler divided by the scale.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.primitive_kernels import by_reciprocal, quotient
from tests.harness.language.soundness.rules import rule

ROWS = 8
LENGTHS = (1, 2, 3, 7, 16, 64)
FILLERS = ("-1e4", "-1e9", "-1e30", "-3e38", "-inf")
LEFT = ("some", "causal", "none", "all", "one")  # entries that the mask leaves


def _mask(rng: np.random.Generator, left: str, n: int) -> np.ndarray:
    match left:
        case "some":
            return (rng.random((ROWS, n)) < rng.choice([0.1, 0.5, 0.9])).astype(np.int64)
        case "causal":
            return (np.arange(n) <= np.arange(ROWS)[:, None]).astype(np.int64)
        case "one":
            return np.eye(n, dtype=np.int64)[rng.integers(0, n, ROWS)]
    return np.full((ROWS, n), int(left == "all"))


def _scores(rng: np.random.Generator, left: str, length: int | None) -> dict[str, Any]:
    n = length or int(rng.choice(LENGTHS))
    size = float(rng.choice([1e-3, 1, 10, 80, 1e4]))
    s = rng.standard_normal((ROWS, n)) * size
    return {
        "s": (np.round(s) if rng.random() < 0.2 else s).astype(F),  # ties
        "scale": np.asarray(rng.choice([0.125, 1.0, 0.0883883461356163]), F),
        "mask": _mask(rng, left, n),
    }


def _filled(m: Machine, x: np.ndarray, mask: np.ndarray, filler: np.ndarray, added: bool) -> np.ndarray:
    return m.add(x, np.where(mask, F(0), filler)) if added else np.where(mask, x, filler).astype(F)


FORMS = ("quotient", "reciprocal", "exp twice", "scaled after the difference", "scaled in the difference")


def _softmax(m: Machine, o: dict[str, Any], form: str, filler: F, added: bool) -> np.ndarray:
    s, scale, mask = o["s"], o["scale"], o["mask"] == 1
    if form.startswith("scaled"):
        x = _filled(m, s, mask, np.maximum(filler / scale, F(-3.4e38)) if np.isfinite(filler) else filler, added)
        top = x.max(-1, keepdims=True)
        if form.endswith("after the difference"):
            z = m.mul(m.sub(x, top), scale)
        else:
            z = m.multiply_add(x, scale, -m.mul(top, scale))
        z = np.where(x == top, F(0), z)  # fused, the largest would be off by the rounding of its own product
    else:
        x = _filled(m, m.mul(s, scale), mask, filler, added)
        z = m.sub(x, x.max(-1, keepdims=True))
    e = m.exp(z)
    below = m.total(m.exp(z) if form == "exp twice" else e)[..., None]
    return (by_reciprocal if form == "reciprocal" else quotient)(m, e, below)


def _largest(m: Machine, o: dict[str, Any], _form: str, filler: F, added: bool) -> np.ndarray:
    products = np.stack([m.dot(o["w"], row[None]) for row in o["s"]])
    return _filled(m, products, o["mask"] == 1, filler, added).max(-1)


def _products(rng: np.random.Generator, left: str, length: int | None) -> dict[str, Any]:
    drawn = _scores(rng, left, length)
    n = drawn["s"].shape[1]
    return {"s": drawn["s"], "mask": drawn["mask"], "w": rng.standard_normal((n, n)).astype(F)}


for _filler in FILLERS:
    for _added in (False, True):
        _way = f"{_filler} {'added' if _added else 'by where'}"
        _given: dict[str, Any] = {"filler": F(_filler), "added": _added}
        _text = f"{{0}} + where(mask == 1, 0, {_filler})" if _added else f"where(mask == 1, {{0}}, {_filler})"

        def _kernel(m: Machine, o: dict[str, Any], form: str, given: dict[str, Any] = _given) -> np.ndarray:
            return _softmax(m, o, form, **given)

        def _maximum(m: Machine, o: dict[str, Any], form: str, given: dict[str, Any] = _given) -> np.ndarray:
            return _largest(m, o, form, **given)

        _masked = {"t": _text.format("s * scale"), "y": "softmax(t)"}
        rule(f"softmax, {_way}", _masked, LEFT, _scores, FORMS, _kernel)
        if _filler == "-inf":  # a finite one is scaled, too
            _masked = {"t": f"({_text.format('s')}) * scale", "y": "softmax(t)"}
            rule(f"softmax, {_way}, scaled afterwards", _masked, LEFT, _scores, FORMS, _kernel)
        _masked = {"t": _text.format("s @ transpose(w)"), "y": "max(t, -1)"}
        rule(f"max, {_way}", _masked, LEFT, _products, ("maximum",), _maximum)
