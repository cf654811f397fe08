"""Conversions: what is stored in a narrow format is rounded in another way than to nearest, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harness.language import types as T
from harness.language.dtypes import DTYPES, FLOAT32, Dtype
from harness.language.mutate.digits import stored_formats
from harness.language.mutate.faulty import faulty
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.mutate.number_formats import in_order, is_narrow
from harness.language.mutate.precision import spoken
from harness.language.syntax import Call, Node, Text


def dropped(site: Site) -> Edits:
    """A rounding is left out, where float32 is not among the formats that may be stored."""
    formats = stored_formats(site.node)
    if formats and not any(_is_wide(name) for name in formats) and not _only_returned(site, formats):
        assert isinstance(site.node, Call)
        yield "drop-rounding", site.node.arguments[0]


def _is_wide(name: str) -> bool:
    return DTYPES[name].is_real and DTYPES[name].bits >= FLOAT32.bits


def _only_returned(site: Site, formats: Iterable[str]) -> bool:
    """Whether a whole equation is only returned, in the format that it is stored in: a conversion rounds it then."""
    returned = site.formats.returned.get(site.equation, frozenset())
    return bool(returned) and returned <= set(formats) and not site.formats.read.get(site.equation)


def converted(site: Site) -> Edits:
    """`stored(x, bf16)`, with another rounding."""
    formats = stored_formats(site.node)
    if not formats:
        return
    assert isinstance(site.node, Call)
    inner = site.node.arguments[0]
    for name in formats:
        yield from _conversions(site, name, inner, alone=len(formats) == 1)
    if len(formats) == 1:
        for other in site.formats.mistaken(formats):
            yield f"{spoken(other)}-first", Call(site.node.name, (faulty(other, inner), Text(formats[0])), ())


def returned(site: Site) -> Edits:
    """The whole value of an equation, with another rounding to a narrow format that it is returned in."""
    kind = site.type
    if not (isinstance(kind, T.Array) and kind.kind == "real"):
        return
    held = {kind.dtype, *stored_formats(site.node)}
    for name in in_order(site.formats.returned.get(site.equation, ())):
        if name not in held:
            for edit, made in _conversions(site, name, site.node):
                yield f"{edit}-result", made


def _conversions(site: Site, name: str, x: Node, alone: bool = True) -> Iterator[tuple[str, Node]]:
    """The ways in which a conversion to a narrow format goes wrong: the edit, and what takes its place.

    Where several formats may be stored, what lies between them passes: only cutting is told apart from that.
    """
    dtype = DTYPES[name]
    if (dtype.is_real and not is_narrow(name)) or not site.formats.loses(name, x):
        return
    for edit, function in _ways(dtype, site.formats.flushes, site.formats.saturates):
        if alone or function == "cut":
            yield f"{spoken(name)}-{edit}", faulty(function, x, format=name)


def _ways(dtype: Dtype, flushes: bool, saturates: bool) -> Iterator[tuple[str, str]]:
    yield "truncated", "cut"
    if not dtype.is_real:  # halves of integers may go either way
        yield "wrapped", "wrapped"
        return
    yield "ties-away", "ties_away"
    if not flushes:
        yield "flushed", "flushed"
    if dtype.numbers.largest < FLOAT32.numbers.largest / 2:  # else float32 overflows as well
        yield ("overflown", "overflown") if saturates else ("saturated", "saturated")


OPERATORS = (
    Operator("drop-rounding", "what is to be stored in a narrow format stays as it was computed", dropped),
    Operator(
        "*-truncated, *-ties-away, *-flushed, *-saturated, *-overflown, *-wrapped",
        "a conversion to a narrow format cuts digits off, rounds ties away from zero, flushes subnormal numbers, "
        "writes the largest number for an overflow (or NaN where that is right), or keeps the low bits of an integer",
        converted,
    ),
)  # fmt: skip
