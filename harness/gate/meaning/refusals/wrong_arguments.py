"""Calls with arguments that do not fit, made of a call that does: what a condition of `refuses` has to tell apart.

Every integer argument, every axis of an array and every list has a length. One length is changed, or two at once so
that their difference, their sum or their product stays; the order of two lengths is exchanged. Besides, an array has
another rank, another type or an entry that is not finite or of another size, and a text is one of a list.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from harness.language.dtypes import of_array
from harness.language.formats import BlockFormat
from harness.language.packed import Packed
from harness.language.rounding import stored

OTHER_TYPE = "another type"  # of a tensor; no condition mentions it
FAR = 2**32  # what is kept in 32 bits does not see it
INTEGER_BYTES = 8  # of one integer in an array
LONGEST = 8_000  # entries of an array that was made longer

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Length:
    """An integer argument, or an axis of an array; of a list of texts the axis 0."""

    argument: str
    axis: int | None = None

    def of(self, arguments: Arguments) -> int:
        """How long it is in a call."""
        value = arguments[self.argument]
        if self.axis is None:
            return int(value)
        return len(value) if isinstance(value, list) else int(value.shape[self.axis])

    def text(self, number: int) -> str:
        """What is said of it for the reader."""
        return f"{self.argument} = {number}" if self.axis is None else f"len({self.argument}, {self.axis}) = {number}"


@dataclass(frozen=True)
class Known:
    """What a version mentions: numbers to try for each length and as entries, texts, the formats of tensors."""

    numbers: Mapping[Length, Collection[int]]
    entries: Collection[float]
    texts: tuple[str, ...]
    formats: Mapping[str, BlockFormat]


@dataclass(frozen=True)
class WrongCall:
    """The arguments of a call, and what is unusual about them."""

    what: str
    arguments: Arguments


def wrong_one(arguments: Arguments, known: Known) -> list[WrongCall]:
    """Every call with one argument that is another."""
    found = [call for length in lengths(arguments) for call in _one_length(arguments, length, known)]
    for name, value in arguments.items():
        found += [WrongCall(f"{name} {what}", {**arguments, name: other}) for what, other in _others(value, known)]
    return found


def wrong_two(arguments: Arguments) -> list[WrongCall]:
    """Every call with two lengths that are others by the same amount, or two integers that are not positive."""
    found = []
    for one, other in itertools.combinations(lengths(arguments), 2):
        a, b = one.of(arguments), other.of(arguments)
        pairs = [(a + 1, b + 1), (a - 1, b - 1), (a + 1, b - 1), (a - 1, b + 1), (b, a)]
        pairs += [(a * f, b // f) for f in _factors(b)] + [(a // f, b * f) for f in _factors(a)]
        if one.axis is None and other.axis is None:
            pairs += itertools.product((0, -1, -a), (0, -1, -b))
        for pair in dict.fromkeys(pairs):
            call = with_lengths(arguments, {one: pair[0], other: pair[1]})
            if call is not None:
                found.append(call)
    return found


def both(one: WrongCall, other: WrongCall, arguments: Arguments) -> WrongCall | None:
    """A call that is wrong in the ways of two calls; None where they change the same argument."""
    changed = [{name for name in arguments if call.arguments[name] is not arguments[name]} for call in (one, other)]
    if changed[0] & changed[1]:
        return None
    return WrongCall(
        f"{one.what}, {other.what}", {**one.arguments, **{name: other.arguments[name] for name in changed[1]}}
    )


def lengths(arguments: Arguments) -> list[Length]:
    """The lengths of a call. The last axis of a tensor in blocks is one too."""
    found = []
    for name, value in arguments.items():
        if isinstance(value, Packed | np.ndarray):
            found += [Length(name, axis) for axis in range(len(value.shape))]
        elif isinstance(value, list):
            found.append(Length(name, 0))
        elif isinstance(value, int | np.integer) and not isinstance(value, bool):
            found.append(Length(name))
    return found


def _one_length(arguments: Arguments, length: Length, known: Known) -> Iterator[WrongCall]:
    now = length.of(arguments)
    numbers = [now - 1, now + 1, 2 * now, 0]
    if length.axis is None:
        numbers += [1, -1, -now, now + FAR]
    for number in dict.fromkeys([*numbers, *known.numbers.get(length, ())]):
        call = with_lengths(arguments, {length: number})
        if call is not None:
            yield call


def with_lengths(arguments: Arguments, changes: Mapping[Length, int]) -> WrongCall | None:
    """The call with other lengths; None where one cannot be or is too large, or nothing changes."""
    changes = {length: number for length, number in changes.items() if number != length.of(arguments)}
    if not changes or any(number < 0 for length, number in changes.items() if length.axis is not None):
        return None
    made = dict(arguments)
    for name in {length.argument for length in changes}:
        axes = {length.axis: number for length, number in changes.items() if length.argument == name}
        if None in axes:
            made[name] = axes[None]
            continue
        value = arguments[name]
        shape = tuple(axes.get(i, n) for i, n in enumerate([len(value)] if isinstance(value, list) else value.shape))
        if prod(shape) > max(LONGEST, 4 * prod(getattr(value, "shape", ()))):
            return None
        made[name] = resized(value, shape)
    return WrongCall(", ".join(length.text(number) for length, number in changes.items()), made)


def resized(value: Any, shape: tuple[int, ...]) -> Any:
    """An array, a tensor or a list of another shape, of the same entries over and over."""
    if isinstance(value, list):
        return [(value or ["a text"])[i % max(1, len(value))] for i in range(shape[0])]
    if not isinstance(value, Packed):
        return np.resize(value, shape)
    blocks = value.format.blocks_per_row(shape[-1])
    raw = np.resize(value.raw, (*shape[:-1], blocks, value.format.size))
    return Packed(value.format, shape, raw, value.label)


def _others(value: Any, known: Known) -> Iterator[tuple[str, Any]]:
    """Forms of one argument besides other lengths."""
    match value:
        case bool():
            yield f"is {not value}", not value
        case str():
            yield from ((f"is {text!r}", text) for text in known.texts if text != value)
        case list():
            yield from ((f"is {[text]}", [text]) for text in known.texts if [text] != value)
        case Packed():
            yield from _other_types(value, known)
            yield from _other_ranks(value)
        case np.ndarray():
            yield from _other_numbers(value, known)
            yield from _other_ranks(value)


def _other_types(value: Packed, known: Known) -> Iterator[tuple[str, Packed]]:
    """The same bytes under other names, and blocks of other formats."""
    names = (*known.texts, *known.formats, OTHER_TYPE)
    yield from ((f"is called {name}", value.relabelled(name)) for name in dict.fromkeys(names) if name != value.dtype)
    for name, format_ in known.formats.items():
        if name != value.format.name:
            blocks = format_.blocks_per_row(value.shape[-1])
            yield (
                f"is {name}",
                Packed(format_, value.shape, np.zeros((*value.shape[:-1], blocks, format_.size), np.uint8)),
            )


def _other_numbers(value: np.ndarray, known: Known) -> Iterator[tuple[str, np.ndarray]]:
    """Integers, which are read as int64 whatever their type, and as many bytes of them; one entry that is another."""
    dtype = of_array(value.dtype)
    if dtype is None or not dtype.is_real:
        return
    yield "is an array of integers", np.ones(value.shape, np.int64)
    length = value.shape[-1] * dtype.bytes if value.shape else 0
    if value.shape and length % INTEGER_BYTES == 0:
        yield "is as many bytes of integers", np.ones((*value.shape[:-1], length // INTEGER_BYTES), np.int64)
    if not value.size:
        return
    for place, number in itertools.product((0, -1), (np.nan, np.inf, -np.inf, *known.entries)):
        changed = value.copy()
        changed.reshape(-1)[place] = stored(number, dtype)
        yield f"{'starts' if place == 0 else 'ends'} with {number}", changed


def _other_ranks(value: Any) -> Iterator[tuple[str, Any]]:
    """The same numbers along more axes, or fewer."""
    shape = tuple(value.shape)
    shapes = [(1, *shape), (*shape, 1), shape[1:], shape[:-1]]
    for axis, length in enumerate(shape):
        shapes += [(*shape[:axis], length // f, f, *shape[axis + 1 :]) for f in _factors(length)]
    for axis in range(len(shape) - 1):
        shapes.append((*shape[:axis], shape[axis] * shape[axis + 1], *shape[axis + 2 :]))
    for other in dict.fromkeys(shapes):
        if other and other != shape:
            yield f"has the shape {list(other)}", resized(value, other)


def _factors(number: int) -> Iterable[int]:
    """The least factor of a number beyond one, if it has one."""
    return [f for f in (2, 3, 5, 7) if number > 1 and number % f == 0][:1]
