"""Block formats: fields of whole numbers, equations that work block by block, as many weights as are declared."""

from __future__ import annotations

from harness.contract.check.desk import Desk
from harness.contract.model import Field, Format, Source
from harness.language import types as T
from harness.language.formats import BlockFormat
from harness.language.infer import Scope
from harness.language.sizes import Size
from harness.language.syntax import Call, Node, names, spell, walk

PER_BLOCK = ("abs", "arange", "concat", "relu", "reshape", "round", "stack", "stored", "where")
WIDTHS = {"f32": 4, "u16": 2, "i16": 2, "f16": 2}  # in bytes; all others are single bytes


def check_formats(desk: Desk) -> dict[str, BlockFormat]:
    """Every format that the contract declares."""
    return {name: _format(desk, part) for name, part in desk.contract.formats.items()}


def _format(desk: Desk, part: Format) -> BlockFormat:
    known = {name: _field(desk, name, field) for name, field in part.fields.items()}
    equations: dict[str, Node] = {}
    lost: set[str] = set()  # equations without a type
    for equation, source in part.equations.items():
        what = f"format {part.name}, equation {equation}"
        node = desk.parse(source, what)
        kind = desk.type(node, source, what, Scope(known, {})) if not lost & names(node) else None
        equations[equation] = node
        _block_by_block(desk, node, source, what)
        if kind is not None:
            known[equation] = kind
        else:
            lost.add(equation)
    _as_many_weights(desk, part, known.get(part.weights))
    placed = {field: (at.dtype, at.start, at.stop) for field, at in part.fields.items()}
    return BlockFormat(part.name, part.values, part.size, placed, equations, part.weights, part.scales)


def _field(desk: Desk, name: str, field: Field) -> T.Type:
    width, taken = WIDTHS.get(field.dtype, 1), field.stop - field.start
    count = taken // width
    if count * width != taken:
        desk.say(field.place, f"field {name}: {taken} bytes are no whole number of {field.dtype}")
    return T.Array("real" if field.dtype in ("f16", "f32") else "int", () if count == 1 else (Size.of(count),))


def _block_by_block(desk: Desk, node: Node, source: Source, what: str) -> None:
    """The equations are mapped over many blocks, so a function must not mix axes."""
    for call in walk(node):
        if isinstance(call, Call) and call.name not in PER_BLOCK:
            message = f"{what}: {call.name} does not work block by block"
            desk.say(source.place_at(call.start), message, ", ".join(PER_BLOCK), spell(call))


def _as_many_weights(desk: Desk, part: Format, decoded: T.Type | None) -> None:
    if not isinstance(decoded, T.Array):
        return
    entries = Size.of(1)
    for size in decoded.shape:
        entries = entries * size
    if entries != Size.of(part.values):
        message = f"format {part.name}: {part.weights} has the wrong number of entries"
        desk.say(part.equations[part.weights].place, message, f"{part.values} per block", str(entries))
