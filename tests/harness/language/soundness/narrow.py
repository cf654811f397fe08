"""Sums as kernels for narrow formats do them, one rounding after the other, beside the bound of their arithmetic.

Every number is held in float64. A sum of two numbers, or of a product and a number, is rounded to odd first (emulate.py
says why), so that it is rounded once to the accumulator. The rounding is written here again, apart from the one that
the bound uses. A `Recipe` is all there is to a case, which has many rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np

from harness.language.accumulators import TF32, Adder, Sums
from harness.language.arithmetic import Arithmetic, float32
from harness.language.dtypes import DTYPES, Floating
from harness.language.evaluate import Bindings
from harness.language.exact.domain import Exact
from harness.language.syntax import parse
from tests.harness.language.soundness import adders
from tests.harness.language.soundness.rounding import rounded, rounded_sum

F32, F64, F16, BF16, E4M3 = (DTYPES[name].numbers for name in ("f32", "f64", "f16", "bf16", "f8_e4m3fn"))
ORDERS = ("sequential", "reversed", "permuted", "4 lanes", "8 lanes", "pairwise", "4 parts")
HOW = ("unfused", "fused", "by float32")
Array = np.ndarray


@dataclass(frozen=True)
class Way:
    """A way of summing: an order, and where roundings fall.

    unfused: products are rounded to the accumulator, then added. fused: they are added exactly. by float32: products,
    and sums before they are rounded to the accumulator, are float32 numbers.
    """

    rng: np.random.Generator
    sums: Sums
    order: str
    how: str
    flush: bool = False  # subnormal results become zero

    def kept(self, x: Array, numbers: Floating) -> Array:
        """A result that was rounded to a format."""
        return np.where(np.abs(x) < 2.0**numbers.emin, 0.0, x) if self.flush else x

    # --- single operations --------------------------------------------------------------------------------------

    def compute(self, x: Array) -> Array:
        """As everything else is held."""
        return self.kept(rounded(x, F32), F32)

    def held(self, x: Array) -> Array:
        """As the accumulator holds it."""
        acc = self.sums.accumulator
        return self.kept(rounded(self.compute(x) if self.how == "by float32" and acc.digits < 24 else x, acc), acc)

    def either(self, x: Array) -> Array:
        """An operation beside sums, in float32 or in a narrow accumulator."""
        return self.held(x) if self.how == "unfused" and self.sums.accumulator.digits < 24 else self.compute(x)

    def added(self, x: Array, y: Array, numbers: Floating) -> Array:
        if self.how == "by float32" and numbers.digits < 24:
            return self.kept(rounded(self.kept(rounded_sum(x, y, F32), F32), numbers), numbers)
        return self.kept(rounded_sum(x, y, numbers), numbers)

    # --- sums over the last axis --------------------------------------------------------------------------------

    def total(self, terms: Array) -> Array:
        """Numbers, or exact products, summed; the result is a float32 number."""
        if not self.sums.blocks:
            return self.compute(self._ordered(terms, self.sums.accumulator))
        length, promoted = self.sums.blocks, self.sums.promoted
        assert promoted is not None
        if self.rng.integers(2):
            terms = terms[..., self.rng.permutation(terms.shape[-1])]
        parts = [self._ordered(terms[..., i : i + length], self.sums.accumulator)
                 for i in range(0, terms.shape[-1], length)]  # fmt: skip
        return self.compute(self._ordered(np.stack(parts, -1), promoted, "sequential"))

    def dot(self, x: Array, y: Array) -> Array:
        """Products of stored numbers, summed."""
        if self.sums.cut_operands:
            x, y = (self._cut(part) for part in (x, y))
        terms = x * y  # at most 48 digits
        if self.sums.exact_products or self.how == "fused":
            return self.total(terms)
        if self.how == "by float32" or self.sums.accumulator.digits > 24:
            return self.total(self.compute(terms))
        return self.total(self.held(terms))

    def _cut(self, x: Array) -> Array:
        kept = rounded(x, TF32), rounded(x, TF32, "zero"), x
        return kept[int(self.rng.integers(3))]

    def _ordered(self, terms: Array, numbers: Floating, order: str = "") -> Array:
        match order or self.order:
            case "reversed":
                terms = terms[..., ::-1]
            case "permuted":
                terms = terms[..., self.rng.permutation(terms.shape[-1])]
            case "4 lanes":
                return self._tree(self._lanes(terms, 4, numbers), numbers)
            case "8 lanes":
                return self._along(self._lanes(terms, 8, numbers), numbers)
            case "pairwise":
                return self._tree(terms, numbers)
            case "4 parts":
                parts = np.array_split(terms, min(4, terms.shape[-1]), -1)
                return self._tree(np.stack([self._along(part, numbers) for part in parts], -1), numbers)
        return self._along(terms, numbers)

    def _along(self, terms: Array, numbers: Floating) -> Array:
        sum_ = self.kept(rounded(terms[..., 0], numbers), numbers)
        for i in range(1, terms.shape[-1]):
            sum_ = self.added(sum_, terms[..., i], numbers)
        return sum_

    def _lanes(self, terms: Array, lanes: int, numbers: Floating) -> Array:
        pad = [(0, 0)] * (terms.ndim - 1) + [(0, -terms.shape[-1] % lanes)]
        wide = np.pad(terms, pad).reshape(*terms.shape[:-1], -1, lanes)
        return self._along(np.swapaxes(wide, -1, -2), numbers)

    def _tree(self, parts: Array, numbers: Floating) -> Array:
        parts = self.kept(rounded(parts, numbers), numbers)
        while parts.shape[-1] > 1:
            if parts.shape[-1] % 2:
                parts = np.concatenate([parts, np.zeros_like(parts[..., :1])], -1)
            parts = self.added(parts[..., ::2], parts[..., 1::2], numbers)
        return parts[..., 0]


class OnTensorCores(Way):
    """Dot products by an aligning adder; other sums as ever."""

    def dot(self, x: Array, y: Array) -> Array:
        adder, length = self.sums.adder, self.sums.blocks or x.shape[-1]
        assert adder is not None
        x, y = np.broadcast_arrays(x, y)
        if self.order in ("reversed", "permuted"):
            places = self.rng.permutation(x.shape[-1]) if self.order == "permuted" else np.arange(x.shape[-1])[::-1]
            x, y = x[..., places], y[..., places]
        emin, acc = OPERANDS[self.how].emin, self.sums.accumulator
        parts = [adders.dot(x[..., i : i + length], y[..., i : i + length], adder, emin, acc.emin)
                 for i in range(0, x.shape[-1], length)]  # fmt: skip
        if len(parts) == 1:
            return self.compute(parts[0])
        assert self.sums.promoted is not None
        return self.compute(self._along(np.stack(parts, -1), self.sums.promoted))


# --- equations with their kernels -----------------------------------------------------------------------------------

Kernel = Callable[[Way, dict[str, Array], str], Array]


@dataclass(frozen=True)
class Equation:
    """What is computed of w and x [rows, n], z [n], s and m [rows], and how kernels do it."""

    text: str
    forms: tuple[str, ...]
    kernel: Kernel


def _scaled(way: Way, o: dict[str, Array], form: str) -> Array:
    if form == "after":
        return way.compute(way.either(o["s"] * way.dot(o["w"], o["x"])))
    return way.compute(way.dot(way.either(o["s"][:, None] * o["w"]), o["x"]))


def _quantised(way: Way, o: dict[str, Array], form: str) -> Array:
    """A row of d q x - m x, as block formats have it."""
    s, m, q, x = o["s"][:, None], o["m"][:, None], o["w"], o["x"]
    first, second = way.either(way.either(s * q) * x), way.either(m * x)
    if form == "two sums":
        return way.either(rounded_sum(way.total(first), -way.total(second), F32))
    if form == "decoded":
        return way.total(way.either(way.either(rounded_sum(way.either(s * q), -m * np.ones_like(q), F32)) * x))
    return way.total(np.stack([first, -second], -1).reshape(len(q), -1))


def _mean(way: Way, o: dict[str, Array], form: str) -> Array:
    n = o["w"].shape[-1]
    total = way.total(o["w"])
    return way.either(total / n) if form == "divided" else way.either(total * float(np.float32(1 / n)))


EQUATIONS = {
    "dot product": Equation("sum(w * x, 1)", ("dot",), lambda way, o, _: way.dot(o["w"], o["x"])),
    "matrix product": Equation("w @ z", ("dot",), lambda way, o, _: way.dot(o["w"], o["z"][None])),
    "sum": Equation("sum(w, 1)", ("sum",), lambda way, o, _: way.total(o["w"])),
    "scaled": Equation("s * sum(w * x, 1)", ("after", "before"), _scaled),
    "quantised row": Equation(
        "sum(s[..., None] * w * x, 1) - sum(m[..., None] * x, 1)", ("two sums", "decoded", "one sum"), _quantised
    ),
    "mean": Equation("mean(w, 1)", ("divided", "reciprocal"), _mean),
}

# --- arithmetics ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Declared:
    """An arithmetic of contracts, the format of its operands, and the equations that it is tried on."""

    arithmetic: Arithmetic
    operands: Floating
    equations: tuple[str, ...] = tuple(EQUATIONS)
    how: tuple[str, ...] = HOW


def _declared(
    sums: Sums, operands: Floating, *equations: str, how: tuple[str, ...] = HOW, flush: bool = False
) -> Declared:
    arithmetic = replace(float32(flush_to_zero=flush), sums=sums)
    return Declared(arithmetic, operands, equations or tuple(EQUATIONS), how)


def _on_tensor_cores(name: str, adder: Adder, accumulator: Floating = F32, blocks: int = 0) -> Declared:
    sums = Sums(accumulator, exact_products=True, adder=adder, blocks=blocks, promoted=F32 if blocks else None)
    return _declared(sums, OPERANDS[name], "dot product", "matrix product", how=(name,))


OPERANDS = {"f16": F16, "bf16": BF16, "e4m3": E4M3, "e5m2": DTYPES["f8_e5m2"].numbers}
DOTS = ("dot product", "matrix product", "sum")
ARITHMETICS = {
    "f16": _declared(Sums(F16), F16),
    "bf16": _declared(Sums(BF16), BF16),
    "f16 of float32": _declared(Sums(F16), F32),
    "bf16 of float32": _declared(Sums(BF16), F32),
    "f16, flushed": _declared(Sums(F16), F16, flush=True),
    "bf16 of float32, flushed": _declared(Sums(BF16), F32, flush=True),
    "f64": _declared(Sums(F64), F32),
    "f64, exact products": _declared(Sums(F64, exact_products=True), F32, *DOTS),
    "exact products of bf16": _declared(Sums(F32, exact_products=True), BF16, *DOTS),
    "exact products of float32": _declared(Sums(F32, exact_products=True), F32, *DOTS),
    "tf32": _declared(Sums(F32, cut_operands=True), F32, *DOTS),
    "blocks of 32": _declared(Sums(F32, blocks=32, promoted=F32), F32),
    "blocks of 32, promoted f64": _declared(Sums(F32, blocks=32, promoted=F64), F32),
    "bf16, blocks of 16": _declared(Sums(BF16, blocks=16, promoted=F32), BF16),
    "f16, blocks of 32": _declared(Sums(F16, blocks=32, promoted=F32), F16),
    "Volta f16": _on_tensor_cores("f16", Adder(4, 23, "truncate", 24)),
    "Ampere f16": _on_tensor_cores("f16", Adder(8, 24, "truncate", 24)),
    "Ampere bf16": _on_tensor_cores("bf16", Adder(8, 24, "truncate", 24)),
    "Hopper f16": _on_tensor_cores("f16", Adder(16, 25, "truncate", 24)),
    "Hopper bf16": _on_tensor_cores("bf16", Adder(16, 25, "truncate", 24)),
    "Hopper e4m3": _on_tensor_cores("e4m3", Adder(32, 13, "truncate", 14)),
    "Hopper e5m2": _on_tensor_cores("e5m2", Adder(32, 13, "truncate", 14)),
    "Hopper e4m3, blocks of 128": _on_tensor_cores("e4m3", Adder(32, 13, "truncate", 14), blocks=128),
    "f16 out": _on_tensor_cores("f16", Adder(8, 24, "nearest", 11), F16),
    "floor": _on_tensor_cores("bf16", Adder(8, 24, "floor", 24)),
}

# --- operands -------------------------------------------------------------------------------------------------------

LENGTHS = (1, 2, 3, 4, 5, 8, 16, 33, 64, 128, 300, 1000)


def _lost(rng: np.random.Generator, shape: tuple[int, int], numbers: Floating) -> tuple[Array, Array]:
    """One product of 1, then products a hair below a power of two: what an adder cuts off whole."""
    w, x = np.ones(shape), np.ones(shape)
    exponent = rng.integers(8, 27, (shape[0], 1))
    w[:, 1:] = np.ldexp(2 - 2.0 ** (1 - numbers.digits), -(exponent // 2))
    x[:, 1:] = np.ldexp(2 - 2.0 ** (1 - numbers.digits), -(exponent - exponent // 2) - 1)
    return w, x * rng.choice([-1.0, 1.0], (shape[0], 1))


def _cancelling(rng: np.random.Generator, shape: tuple[int, int], _numbers: Floating) -> tuple[Array, Array]:
    """A large number and its opposite within one group, and small ones."""
    w, x = rng.standard_normal(shape) * 2.0**-8, rng.uniform(0.5, 1, shape)
    large = 2.0 ** rng.integers(5, 12, (shape[0], 1))
    w[:, ::4], w[:, 1::4] = large, -large
    x[:, ::4], x[:, 1::4] = 1, 1
    return w, x


def _creeping(rng: np.random.Generator, shape: tuple[int, int], _numbers: Floating) -> tuple[Array, Array]:
    """One, and a little more than half its last place in one of the accumulators, many times."""
    w = np.full(shape, 2.0 ** -float(rng.choice([8, 11, 24])) * (1 + 2.0**-6))
    w[:, 0] = 1
    return w, np.ones(shape)


def _subnormal(rng: np.random.Generator, shape: tuple[int, int], numbers: Floating) -> tuple[Array, Array]:
    power = numbers.emin - rng.integers(0, numbers.digits, (shape[0], 1))
    w = rng.standard_normal(shape) * np.ldexp(1.0, power)
    return w, rng.standard_normal(shape) * 2.0 ** rng.integers(-2, 4, (shape[0], 1))


def _both(draw: Callable[[np.random.Generator, tuple[int, int]], Array]) -> Any:
    return lambda rng, shape, _numbers: (draw(rng, shape), draw(rng, shape))


KINDS: dict[str, Callable[[np.random.Generator, tuple[int, int], Floating], tuple[Array, Array]]] = {
    "normal": _both(lambda rng, shape: rng.standard_normal(shape)),
    "positive": _both(lambda rng, shape: rng.uniform(0.5, 1, shape)),
    "mixed": _both(lambda rng, shape: rng.standard_normal(shape) * 2.0 ** rng.integers(-6, 5, shape)),
    "integers": _both(lambda rng, shape: rng.integers(-3, 4, shape).astype(float)),
    "constant": _both(lambda rng, shape: np.full(shape, rng.uniform(0.5, 2))),
    "sparse": _both(lambda rng, shape: rng.standard_normal(shape) * (rng.random(shape) < 0.1)),
    "large": _both(lambda rng, shape: rng.standard_normal(shape) * 2.0 ** rng.integers(4, 8)),
    "lost": _lost,
    "cancelling": _cancelling,
    "creeping": _creeping,
    "subnormal": _subnormal,
}


def drawn(kind: str, rng: np.random.Generator, shape: tuple[int, int], numbers: Floating) -> list[Array]:
    """Two arrays of a kind, of numbers of a format."""
    made = (rounded(part, numbers) for part in KINDS[kind](rng, shape, numbers))
    return [np.clip(part, -numbers.largest, numbers.largest) for part in made]


@dataclass(frozen=True)
class Recipe:
    """One case of many rows: which arithmetic and equation, on which operands, computed how."""

    arithmetic: str
    equation: str
    kind: str
    seed: int
    form: str
    order: str
    how: str
    rows: int = 32


@dataclass(frozen=True)
class Outcome:
    """What a kernel returned beside value and bound; `size`: the absolute sum of a dot product."""

    value: Array
    bound: Array
    got: Array
    operands: dict[str, Array]

    @property
    def judged(self) -> Array:
        return np.isfinite(self.bound)

    @property
    def error(self) -> Array:
        with np.errstate(invalid="ignore"):
            return np.where(self.got == self.value, 0.0, np.abs(self.got - self.value))

    @property
    def outside(self) -> Array:
        """Where the bound is broken; a kernel may not even overflow where it is finite."""
        return np.isnan(self.bound) | (self.judged & ~(self.error <= self.bound))

    @property
    def ratios(self) -> Array:
        """error / bound, where there is a bound that is not zero."""
        where = self.judged & (self.bound > 0)
        return np.asarray(self.error[where] / self.bound[where])


def attack(recipe: Recipe, arithmetic: Arithmetic | None = None) -> Outcome:
    """Run the recipe's kernel and set it beside the bound of its arithmetic, or of another one."""
    declared = ARITHMETICS[recipe.arithmetic]
    equation = EQUATIONS[recipe.equation]
    rng = np.random.default_rng([recipe.seed, crc32(f"{recipe.arithmetic} {recipe.kind}".encode())])
    shape = recipe.rows, int(rng.choice(LENGTHS))
    numbers = declared.operands
    w, x = drawn(recipe.kind, rng, shape, numbers)
    s, m = (rounded(rng.standard_normal(recipe.rows), numbers) for _ in range(2))
    operands = {"w": w, "x": x, "z": x[0], "s": s, "m": m}
    domain = Exact(arithmetic or declared.arithmetic)
    given = {name: value.astype(np.float32) for name, value in operands.items()}
    with np.errstate(all="ignore"):
        answer = domain.real(Bindings(domain, {"y": parse(equation.text)}, {}, given).value("y"))
        sums = declared.arithmetic.sums
        assert sums is not None
        way = (OnTensorCores if sums.adder else Way)(rng, sums, recipe.order, recipe.how, declared.arithmetic.flushes)
        got = equation.kernel(way, operands, recipe.form)
    return Outcome(answer.v, np.asarray(answer.bound()), got, operands)


def recipe_of(rng: np.random.Generator, arithmetic: str, rows: int = 32) -> Recipe:
    """Any recipe for one arithmetic."""
    declared = ARITHMETICS[arithmetic]
    equation = str(rng.choice(declared.equations))
    form, order = str(rng.choice(EQUATIONS[equation].forms)), str(rng.choice(ORDERS))
    kind, how = str(rng.choice(list(KINDS))), str(rng.choice(declared.how))
    return Recipe(arithmetic, equation, kind, int(rng.integers(2**31)), form, order, how, rows)
