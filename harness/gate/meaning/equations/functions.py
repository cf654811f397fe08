"""Two values of one case against each other: as functions.

Both are evaluated by the exact evaluator with u = 2**-53, in which two expressions of one real function differ by no
more than the sum of their bounds, whatever their form; a decimal literal stands for its decimal, not for the float64
next to it. So functions differ at an entry where both are known to within a bound and lie further apart than the two
bounds together. An entry without a finite bound, or a jump (`top_k`, `round`, a comparison) that its bound does not
decide, shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from harness.gate.meaning.evidence import Difference
from harness.language import dtypes
from harness.language.arithmetic import FLOAT64
from harness.language.dtypes import DTYPES, FLOAT32
from harness.language.evaluate import Value
from harness.language.exact.choice import Choice, Truth
from harness.language.exact.domain import Exact, truth_of
from harness.language.exact.kinds import is_whole
from harness.language.exact.region import Bounded
from harness.language.packed import Packed
from harness.language.syntax import Call, Node, Text, walk
from harness.language.syntax.nodes import STORED


class Sharp(Exact):
    """Evaluates in float64 with the bound of float64.

    `digits`: those of a kernel's arithmetic. To store what has no more is no part of the function, and is left out.
    `chosen`: the format that every kernel takes of lists that have it.
    """

    def __init__(self, digits: int = FLOAT32.numbers.digits, chosen: str = "") -> None:
        super().__init__(FLOAT64)
        self.digits, self.chosen = digits, chosen
        self.key = FLOAT64, digits, chosen

    def call(self, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        if name == STORED:
            value, *formats = arguments
            known = dict.fromkeys(named_format(part, self.digits) for part in formats)
            arguments = [value, *([self.chosen] if self.chosen in known else known)]
        return super().call(name, arguments, keywords)

    def literal(self, value: int | float) -> Value:
        return value if isinstance(value, int) else Bounded(value, self.ar, _off(float(value)))


def named_format(name: str, digits: int) -> str:
    """A format of `stored`; those that round nothing in an arithmetic of so many digits are one and the same."""
    dtype = DTYPES[name]
    return dtypes.FLOAT64.name if dtype.is_real and dtype.numbers.digits >= digits else name


def choices(expressions: Iterable[Node], digits: int) -> tuple[str, ...]:
    """The formats that kernels may choose, by what `stored` lists; "" where it lists none."""
    lists = [part.arguments[1:] for node in expressions for part in walk(node)
             if isinstance(part, Call) and part.name == STORED and len(part.arguments) > 2]  # fmt: skip
    words = [part.value for formats in lists for part in formats if isinstance(part, Text)]
    return tuple(dict.fromkeys(named_format(word, digits) for word in words)) or ("",)


@lru_cache(1024)
def _off(value: float) -> float:
    """How far the decimal in the text may be from the float64 that was read."""
    exact = Decimal(value) == Decimal(repr(value))
    return 0.0 if exact else max(abs(value) * 2.0**-53, 2.0**-1074)


ROOM = 2.0**-20


@dataclass(frozen=True)
class FunctionDiff:
    """What one case shows. `judged`: entries that could have differed."""

    judged: int = 0
    difference: Difference | None = None


def value_kind(value: Value) -> str:
    """The kind of a value, in words."""
    if isinstance(value, Bounded | Packed):
        return "real numbers"
    if isinstance(value, Truth) or getattr(value, "dtype", None) == np.bool_ or isinstance(value, bool):
        return "truth"
    if is_whole(value):
        return "integers"
    return "texts" if isinstance(value, str | list) else "real numbers"


def function_diff(domain: Exact, old: Value, new: Value) -> FunctionDiff:
    """Whether two values of the same case in float64 differ."""
    kinds = value_kind(old), value_kind(new)
    if kinds[0] != kinds[1]:
        return FunctionDiff(1, Difference("", kinds[0], kinds[1]))
    if kinds[0] == "texts":
        return FunctionDiff(1, None if old == new else Difference("", repr(old), repr(new)))
    if kinds[0] == "truth":
        return _truths(truth_of(old), truth_of(new))
    if kinds[0] == "integers":
        return _integers(old, new)
    if _packed(old) != _packed(new):
        return FunctionDiff(1, Difference("", _packed(old) or "numbers", _packed(new) or "numbers"))
    return _reals(domain.real(old), domain.real(new))


def _reals(x: Bounded, y: Bounded) -> FunctionDiff:
    if x.shape != y.shape:
        return FunctionDiff(1, Difference("", f"shape {list(x.shape)}", f"shape {list(y.shape)}"))
    a, b = np.asarray(x.bound()), np.asarray(y.bound())
    # An exact infinity is known like any number.
    judged = np.isfinite(a) & np.isfinite(b) & ~np.isnan(x.v) & ~np.isnan(y.v)
    nan = [np.isnan(side.v) & (bound == 0) for side, bound in ((x, a), (y, b))]  # certainly NaN is known, too
    with np.errstate(all="ignore"):
        apart = np.where(judged & (x.v != y.v), np.abs(x.v - y.v), 0.0)
        differ = judged & (apart > (a + b) * (1 + ROOM))
    differ |= (nan[0] & np.isfinite(b) & ~np.isnan(y.v)) | (nan[1] & np.isfinite(a) & ~np.isnan(x.v))
    judged = judged | nan[0] | nan[1]
    if not differ.any():
        return FunctionDiff(int(judged.sum()))
    with np.errstate(all="ignore"):
        relative = np.where(differ, apart / np.maximum(np.abs(x.v), np.abs(y.v)), -1.0)
        relative = np.where(np.isnan(relative), 1.0, relative)
    place = first_marked(relative == relative.max())
    return FunctionDiff(
        int(judged.sum()), Difference(index_text(place), *distinct_digits(float(x.v[place]), float(y.v[place])))
    )


def distinct_digits(x: float, y: float) -> tuple[str, str]:
    """Both numbers with as many digits as it takes to tell them apart."""
    for count in (6, 9, 12, 17):
        if f"{x:.{count}g}" != f"{y:.{count}g}":
            return f"{x:.{count}g}", f"{y:.{count}g}"
    return repr(x), repr(y)


def _integers(old: Value, new: Value) -> FunctionDiff:
    if any(isinstance(side, Choice) and side.doubt for side in (old, new)):
        return FunctionDiff()
    x, y = (np.asarray(side.index if isinstance(side, Choice) else side) for side in (old, new))
    if x.shape != y.shape:
        return FunctionDiff(1, Difference("", f"shape {list(x.shape)}", f"shape {list(y.shape)}"))
    if np.array_equal(x, y):
        return FunctionDiff(max(1, x.size))
    place = first_marked(x != y)
    return FunctionDiff(max(1, x.size), Difference(index_text(place), str(x[place]), str(y[place])))


def _truths(x: Truth, y: Truth) -> FunctionDiff:
    if x.v.shape != y.v.shape:
        return FunctionDiff(1, Difference("", f"shape {list(x.v.shape)}", f"shape {list(y.v.shape)}"))
    judged = ~(x.doubt | y.doubt)
    differ = judged & (x.v != y.v)
    if not differ.any():
        return FunctionDiff(int(judged.sum()))
    place = first_marked(differ)
    return FunctionDiff(
        int(judged.sum()), Difference(index_text(place), *(str(bool(side.v[place])).lower() for side in (x, y)))
    )


def _packed(value: Value) -> str:
    return f"{value.dtype} tensor" if isinstance(value, Packed) else ""


def first_marked(mask: np.ndarray) -> tuple[Any, ...]:
    """The first entry that is marked."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape)) if mask.ndim else ()


def index_text(place: tuple[Any, ...]) -> str:
    """`[0, 3]`, or nothing for a single number."""
    return f"[{', '.join(map(str, place))}]" if place else ""
