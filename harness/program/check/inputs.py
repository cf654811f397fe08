"""Inputs: a shape made of dimensions, a type that is known, kinds of values that the type has."""

from __future__ import annotations

from collections.abc import Mapping

from harness.contract.access import entries, items
from harness.contract.model import Input, Source
from harness.findings import nearest
from harness.language import types as T
from harness.language.dtypes import DTYPES, FLOAT32, INPUT, allowed_kinds, elsewhere, of_place
from harness.language.formats import BlockFormat
from harness.language.sizes import Size, at_least_zero
from harness.language.syntax import Node, names
from harness.language.value_kinds import RANGED
from harness.program.check.checker import Checker
from harness.program.check.integer_ranges import CheckedRange, check_fits, check_range
from harness.program.model import InputProgram


def check_input(checker: Checker, name: str, formats: Mapping[str, BlockFormat]) -> InputProgram:
    """The input, known from here on with its type."""
    part = checker.contract.inputs[name]
    axes = [_axis(checker, name, source) for source in part.shape]
    shape = tuple(size for _, size in axes if size is not None)
    plain = [dtype for dtype in part.dtypes if dtype in of_place(INPUT)]
    known = _dtypes_known(checker, part, formats)
    uniform = _alike(checker, part, plain)
    complete = len(shape) == len(axes) and known and uniform
    if complete and not plain and len(shape) < 2:
        message = f"input {name}: a quantised tensor has rows and columns"
        checker.say(part.place, message, "at least two axes", str(len(shape)))
        complete = False
    axes_of = tuple(node for node, _ in axes)
    drawn_from = check_range(checker, part, axes_of, shape) if complete else None
    if complete:
        kind = _plain(plain, shape, drawn_from) if plain else T.Blocks(part.dtypes, shape)
        checker.names[name] = kind
        _kinds(checker, part, kind)
    else:
        checker.broken.add(name)
    ends = drawn_from.nodes if drawn_from else None
    return InputProgram(name, part.dtypes[0], () if plain else part.dtypes, axes_of, part.kinds, tuple(plain), ends)


def _axis(checker: Checker, name: str, source: Source) -> tuple[Node, Size | None]:
    what = f"shape of {name}"
    node = checker.parse(source, what)
    kind = checker.type(node, source, what, checker.scope())
    checker.shaping.update(names(node))
    if kind is None:
        return node, None
    if isinstance(kind, T.Array) and kind.size is not None and at_least_zero(kind.size, checker.ranges):
        checker.used.update(names(node))
        return node, kind.size
    checker.say(source.place, f"{what}: not a size", "a number >= 0 made of dimensions", source.text)
    return node, None


def _plain(dtypes: list[str], shape: T.Shape, drawn_from: CheckedRange | None) -> T.Array:
    """Numbers keep the type that they are stored as, where it is one; nothing is said of float32, which results are.

    Integers lie between the ends of their range, or else of their type, as far as 64 bits with a sign have them.
    """
    known = [DTYPES[dtype] for dtype in dtypes]
    only = dtypes[0] if len(dtypes) == 1 else ""
    if drawn_from:
        return T.Array("int", shape, low=drawn_from.low, high=drawn_from.high, dtype=only, declared=True)
    if known[0].is_real:
        return T.Array("real", shape, dtype="" if only == FLOAT32.name else only)
    if any(dtype.bits == 64 for dtype in known):
        return T.Array("int", shape, dtype=only)
    low, high = min(dtype.integers[0] for dtype in known), max(dtype.integers[-1] for dtype in known)
    return T.Array("int", shape, low=Size.of(low), high=Size.of(high), dtype=only)


def _dtypes_known(checker: Checker, part: Input, formats: Mapping[str, BlockFormat]) -> bool:
    known, plain = True, of_place(INPUT)
    written_types = items(entries(checker.contract.node, "inputs")[part.name], "dtype")
    for dtype, written in zip(part.dtypes, written_types, strict=True):
        if dtype not in plain and dtype not in formats:
            near = elsewhere(dtype) or nearest(dtype, [*plain, *formats])
            hint = f"{near}; block formats come from `formats` or a contract in depends_on"
            checker.say(written.place, f"input {part.name}: unknown dtype {dtype!r}", hint=hint)
            known = False
    return known


def _alike(checker: Checker, part: Input, plain: list[str]) -> bool:
    """One case draws one of several types: all of real numbers, all of integers, or all of blocks."""
    kinds = {DTYPES[dtype].kind for dtype in plain}
    if len(kinds) <= 1 and len(plain) in (0, len(part.dtypes)):
        return True
    message = f"input {part.name}: types of different kinds"
    expected = "types of real numbers, or of integers, or block formats"
    checker.say(part.place, message, expected, ", ".join(part.dtypes))
    return False


def _kinds(checker: Checker, part: Input, kind: T.Type) -> None:
    ranged = isinstance(kind, T.Array) and kind.declared
    known = allowed_kinds(part.dtypes[0], ranged)
    for index, drawn in enumerate(part.kinds):
        place = checker.at("inputs", part.name, "values", index)
        if drawn not in known:
            checker.say(place, no_such_kind(part.name, part.dtypes[0], drawn, ranged), hint=nearest(drawn, known))
        elif isinstance(kind, T.Array) and ranged:
            check_fits(checker, place, part.name, drawn, kind, checker.ranges)


def no_such_kind(name: str, dtype: str, drawn: str, ranged: bool) -> str:
    """What is said of a kind that an input is never drawn from; kinds that need a range say so."""
    needs = drawn in RANGED and dtype in DTYPES and not DTYPES[dtype].is_real
    told = " with a range" if ranged else " without a range" if needs else ""
    return f"input {name}: {dtype}{told} has no kind {drawn!r}"
