"""The number formats that a contract speaks of: which roundings are its own, and which are faults in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from harness.language.dtypes import DTYPES, FLOAT32
from harness.language.mutate.digits import Digits, digits_of, stored_formats
from harness.language.syntax import Node, children

# Formats that a kernel may go through by mistake: narrower ones, or a neighbour that loses something else.
MISTAKEN: dict[str, tuple[str, ...]] = {
    "f64": ("f32", "bf16"),
    "f32": ("bf16", "f16"),
    "bf16": ("f16", "f8_e4m3fn"),
    "f16": ("bf16", "f8_e4m3fn"),
    "f8_e4m3fn": ("f8_e5m2",),
    "f8_e5m2": ("f8_e4m3fn",),
    "f8_e4m3fnuz": ("f8_e5m2fnuz",),
    "f8_e5m2fnuz": ("f8_e4m3fnuz",),
}
HALF = ("bf16", "f16")  # formats of half the bytes of float32, the likelier first
ACCUMULATORS = ("f32", *HALF)  # that sums may be held in by mistake
Formats = frozenset[str]


@dataclass(frozen=True)
class NumberFormats:
    """What a contract says of number formats, as far as a rounding can be right or wrong.

    inputs        the formats that an input of real numbers may have
    fields        in a block format: the format of each field
    scales        in a block format: its fields that are linear in the weights
    digits        the binary digits that the numbers of an input, an equation, a field or a block format have at most
    stored        of an equation: the formats that it is stored in, where the whole of it is
    returned      of an equation: the formats in which functions return it
    read          of an equation: for every place that reads it, the formats that it is stored in there, or none
    mixed         whether anything is computed or stored in another format than float32: else fewer mistakes are planted
    computed      the format that implementations compute in
    flushes       whether subnormal numbers may be stored as zero
    saturates     whether what overflows is stored as the largest number
    half          the format of half the bytes that an intermediate value is held in by mistake
    accumulators  formats that sums are rounded to by mistake
    """

    inputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    scales: tuple[str, ...] = ()
    digits: Mapping[str, Digits] = field(default_factory=dict)
    stored: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    returned: Mapping[str, Formats] = field(default_factory=dict)
    read: Mapping[str, tuple[Formats, ...]] = field(default_factory=dict)
    mixed: bool = False
    computed: str = FLOAT32.name
    flushes: bool = False
    saturates: bool = False
    half: str = HALF[0]
    accumulators: tuple[str, ...] = HALF

    def loses(self, format_: str, node: Node) -> bool:
        """Whether rounding an expression to a format can change it."""
        digits = digits_of(node, self.digits)
        return digits is None or not digits.fit(format_)

    def mistaken(self, formats: Iterable[str]) -> Iterator[str]:
        """The formats that may be gone through by mistake for some of these; float32 where that loses something."""
        for name in mistaken(formats):
            if name != FLOAT32.name or self.computed != FLOAT32.name:
                yield name

    def held_by_all(self, blocks: tuple[str, ...], format_: str) -> bool:
        """Whether a format holds every weight of these block formats."""
        return all(name in self.digits and self.digits[name].fit(format_) for name in blocks)

    def uses(self, equation: str, root: Node, dtype: str) -> tuple[Formats, ...]:
        """What every use of an equation admits: a result its own format, a reader what the equation is held in."""
        own = frozenset(stored_formats(root) or (dtype or self.computed,))
        returned = tuple(frozenset({name}) for name in self.returned.get(equation, ()))
        return (*returned, *(formats or own for formats in self.read.get(equation, ()))) or (own,)


FLOAT32_ALONE = NumberFormats()


def admits(use: Formats, name: str) -> bool:
    """Whether a use admits a format: its own, or, of several, one that is as fine as the coarsest of them."""
    return name in use or (len(use) > 1 and _digits(name) >= min(map(_digits, use)))


def _digits(name: str) -> int:
    return Digits.of(DTYPES[name]).count


def is_narrow(name: str) -> bool:
    """Whether a format of real numbers has fewer bits than float32."""
    return DTYPES[name].is_real and DTYPES[name].bits < FLOAT32.bits


def in_order(formats: Iterable[str]) -> list[str]:
    """Formats in the order of their table."""
    return sorted(formats, key=list(DTYPES).index)


def mistaken(formats: Iterable[str]) -> Iterator[str]:
    """The formats that may be gone through by mistake for some of these, each once."""
    yield from dict.fromkeys(other for name in in_order(formats) for other in MISTAKEN.get(name, ()))


def places_that_read(node: Node, name: str, stored: tuple[str, ...] = ()) -> Iterator[Formats]:
    """For every place that reads a name, the formats that it is stored in there, or none."""
    if name in (getattr(node, "id", ""), getattr(node, "name", "")):
        yield frozenset(stored)
    for child in children(node):
        yield from places_that_read(child, name, stored_formats(node))
