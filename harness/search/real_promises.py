"""What kinds of real numbers promise of a whole array, and the simplest arrays that keep the promise.

A counterexample shrinks: entries become zero or one. Of probabilities that would leave what no contract draws.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from harness.language.dtypes import Floating, of_array

PROMISES = ("positive", "probabilities", "sorted", "unit_pairs")


def may_be_of(array: np.ndarray, kinds: tuple[str, ...]) -> bool:
    """Whether an array of real numbers is what one of the kinds promises; most promise nothing."""
    dtype = of_array(array.dtype)
    if not array.size or dtype is None or not dtype.is_real or not set(kinds) & set(PROMISES):
        return True
    values = array.astype(np.float64)
    return any(_keeps(values, kind, dtype.numbers) for kind in kinds)


def _keeps(values: np.ndarray, kind: str, numbers: Floating) -> bool:
    match kind:
        case "zeros":
            return not values.any()
        case "positive":
            return bool((values > 0).all())
        case "probabilities":
            rows = values if values.ndim else values[None]
            return bool((rows >= 0).all() and _is_one(rows.sum(-1), rows.shape[-1], numbers))
        case "sorted":
            return not values.ndim or bool((values[..., 1:] >= values[..., :-1]).all())
        case "unit_pairs":
            return _is_one(_squares_of_pairs(values), 2, numbers)
    return True


def _is_one(totals: np.ndarray, terms: int, numbers: Floating) -> bool:
    """But for rounding: each of the terms to its format, of squares twice as far, and the sum of them in float64."""
    error = 2.0 ** (2 - numbers.digits) + terms * (numbers.smallest + 2.0**-52)
    return bool((np.abs(totals - 1) <= error).all())


def _squares_of_pairs(values: np.ndarray) -> np.ndarray:
    """Each pair's sum of squares, and the square of the last entry of an odd row."""
    squares = (values if values.ndim else values[None]) ** 2
    whole = squares.shape[-1] // 2 * 2
    return np.concatenate([squares[..., 0:whole:2] + squares[..., 1:whole:2], squares[..., whole:]], -1)


def simplest(value: np.ndarray, kinds: tuple[str, ...]) -> Iterator[np.ndarray]:
    """The simplest arrays of the shape and format of another that promise what one of the kinds does, if any does."""
    if not value.ndim or not value.size or not set(kinds) & set(PROMISES):
        return
    ones = np.ones(value.shape, value.dtype)
    places = np.broadcast_to(np.arange(value.shape[-1]), value.shape)
    if "positive" in kinds:
        yield ones
    if "probabilities" in kinds:
        for place in dict.fromkeys((0, value.shape[-1] - 1)):
            yield (places == place).astype(value.dtype)
        yield (ones / ones.dtype.type(value.shape[-1])).astype(value.dtype)
    if "sorted" in kinds:
        yield 0 * ones
        yield places.astype(value.dtype)
    if "unit_pairs" in kinds:
        yield (places % 2 == 0).astype(value.dtype)
        yield np.where((places % 2 == 1) | (places == value.shape[-1] // 2 * 2), ones, 0 * ones)
