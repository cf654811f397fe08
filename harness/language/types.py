"""Kinds and symbolic shapes: what is known of every expression before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from harness.language.sizes import Range, Size

Shape = tuple[Size, ...]


class Mismatch(Exception):
    """The parts of an expression do not fit together."""

    def __init__(self, message: str, expected: str = "", got: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message, self.expected, self.got, self.hint = message, expected, got, hint


@dataclass(frozen=True)
class Array:
    """Real, integer or truth values. `size`: a scalar integer that is a polynomial in the dimensions.

    `low`, `high`: sizes that every entry lies between, both included; None: not known. `declared`: these are the range
    of an input, and what replaces it keeps to them. `observed`: it comes from a subject.
    """

    kind: str  # real | int | bool
    shape: Shape = ()
    size: Size | None = None
    low: Size | None = None
    high: Size | None = None
    observed: bool = False
    choice: bool = False  # the result of top_k: an index array that the bound may leave in doubt
    dtype: str = ""  # of integers that keep a stored type: u8 for the bytes of a file
    declared: bool = False

    def __str__(self) -> str:
        dims = ", ".join(str(size) for size in self.shape)
        word = {"real": "real", "int": "integer", "bool": "truth"}[self.kind]
        return f"{word}[{dims}]" if self.shape else f"{word} number" if self.kind != "bool" else "truth value"


@dataclass(frozen=True)
class Blocks:
    """A quantised tensor: weights that are decoded where they are used. The last axis is stored in blocks."""

    formats: tuple[str, ...]
    shape: Shape
    observed: bool = False

    def __str__(self) -> str:
        return f"{'/'.join(self.formats)} tensor[{', '.join(str(size) for size in self.shape)}]"


@dataclass(frozen=True)
class Record:
    """What a subject returns."""

    subject: str
    fields: Mapping[str, Type] = field(hash=False)
    observed: bool = True
    shape: Shape = ()

    def __str__(self) -> str:
        return f"result of {self.subject}()"


@dataclass(frozen=True)
class Word:
    """A text; `value` where it is known before anything runs."""

    value: str | None = None
    observed: bool = False
    shape: Shape = ()

    def __str__(self) -> str:
        return "text" if self.value is None else f"text {self.value!r}"


@dataclass(frozen=True)
class Words:
    """A list of texts."""

    observed: bool = False
    shape: Shape = ()

    def __str__(self) -> str:
        return "list of texts"


@dataclass(frozen=True)
class Claim:
    """Something that is judged: it holds, fails with evidence, or is undecided."""

    observed: bool = True
    shape: Shape = ()

    def __str__(self) -> str:
        return "claim"


Type = Array | Blocks | Record | Word | Words | Claim
Ranges = Mapping[str, Range]
Signature = Callable[..., Type]  # the types of the arguments to the type of the result, or Mismatch


def dimension(name: str) -> Array:
    """A dimension as a value: an integer with itself as size."""
    return Array("int", size=Size.of(name))


def integer(value: int) -> Array:
    """A number written out: an integer with a known size."""
    return Array("int", size=Size.of(value))


def show(shape: Shape) -> str:
    """`[rows, 2*n]`."""
    return f"[{', '.join(str(size) for size in shape)}]"
