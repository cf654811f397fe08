"""The functions of mutants, in float32 and exactly."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from harness.language.behind import is_far
from harness.language.dtypes import DTYPES, Dtype
from harness.language.error_function import erf
from harness.language.evaluate import decode
from harness.language.exact.choice import Choice, Truth
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.functions import FUNCTIONS
from harness.language.mutate import wrong_rounding
from harness.language.mutate.faulty import PREFIX, ROUNDED
from harness.language.packed import Packed
from harness.language.rounding import stored
from harness.language.single import Single

Value = Any
F = np.float32


def gelu(x: np.ndarray) -> np.ndarray:
    """0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x**3))): GELU as most networks have it."""
    return x * x.dtype.type(0.5) * (1 + np.tanh(x.dtype.type(0.7978845608) * (x + x.dtype.type(0.044715) * x * x * x)))


def gelu_erf(x: np.ndarray) -> np.ndarray:
    """0.5 x (1 + erf(x / sqrt(2))): GELU as it was first defined."""
    return x * x.dtype.type(0.5) * (1 + erf(x * x.dtype.type(0.5) ** 0.5).astype(x.dtype))


def half_even(x: np.ndarray) -> np.ndarray:
    """To the nearest integer, halves to the even one."""
    return np.rint(x)


def bf16(x: np.ndarray) -> np.ndarray:
    """Rounded to bfloat16 and back: the upper half of a float32, to nearest even."""
    bits = np.asarray(x, F).view(np.uint32).astype(np.uint64)
    kept = ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype(np.uint32).view(F)
    return np.where(np.isfinite(x), kept, x).astype(x.dtype)


def f16(x: np.ndarray) -> np.ndarray:
    """Rounded to float16 and back; beyond 65504 infinite."""
    with np.errstate(over="ignore"):
        return x.astype(np.float16).astype(x.dtype)


def through(name: str) -> Callable[[np.ndarray], np.ndarray]:
    """A function that rounds to a format and back."""

    def rounded(x: np.ndarray) -> np.ndarray:
        return stored(x, DTYPES[name]).astype(x.dtype)

    return rounded


def bottom_k(p: np.ndarray, k: int) -> np.ndarray:
    """The k smallest, ascending."""
    return np.argsort(p, kind="stable")[..., :k]


def top_k_last(p: np.ndarray, k: int) -> np.ndarray:
    """The k largest, descending; ties by higher index."""
    return p.shape[-1] - 1 - np.argsort(-p[..., ::-1], kind="stable")[..., :k]


def top_k_ascending(p: np.ndarray, k: int) -> np.ndarray:
    """The k largest, in ascending order."""
    return np.argsort(-p, kind="stable")[..., :k][..., ::-1]


ELEMENTWISE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "gelu": gelu, "gelu_erf": gelu_erf, "half_even": half_even,
    **{name: through(name) for name in ROUNDED}, "bf16": bf16, "f16": f16,
}  # fmt: skip
# Conversions of float64 numbers to a format: each gives the number that is stored, as float64.
CONVERSIONS: dict[str, Callable[[np.ndarray, Dtype], np.ndarray]] = {
    "cut": wrong_rounding.cut, "ties_away": wrong_rounding.ties_away, "flushed": wrong_rounding.flushed,
    "saturated": wrong_rounding.saturated, "overflown": wrong_rounding.overflown, "wrapped": wrong_rounding.wrapped,
}  # fmt: skip
# Products and sums that are rounded to a format after every addition.
PRODUCTS: dict[str, Callable[..., np.ndarray]] = {
    "product_in": wrong_rounding.product_in,
    "matvec_in": wrong_rounding.matvec_in,
}
SUMS = {"sum_in": wrong_rounding.sum_in, "mean_in": wrong_rounding.mean_in}
RANKING: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "bottom_k": bottom_k, "top_k_last": top_k_last, "top_k_ascending": top_k_ascending,
}  # fmt: skip


SCANS = ("exclusive_cumsum", "reversed_cumsum")


def scanned(name: str, x: Value, axis: int, domain: Single | Exact) -> Value:
    """The sums of the entries before each, or of those from each to the last."""

    def turned(part: np.ndarray) -> np.ndarray:
        return np.flip(part, axis)

    if name == "reversed_cumsum":
        return domain.moved(domain.call("cumsum", [domain.moved(x, turned), axis], {}), turned)
    sums = domain.call("cumsum", [x, axis], {})
    if isinstance(sums, Bounded):
        return Bounded(_one_later(sums.v, axis), sums.ar)
    return _one_later(sums, axis)


def _one_later(sums: np.ndarray, axis: int) -> np.ndarray:
    """Every entry at the next place, and zero at the first."""
    later = np.roll(sums, 1, axis)
    np.moveaxis(later, axis, 0)[:1] = 0
    return later


def rolled(x: np.ndarray, axis: int) -> np.ndarray:
    """Every entry moved round by one: an index finds the entry after the one that is meant."""
    return np.roll(x, -1, axis)


def column_major(x: np.ndarray, first: int, count: int) -> np.ndarray:
    """The same memory read as if, of `count` axes from `first` on, the first ran fastest."""
    before, moved, after = x.shape[:first], x.shape[first : first + count], x.shape[first + count :]
    order = np.arange(int(np.prod(moved))).reshape(moved, order="F")
    return np.take(x.reshape(*before, -1, *after), order, axis=first)


def tiled(x: np.ndarray, n: int, axis: int) -> np.ndarray:
    """The whole axis n times, in place of each of its entries n times."""
    return np.concatenate([x] * n, axis) if n else x.take([], axis)


def next_block(x: np.ndarray) -> np.ndarray:
    """Every block has the number of the block after it; `x` is one of many blocks."""
    return np.roll(x, -1, 0)


def swapped_pairs(x: np.ndarray) -> np.ndarray:
    """Along the last axis, the first and the second of every two change places."""
    return x.reshape(*x.shape[:-1], -1, 2)[..., ::-1].reshape(x.shape)


def even_first(x: np.ndarray) -> np.ndarray:
    """Along the last axis, the first of every two, and then the second ones."""
    return np.concatenate([x[..., ::2], x[..., 1::2]], -1)


OF_BLOCKS = {"next_block": next_block, "swapped_pairs": swapped_pairs, "even_first": even_first}


def sort_descending(domain: Single | Exact, x: Value) -> Value:
    """From the largest to the smallest."""
    return domain.moved(domain.call("sort", [x], {}), lambda part: part[..., ::-1])


def argsort_descending(domain: Single | Exact, x: Value) -> Value:
    """The same of the indices; of a choice those of the exact scores."""
    order = domain.call("argsort", [x], {})
    return (order.index if isinstance(order, Choice) else order)[..., ::-1]


def scatter_added(domain: Single | Exact, x: Value, ids: Value, values: Value) -> Value:
    """The rows are added to what is there."""
    return domain.binary("+", x, domain.call("segment_sum", [values, ids, x.shape[0]], {}))


OF_ORDER: dict[str, Callable[..., Value]] = {
    "sort_descending": sort_descending, "argsort_descending": argsort_descending, "scatter_added": scatter_added,
}  # fmt: skip


def computed(name: str, arguments: list[Any], format_: str, saturates: bool) -> np.ndarray:
    """What a function gives that rounds to a format in a wrong way or place, of float64 numbers, in float64."""
    dtype = DTYPES[format_]
    if name in CONVERSIONS:
        return wrong_rounding.written(CONVERSIONS[name](arguments[0], dtype), dtype, saturates)
    if name in PRODUCTS:
        return PRODUCTS[name](*arguments, dtype)
    x, *axis = arguments
    return SUMS[name](x, axis[0] if axis else None, dtype)


def moved(name: str, x: np.ndarray, keywords: dict[str, Value]) -> np.ndarray:
    """An array moved by one of the functions that only move; axes are counted from the end, there may be a batch."""
    if name in OF_BLOCKS:
        return OF_BLOCKS[name](x)
    if name == "rolled":
        return rolled(x, keywords["axis"])
    return column_major(x, x.ndim - keywords["rank"], keywords["rank"])


def _packed(name: str, x: Packed, keywords: dict[str, Value]) -> Packed:
    """The same of a tensor in blocks: whole rows are moved."""
    raw = rolled(x.raw, keywords["axis"] - 1) if name == "rolled" else column_major(x.raw, 0, x.raw.ndim - 2)
    return Packed(x.format, x.shape, np.ascontiguousarray(raw), x.label)


def taken(x: Packed, items: tuple[Any, ...], domain: Single | Exact) -> Packed:
    """A part of a tensor, with the weights that the whole was decoded to: of many mutants few need others."""
    part = x.take(items)
    if is_far(x):
        return part
    whole = decode(x, domain)
    weights = whole.map(lambda array: array[items]) if isinstance(whole, Bounded) else whole[items]
    part.cache[type(domain), domain.key] = weights
    return part


class FaultySingle(Single):
    """Plain float32, with the functions of mutants."""

    key = "faulty"

    def index(self, value: Value, items: tuple[Any, ...]) -> Value:
        return taken(value, items, self) if isinstance(value, Packed) else super().index(value, items)

    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        if not name.startswith(PREFIX):
            return super().call(name, arguments, keywords)
        name, x = name.removeprefix(PREFIX), arguments[0]
        if is_far(x):
            raise TypeError(f"{name} would move all of an array that is too large")
        with np.errstate(all="ignore"):
            if name in ELEMENTWISE:
                return ELEMENTWISE[name](self.real(x))
            if name in RANKING:
                return RANKING[name](self.real(x), arguments[1])
            if name in SCANS:
                return scanned(name, x, arguments[1] if len(arguments) > 1 else -1, self)
            if name in OF_ORDER:
                return OF_ORDER[name](self, *arguments)
            if name in FUNCTIONS:
                return super().call(name, arguments, keywords)
            if "format" in keywords:
                wide = [part if type(part) is int else np.asarray(self.real(part), np.float64) for part in arguments]
                return computed(name, wide, keywords["format"], self.saturates).astype(self.number)
            if name == "tiled":
                return self.moved(x, partial(tiled, n=arguments[1], axis=arguments[2]))
            if isinstance(x, Packed):
                return _packed(name, x, keywords)
            return moved(name, x, keywords)


class FaultyExact(Exact):
    """Exact values of mutants. What their functions give is taken as stored: only the value counts."""

    def index(self, value: Value, items: tuple[Any, ...]) -> Value:
        return taken(value, items, self) if isinstance(value, Packed) else super().index(value, items)

    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        if not name.startswith(PREFIX):
            return super().call(name, arguments, keywords)
        name, x = name.removeprefix(PREFIX), arguments[0]
        if name in ELEMENTWISE:
            return Bounded(ELEMENTWISE[name](self.real(x).v), self.ar)
        if name in RANKING:
            scores = self.real(x).close()
            return Choice(scores, RANKING[name](scores.v, arguments[1]), {})
        if name in SCANS:
            return scanned(name, x, arguments[1] if len(arguments) > 1 else -1, self)
        if name in OF_ORDER:
            return OF_ORDER[name](self, *arguments)
        if name in FUNCTIONS:
            return Bounded(super().call(name, arguments, keywords).v, self.ar)
        if "format" in keywords:
            wide = [part if type(part) is int else self.real(part).v for part in arguments]
            return Bounded(computed(name, wide, keywords["format"], self.ar.saturates), self.ar)
        if name == "tiled":
            return self.moved(x, partial(tiled, n=arguments[1], axis=arguments[2]))
        if isinstance(x, Packed):
            return _packed(name, x, keywords)

        if isinstance(x, Bounded | Truth):
            return x.map(lambda part: moved(name, part, keywords))
        return moved(name, np.asarray(self.whole(x)), keywords)
