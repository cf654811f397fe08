"""Stored bits: fields of blocks and scales, read with another bias, in another order, or from the block beside."""

from __future__ import annotations

from harness.language import types as T
from harness.language.dtypes import DTYPES
from harness.language.mutate.faulty import faulty
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.syntax import Binary, Index, Name, NewAxis, Number, OtherAxes


def biases(site: Site) -> Edits:
    """A number of eight bits or fewer, with the bias of its exponent one off."""
    if isinstance(site.node, Name):
        formats = [*site.formats.inputs.get(site.node.id, ()), *_field(site)]
        if any(DTYPES[name].is_real and DTYPES[name].bits <= 8 for name in formats):
            yield "bias-one-less", Binary("*", site.node, Number(2))
            yield "bias-one-more", Binary("/", site.node, Number(2))


def _field(site: Site) -> tuple[str, ...]:
    """The format of a field of blocks, where the site is one."""
    name = site.formats.fields.get(site.node.id) if isinstance(site.node, Name) else None
    return (name,) if name else ()


def nibbles(site: Site) -> Edits:
    """Numbers of four bits, two in a byte: the high ones are taken for the low ones, or all low ones come first."""
    if any(DTYPES[name].bits == 4 for name in _field(site)):
        yield "swapped-nibbles", faulty("swapped_pairs", site.node)
        yield "low-nibbles-first", faulty("even_first", site.node)


def neighbours(site: Site) -> Edits:
    """The scale of the block beside: the field of the next block, or the next entry of an array with one for each."""
    node = site.node
    if isinstance(node, Name) and node.id in site.formats.scales:
        yield "next-block", faulty("next_block", node)
    if site.formats.mixed and isinstance(node, Index) and isinstance(site.type, T.Array) and site.type.kind == "real":
        rank = len(site.typed(node.value).shape)
        for place, item in enumerate(node.items):
            axis = _axis_before(node, place, rank)
            if isinstance(item, NewAxis) and -rank <= axis < 0:
                yield "next-block", Index(faulty("rolled", node.value, axis=axis), node.items)


def _axis_before(node: Index, place: int, rank: int) -> int:
    """The axis of the array that the items before a place end with, counted from the end."""
    before, after = ([part for part in side if not isinstance(part, NewAxis)]
                     for side in (node.items[:place], node.items[place:]))  # fmt: skip
    return -1 - len(after) if any(isinstance(part, OtherAxes) for part in before) else len(before) - 1 - rank


OPERATORS = (
    Operator("bias-one-less, bias-one-more", "the exponent of a number of eight bits or fewer is one off", biases),
    Operator("swapped-nibbles, low-nibbles-first", "numbers of four bits are read in another order", nibbles),
    Operator("next-block", "a scale that is there for a whole block is that of the block after it", neighbours),
)
