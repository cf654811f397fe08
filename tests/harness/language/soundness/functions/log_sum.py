"""log(sum(exp(x))) as kernels compute it: the maximum taken away or not, by exp or by exp2; and log-softmax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import rule

Form = Callable[[Machine, np.ndarray], np.ndarray]
KINDS: dict[str, O.Draw] = {
    **O.ARGUMENTS,
    "low": lambda rng, shape: rng.uniform(-104, -80, shape),
    "near the end": lambda rng, shape: rng.uniform(80, 89, shape),
    "one large": lambda rng, shape: np.where(rng.random(shape) < 0.1, 10.0 ** rng.integers(0, 9), 0),
    "excluded": lambda rng, shape: np.where(rng.random(shape) < 0.5, -np.inf, rng.standard_normal(shape) * 100),
}


def operands(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    x = KINDS[kind](rng, (8, length or int(rng.choice(O.LENGTHS)))).astype(F)
    x = np.where(np.isfinite(x) | (x == -np.inf), x, F(1))
    x[:, 0] = np.where(np.isfinite(x[:, 0]), x[:, 0], F(0))
    return {"x": x}


def from_the_maximum(m: Machine, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x - max, max, and the logarithm of the sum of the powers of the former."""
    top = m.read(x)[0].max(-1)
    z = m.sub(x, top[:, None])
    return z, top, m.within_ulps(np.log, m.total(m.exp(z)))


def stable(m: Machine, x: np.ndarray) -> np.ndarray:
    _, top, log = from_the_maximum(m, x)
    return m.add(top, log)


def by_exp2(m: Machine, x: np.ndarray) -> np.ndarray:
    top = m.read(x)[0].max(-1)
    z = m.mul(m.sub(x, top[:, None]), F(1.4426950408889634))
    return m.add(top, m.within_ulps(np.log, m.total(m.within_ulps(np.exp2, z))))


def plain(m: Machine, x: np.ndarray) -> np.ndarray:
    """Without the maximum, where nothing overflows or vanishes."""
    total = m.total(m.exp(x))
    fits = np.isfinite(total) & (total > x.shape[-1] * F(2.0**-118 if m.flush else 2.0**-140))
    return np.where(fits, m.within_ulps(np.log, np.where(fits, total, F(1))), stable(m, x))


def double(m: Machine, x: np.ndarray) -> np.ndarray:
    wide = m.read(x)[0].astype(np.float64)
    top = wide.max(-1)
    return m.kept((top + np.log(np.exp(wide - top[:, None]).sum(-1))).astype(F))


FORMS: dict[str, Form] = {"maximum away": stable, "exp2": by_exp2, "plain": plain, "float64": double}


def log_softmax(m: Machine, x: np.ndarray) -> np.ndarray:
    z, _, log = from_the_maximum(m, x)
    return m.sub(z, log[:, None])


def subtracted(m: Machine, x: np.ndarray) -> np.ndarray:
    return m.sub(x, stable(m, x)[:, None])


rule("log of a sum of powers", "log(sum(exp(x), 1))", KINDS, operands, FORMS, lambda m, o, form: FORMS[form](m, o["x"]))
rule("log of a sum of powers, scaled", "log(sum(exp(0.3 * x), 1))", KINDS, operands, FORMS,
     lambda m, o, form: FORMS[form](m, m.mul(F(0.3), o["x"])))  # fmt: skip
rule("logsumexp", "logsumexp(x, 1)", KINDS, operands, FORMS, lambda m, o, form: FORMS[form](m, o["x"]))
SOFTMAX: dict[str, Form] = {"maximum away": log_softmax, "sum away": subtracted}
rule("log_softmax of x", "log_softmax(x)", KINDS, operands, SOFTMAX, lambda m, o, form: SOFTMAX[form](m, o["x"]))
rule("log_softmax of a product", "log_softmax(0.3 * x)", KINDS, operands, SOFTMAX,
     lambda m, o, form: SOFTMAX[form](m, m.mul(F(0.3), o["x"])))  # fmt: skip


def smoothed(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    """A loss with smoothed labels: of each log-probability, or of the logits and the logarithm apart."""
    x, n = o["x"], o["x"].shape[-1]
    if form == "each":
        return m.div(m.total(-log_softmax(m, x)), F(n))
    return m.sub(stable(m, x), m.div(m.total(x), F(n)))


FINITE = {kind: KINDS[kind] for kind in KINDS if kind != "excluded"}
rule("mean of log_softmax", "mean(-log_softmax(x), 1)", FINITE, operands, ("each", "apart"), smoothed)
_shifted = {"z": "x - max(x, 1)[:, None]", "y": "z - log(sum(exp(z), 1))[:, None]"}
_whole = {"y": "x - log(sum(exp(x), 1))[:, None]"}
for _name, _equations in {"shifted": _shifted, "whole": _whole}.items():
    rule(f"log-softmax, {_name}", _equations, KINDS, operands, SOFTMAX, lambda m, o, form: SOFTMAX[form](m, o["x"]))
