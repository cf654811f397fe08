"""Operations on integers: single numbers are exact, arrays have 64 bits, and nothing wraps around.

NumPy wraps without a word, and shifts by 64 and more give zero. What would leave the range is refused by name, since
no kernel can be held against a number that is none.

Arrays have a sign (int64). Only where an entry of a u64 array is beyond that range is it kept as uint64, and so is what
an operation makes of it. NumPy makes float64 of the two together, so these operations are done in Python's integers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from harness.language.undecided import Undecided

if TYPE_CHECKING:
    import numpy as np

LOWEST, HIGHEST = -(2**63), 2**63 - 1
HIGHEST_UNSIGNED = 2**64 - 1
BITS = 64
FLOAT64_HOLDS = 2**53  # every integer up to it
Apply = Callable[[Any, Any], Any]


class IntegerOutOfRange(Undecided, ArithmeticError):
    """The result of an operation is no integer of 64 bits, or an argument none that it is defined for."""

    def __init__(self, what: str, got: int | None = None, range_: str = "the integers of 64 bits") -> None:
        size = "" if got is None else f", got {got if abs(got) < 2**200 else f'about 2**{abs(got).bit_length() - 1}'}"
        super().__init__(f"{what} leaves {range_}{size}")


def checked(symbol: str, apply: Apply) -> Apply:
    """An operator between integers that refuses what leaves the range: of two numbers, or entry by entry."""

    def operate(left: Any, right: Any) -> Any:
        if isinstance(left, int) and isinstance(right, int):
            if symbol in ("<<", ">>"):
                _shift_in_range(symbol, right, right)
            return _single(symbol, left, right, apply)
        a, b = stored(left, symbol), stored(right, symbol)
        if _unsigned(a) or _unsigned(b):
            return _fitting(f"a {symbol} b", _in_exact_integers(symbol, apply, a, b), unsigned=True)
        if not a.size or not b.size:
            return apply(a, b)
        if _may_leave(symbol, a, b):
            return _fitting(f"a {symbol} b", apply(a.astype(object), b.astype(object)))
        return apply(a, b)

    return operate


def negated(value: Any) -> Any:
    """-value; the lowest integer has no opposite."""
    if isinstance(value, int):
        return -value
    array = stored(value, "-a")
    if _unsigned(array):
        return _fitting("-a", -array.astype(object))
    return _fitting("-a", -array.astype(object)) if array.size and array.min() == LOWEST else -array


def inverted(value: Any) -> Any:
    """~value: -value - 1, whatever type the integer is stored as."""
    if isinstance(value, int):
        return ~value
    array = stored(value, "~a")
    return _fitting("~a", -1 - array.astype(object)) if _unsigned(array) else ~array


def alike(parts: Sequence[Any]) -> list[Any]:
    """Integers that are to be put into one array, of 64 bits: all with a sign, or all without one."""
    import numpy as np

    parts = [stored(part, "an entry of an array") if isinstance(part, int) else part for part in parts]
    if not any(isinstance(part, np.ndarray | np.generic) and _unsigned(part) for part in parts):
        return parts
    for part in parts:
        if np.size(part) and np.min(part) < 0:
            raise IntegerOutOfRange(f"an array with {int(np.min(part))} and a number beyond {HIGHEST}")
    return [np.asarray(part, np.uint64) for part in parts]


def total(values: Any, axis: int | None) -> Any:
    """The sum over an axis, or of all."""
    import numpy as np

    array = stored(values, "sum")
    lowest, highest = _ends(array)
    if _unsigned(array):
        return _fitting("sum", np.sum(array.astype(object), axis), unsigned=True)
    if array.size * max(-lowest, highest) <= HIGHEST:
        return np.sum(array, axis)
    return _fitting("sum", np.sum(array.astype(object), axis))


def extreme(values: Sequence[Any], largest: bool) -> Any:
    """Entry by entry the largest, or the smallest, of several integers."""
    import numpy as np

    if all(isinstance(value, int) for value in values):
        return max(values) if largest else min(values)
    arrays = [stored(value, "maximum" if largest else "minimum") for value in values]
    choose = np.maximum if largest else np.minimum
    if any(map(_unsigned, arrays)):
        arrays = [array.astype(object) for array in arrays]
        return _fitting(choose.__name__, reduce(choose, arrays), unsigned=True)
    return reduce(choose, arrays)


def running_total(values: Any, axis: int) -> Any:
    """The sums of the first entries along an axis."""
    import numpy as np

    array = stored(values, "cumsum")
    lowest, highest = _ends(array)
    if not _unsigned(array) and array.shape[axis] * max(-lowest, highest) <= HIGHEST:
        return np.cumsum(array, axis)
    return _fitting("cumsum", np.add.accumulate(array.astype(object), axis), unsigned=_unsigned(array))


def product(values: Any, axis: int | None) -> Any:
    """The product over an axis, or of all."""
    import numpy as np

    array = stored(values, "prod")
    if _may_grow_beyond(array, axis):
        return _fitting("prod", np.multiply.reduce(array.astype(object), axis), unsigned=_unsigned(array))
    return np.prod(array, axis)


def power(base: Any, exponent: Any) -> Any:
    """base to the exponent, which is not negative."""
    if isinstance(base, int) and isinstance(exponent, int):
        return _whole_power(base, exponent)
    import numpy as np

    made = np.frompyfunc(_whole_power, 2, 1)(stored(base, "pow").astype(object), stored(exponent, "pow").astype(object))
    return np.asarray(made, object).astype(np.int64)[()]


def exponent(value: Any) -> np.ndarray:
    """The exponent of a power of real numbers: one that float64 holds, so that odd ones are told from even ones."""
    import numpy as np

    array = stored(value, "the exponent of a pow")
    for end in _ends(array):
        if abs(end) > FLOAT64_HOLDS:
            raise IntegerOutOfRange("the exponent of a pow", end, "the integers that float64 holds (to 2**53)")
    return array.astype(np.int64)


def _whole_power(base: int, exponent: int) -> int:
    """The power, or IntegerOutOfRange before a huge number is made."""
    if exponent < 0:
        raise IntegerOutOfRange("the exponent of a pow of integers", exponent)
    if abs(base) > 1 and exponent > BITS:
        raise IntegerOutOfRange("pow")
    made = int(base) ** (int(exponent) if abs(base) > 1 else min(int(exponent), 2 + int(exponent) % 2))
    if not LOWEST <= made <= HIGHEST:
        raise IntegerOutOfRange("pow", made)
    return made


def _may_grow_beyond(array: np.ndarray, axis: int | None) -> bool:
    """Whether a product along an axis may need more than 64 bits."""
    import numpy as np

    if _unsigned(array):
        return True
    with np.errstate(divide="ignore"):
        bits = np.log2(np.maximum(np.abs(array.astype(np.float64)), 1.0)).sum(axis)
    return bool(np.max(bits, initial=0.0) >= BITS - 2)


def stored(value: Any, what: str) -> np.ndarray:
    """An integer, or an array of them, in 64 bits; arrays of a subject or of a file may have other types.

    uint64 is kept where an entry needs it.
    """
    import numpy as np

    if getattr(type(value), "__array_ufunc__", value) is None:
        raise TypeError(f"{what}: nothing is computed with an array that is too large to be read whole")
    array = np.asarray(value)
    if array.dtype == np.int64:
        return array
    if array.dtype.kind == "O":
        return _fitting(what, array)
    if array.dtype == np.uint64 and array.size and int(array.max()) > HIGHEST:
        return array
    return array.astype(np.int64)


def _unsigned(array: Any) -> bool:
    return bool(array.dtype.kind == "u" and array.dtype.itemsize * 8 == BITS)


def _in_exact_integers(symbol: str, apply: Apply, a: np.ndarray, b: np.ndarray) -> Any:
    """An operation entry by entry in Python's integers. A quotient by zero is zero, as in NumPy."""
    import numpy as np

    left, right = a.astype(object), b.astype(object)
    if symbol in ("<<", ">>"):
        _shift_in_range(symbol, *_ends(b))
    if symbol in ("//", "%"):
        zero = np.asarray(b == 0)
        return np.where(zero, 0, apply(left, np.where(zero, 1, right)))
    return apply(left, right)


def _single(symbol: str, left: int, right: int, apply: Apply) -> int:
    if symbol == "<<" and left and right >= BITS:
        raise IntegerOutOfRange("a << b")
    result = apply(left, right)
    if symbol == "<<" and not LOWEST <= result <= HIGHEST:
        raise IntegerOutOfRange("a << b", result)
    return int(result)


def _shift_in_range(symbol: str, least: int, most: int) -> None:
    """A shift to the right by many bits is exact, one by fewer than none has no meaning."""
    if least < 0:
        raise IntegerOutOfRange(f"b of a {symbol} b, a number of bits,", least)
    if symbol == "<<" and most > 2 * BITS:  # whatever is shifted, so that no huge number is made
        raise IntegerOutOfRange(f"b of a {symbol} b, a number of bits,", most)


def _may_leave(symbol: str, a: np.ndarray, b: np.ndarray) -> bool:
    """Whether an entry of a op b may need more than 64 bits, judged by the extremes of both sides."""
    if symbol not in ("+", "-", "*", "<<", ">>", "//"):
        return False
    right = _ends(b)
    if symbol in ("<<", ">>"):
        _shift_in_range(symbol, *right)
        if symbol == ">>":
            return False
    elif symbol == "//":
        return right[0] <= -1 <= right[1] and int(a.min()) == LOWEST
    size, other = max(abs(end) for end in _ends(a)), max(abs(end) for end in right)
    if symbol == "<<":
        return size << other > HIGHEST
    return (size * other if symbol == "*" else size + other) > HIGHEST


def _ends(array: np.ndarray) -> tuple[int, int]:
    return (int(array.min()), int(array.max())) if array.size else (0, 0)


def _fitting(what: str, exact: Any, unsigned: bool = False) -> Any:
    """An array of Python's integers in 64 bits, or IntegerOutOfRange. unsigned: numbers beyond int64 may stay."""
    import numpy as np

    array = np.asarray(exact, object)
    if unsigned and array.size and array.min() >= 0 and HIGHEST < array.max() <= HIGHEST_UNSIGNED:
        return array.astype(np.uint64)[()]
    for number in array.flat:
        if not LOWEST <= number <= HIGHEST:
            raise IntegerOutOfRange(what, int(number))
    return array.astype(np.int64)[()]
