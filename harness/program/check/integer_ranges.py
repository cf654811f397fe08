"""Integers with a range: two ends made of dimensions, never empty, within the dtype; and kinds that fit in it."""

from __future__ import annotations

from dataclasses import dataclass

from harness.contract.model import Input, Source
from harness.findings import Place
from harness.language import types as T
from harness.language.dtypes import DTYPES
from harness.language.sizes import Size, at_least_zero
from harness.language.syntax import Binary, Node, Number, names
from harness.language.value_kinds import PERMUTATION, PROMISES, is_ranged
from harness.program.check.checker import Checker

LEAST_OFFSETS = 2  # the first and the last


@dataclass(frozen=True)
class CheckedRange:
    """The ends as sizes, and as the expressions that a case evaluates."""

    low: Size
    high: Size
    nodes: tuple[Node, Node]


def check_range(checker: Checker, part: Input, axes: tuple[Node, ...], shape: T.Shape) -> CheckedRange | None:
    """The range of an input of integers, or that of its permutations; None where it has none, or a wrong one.

    `axes`, `shape`: the axes of the input, as expressions and as sizes.
    """
    if not is_ranged(bool(part.range), part.kinds):
        return None
    if not part.range:
        return _of_permutations(part, axes, shape)
    if any(dtype not in DTYPES or DTYPES[dtype].is_real for dtype in part.dtypes):
        place = checker.at("inputs", part.name, "range")
        message = f"input {part.name}: a range is one of integers"
        checker.say(place, message, "a dtype of integers", ", ".join(part.dtypes), "leave it out, or use `values`")
        return None
    ends = [_end(checker, part.name, source) for source in part.range]
    (first, low), (last, high) = ends
    if low is None or high is None:
        return None
    place = checker.at("inputs", part.name, "range")
    told = f"{low} to {high}"
    if not at_least_zero(high - low, checker.ranges):
        always = "low <= high whatever the dimensions are"
        checker.say(place, f"range of {part.name} may be empty", always, told, "give a dimension a larger min")
        return None
    for dtype in part.dtypes:
        every = DTYPES[dtype].integers
        if not (at_least_zero(low - every[0], checker.ranges) and at_least_zero(-high + every[-1], checker.ranges)):
            fits = f"{every[0]} to {every[-1]}"
            message = f"range of {part.name} does not fit in {dtype}"
            checker.say(place, message, fits, told, "take a wider dtype, or bound the dimensions")
            return None
    return CheckedRange(low, high, (first, last))


def _of_permutations(part: Input, axes: tuple[Node, ...], shape: T.Shape) -> CheckedRange | None:
    """0 to n - 1, for permutations of n numbers; an array of none has an empty range, which nobody draws from."""
    if not shape or any(dtype not in DTYPES or DTYPES[dtype].is_real for dtype in part.dtypes):
        return None  # its kinds are refused
    return CheckedRange(Size.of(0), shape[-1] - 1, (Number(0), Binary("-", axes[-1], Number(1))))


def _end(checker: Checker, name: str, source: Source) -> tuple[Node, Size | None]:
    what = f"range of {name}"
    node = checker.parse(source, what)
    kind = checker.type(node, source, what, checker.scope())
    checker.shaping.update(names(node))
    checker.used.update(names(node))
    size = kind.size if isinstance(kind, T.Array) else None
    if kind is not None and size is None:
        checker.say(source.place, f"{what}: not an integer", "a number or an expression of dimensions", source.text)
    return node, size


def check_fits(checker: Checker, place: Place, name: str, kind: str, array: T.Array, ranges: T.Ranges) -> None:
    """Say what a kind of integers needs that an input with this type does not have."""
    low, high, shape = array.low, array.high, array.shape
    if kind not in PROMISES or low is None or high is None:
        return
    message = f"input {name}: {kind} numbers do not fit"
    if not shape:
        checker.say(place, message, "an axis that they lie along", "a single number")
        return
    length, told = shape[-1], f"{low} to {high}"
    if kind == "distinct" and not at_least_zero(high - low + 1 - length, ranges):
        checker.say(place, message, f"a range of {length} numbers or more", told, "bound the dimensions")
    if kind == PERMUTATION and (low != Size.of(0) or high != length - 1):
        checker.say(place, message, f"the range 0 to {length - 1}", told, "or none: permutations have their own")
    if kind == "offsets" and low != Size.of(0):
        checker.say(place, message, "a range from 0", told)
    if kind == "offsets" and not at_least_zero(length - LEAST_OFFSETS, ranges):
        checker.say(place, message, f"an axis of {LEAST_OFFSETS} numbers or more", str(length), "as in [rows + 1]")
