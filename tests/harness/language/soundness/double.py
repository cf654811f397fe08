"""Kernels in float64 beside the bound of `compute: f64`, which holds the evaluator's own error too.

Each equation is computed in float64, summed in another order than NumPy's, and in NumPy's longest format, rounded at
the end. Where that has 64 digits (x86) it is nearly the true value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.language.arithmetic import Arithmetic, float64
from harness.language.evaluate import Bindings
from harness.language.exact.domain import Exact
from harness.language.syntax import parse
from tests.harness.language.soundness.narrow import Outcome

Array = np.ndarray


@dataclass(frozen=True)
class Computer:
    """One number format, and one order of summation."""

    number: Any
    rng: np.random.Generator
    order: str

    def __call__(self, x: Array) -> Array:
        return np.asarray(x).astype(self.number)

    def total(self, x: Array) -> Array:
        x = x[..., self.rng.permutation(x.shape[-1])] if self.order == "permuted" else x
        return np.add.accumulate(x, -1, dtype=self.number)[..., -1]

    def softmax(self, x: Array, form: str) -> Array:
        shifted = x - x.max(-1, keepdims=True)
        if form == "logarithm":
            return np.exp(shifted - np.log(self.total(np.exp(shifted)))[..., None])
        powers = np.exp(shifted)
        return powers * (1 / self.total(powers)[..., None]) if form == "reciprocal" else (
            powers / self.total(powers)[..., None])  # fmt: skip


Kernel = Callable[[Computer, Array, Array, str], Array]


def _norm(c: Computer, w: Array, _x: Array, form: str) -> Array:
    mean = c.total(w * w) / c.number(w.shape[-1]) + c.number(1e-6)
    return w * (1 / np.sqrt(mean))[..., None] if form == "reciprocal" else w / np.sqrt(mean)[..., None]


def _sigmoid(c: Computer, w: Array, _x: Array, form: str) -> Array:
    if form == "as written":
        return 1 / (1 + np.exp(-w))
    with np.errstate(all="ignore"):
        power = np.exp(w)
        return np.where(w > 700, c.number(1), power * (1 / (1 + power)))


def _log_sum(c: Computer, w: Array, _x: Array, _form: str) -> Array:
    top = w.max(-1)
    return top + np.log(c.total(np.exp(w - top[..., None])))


def _log_softmax(c: Computer, w: Array, x: Array, form: str) -> Array:
    if form == "reciprocal":
        return w - _log_sum(c, w, x, form)[..., None]
    z = w - w.max(-1, keepdims=True)
    return z - np.log(c.total(np.exp(z)))[..., None]


def _softplus(c: Computer, w: Array, x: Array, form: str) -> Array:
    z = w * x
    if form == "as written":
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    return np.where(z > 40, z, np.log(1 + np.exp(np.minimum(z, 40))))


def _gelu_tanh(c: Computer, w: Array, x: Array, _form: str) -> Array:
    z = w * x
    inner = np.sqrt(2 / np.arccos(c.number(-1))) * (z + c.number(0.044715) * z * z * z)
    return z * (1 + np.tanh(inner)) / 2


def _erf(c: Computer, x: Array) -> Array:
    return np.vectorize(math.erf, otypes=[np.float64])(x) if c.number is np.float64 else error_function(x)


def error_function(x: Array) -> Array:
    """erf in the number format of x, by a series without cancellation: exp(-x x) times (2 x x)**n / (2 n + 1)!!."""
    z = np.minimum(np.abs(x), 8)
    term = 2 / np.sqrt(np.arccos(x.dtype.type(-1))) * z * np.exp(-z * z)
    total = term
    for n in range(1, 250):
        term = term * (2 * z * z) / (2 * n + 1)
        total = total + term
    return np.copysign(total, x)


FORMS = ("as written", "reciprocal", "logarithm")
EQUATIONS: dict[str, Kernel] = {
    "w @ x": lambda c, w, x, _: c.total(w * x),
    "sum(w, 1)": lambda c, w, x, _: c.total(w),
    "mean(w, 1)": lambda c, w, x, _: c.total(w) / c.number(w.shape[1]),
    "(w @ x) * 3 - sum(w, 1)": lambda c, w, x, _: c.total(w * x) * c.number(3) - c.total(w),
    "maximum(w @ x, sum(w, 1))": lambda c, w, x, _: np.maximum(c.total(w * x), c.total(w)),
    "clip(w * x, -0.3, 0.7)": lambda c, w, x, _: np.clip(w * x, c.number(-0.3), c.number(0.7)),
    "floor(w @ x)": lambda c, w, x, _: np.floor(c.total(w * x)),
    "cumsum(w * x, 1)": lambda c, w, x, _: np.cumsum(w * x, 1, dtype=c.number),
    "prod(w, 1)": lambda c, w, x, _: np.multiply.reduce(w, 1, dtype=c.number),
    "pow(w, 3) - pow(x, 3)": lambda c, w, x, _: w * w * w - x * x * x,
    "pow(w, -3)": lambda c, w, x, form: (1 / w) * (1 / w) * (1 / w) if form == "reciprocal" else 1 / (w * w * w),
    "pow(w @ x, 2 - arange(16))": lambda c, w, x, _: c.total(w * x) ** c(2 - np.arange(16)),
    "ldexp(w * x, 5)": lambda c, w, x, _: np.ldexp(w * x, 5),
    "max(w * x, 1)": lambda c, w, x, _: (w * x).max(1),
    "w / (abs(x) + 0.5)": lambda c, w, x, form: (
        w * (1 / (np.abs(x) + c.number(0.5))) if form == "reciprocal" else w / (np.abs(x) + c.number(0.5))
    ),
    "exp(w)": lambda c, w, x, _: np.exp(w),
    "exp(w @ x)": lambda c, w, x, _: np.exp(c.total(w * x)),
    "tanh(w * x)": lambda c, w, x, _: np.tanh(w * x),
    "sqrt(abs(w * x))": lambda c, w, x, _: np.sqrt(np.abs(w * x)),
    "rsqrt(abs(w) + 1e-9)": lambda c, w, x, _: 1 / np.sqrt(np.abs(w) + c.number(1e-9)),
    "log(abs(w) + 1)": lambda c, w, x, _: np.log(np.abs(w) + 1),
    "sigmoid(w)": _sigmoid,
    "silu(w * x)": lambda c, w, x, form: w * x * _sigmoid(c, w * x, x, form),
    "softmax(w)": lambda c, w, x, form: c.softmax(w, form),
    "softmax(w * x)": lambda c, w, x, form: c.softmax(w * x, form),
    "softmax(stack(w @ x, sum(w, 1)))": lambda c, w, x, form: c.softmax(
        np.stack([c.total(w * x), c.total(w)], -1), form
    ),
    "log(sum(exp(w), 1))": _log_sum,
    "logsumexp(w * x, 1)": lambda c, w, x, form: _log_sum(c, w * x, x, form),
    "log_softmax(w)": _log_softmax,
    "sin(w)": lambda c, w, x, _: np.sin(w),
    "cos(w * x)": lambda c, w, x, _: np.cos(w * x),
    "exp2(w * x)": lambda c, w, x, _: np.exp2(w * x),
    "log2(abs(w) + 1)": lambda c, w, x, _: np.log2(np.abs(w) + 1),
    "reciprocal(w * x)": lambda c, w, x, _: 1 / (w * x),
    "softplus(w * x)": _softplus,
    "erf(w * x)": lambda c, w, x, _: _erf(c, w * x),
    "gelu(w)": lambda c, w, x, _: w * (1 + _erf(c, w * np.sqrt(c.number(0.5)))) / 2,
    "gelu_tanh(w * x)": _gelu_tanh,
    "rms_norm(w, 1, 0.000001)": _norm,
}
SCALES = (1.0, 1e-3, 30.0, 1e-160, 1e100)


def attack(text: str, seed: int, form: str, arithmetic: Arithmetic | None = None, rows: int = 16) -> Outcome:
    """Both kernels of one equation, one after the other, beside the bound."""
    rng = np.random.default_rng([seed, len(text)])
    n, scale = int(rng.choice([1, 2, 3, 8, 50, 200])), float(rng.choice(SCALES))
    w, x = rng.standard_normal((rows, n)) * scale, rng.standard_normal(n)
    if rng.integers(3) == 0:
        w = np.ldexp(np.rint(np.ldexp(w / scale, 3)), -3) * scale
    domain = Exact(arithmetic or float64())
    with np.errstate(all="ignore"):
        answer = domain.real(Bindings(domain, {"y": parse(text)}, {}, {"w": w, "x": x}).value("y"))
        got = []
        for number in (np.float64, np.longdouble):
            computer = Computer(number, rng, str(rng.choice(["in order", "permuted"])))
            got.append(np.asarray(EQUATIONS[text](computer, computer(w), computer(x), form), np.float64))
    value, bound = (np.broadcast_to(part, (2, *answer.v.shape)) for part in (answer.v, answer.bound()))
    return Outcome(value, bound, np.stack(got), {"w": w, "x": x})
