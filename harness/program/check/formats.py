"""Block formats: fields of whole numbers, equations that work block by block, as many weights as are declared."""

from __future__ import annotations

from harness.contract.model import Field, Format, Source
from harness.language import types as T
from harness.language.dtypes import DTYPES
from harness.language.formats import BlockFormat, field_type
from harness.language.functions import FUNCTIONS
from harness.language.infer import Scope
from harness.language.sizes import Size
from harness.language.syntax import Call, Node, Scan, names, spell, walk
from harness.program.check.checker import Checker, taken_names

PER_BLOCK = tuple(sorted(name for name, function in FUNCTIONS.items() if function.in_batch))


def check_formats(checker: Checker) -> dict[str, BlockFormat]:
    """Every format that the contract declares."""
    return {name: _format(checker, part) for name, part in checker.contract.formats.items()}


def _format(checker: Checker, part: Format) -> BlockFormat:
    known = {name: _field(checker, name, field) for name, field in part.fields.items()}
    equations: dict[str, Node] = {}
    lost: set[str] = set()  # equations without a type
    own = taken_names((*part.fields, *part.equations))
    for equation, source in part.equations.items():
        what = f"format {part.name}, equation {equation}"
        node = checker.parse(source, what)
        kind = checker.type(node, source, what, Scope(known, {}, own=own)) if not lost & names(node) else None
        equations[equation] = node
        _block_by_block(checker, node, source, what)
        if kind is not None:
            known[equation] = kind
        else:
            lost.add(equation)
    _as_many_weights(checker, part, known.get(part.weights))
    placed = {field: (at.dtype, at.start, at.stop) for field, at in part.fields.items()}
    return BlockFormat(part.name, part.values, part.size, placed, equations, part.weights, part.scales)


def _field(checker: Checker, name: str, field: Field) -> T.Type:
    taken = field.stop - field.start
    if taken * 8 % DTYPES[field.dtype].bits:
        checker.say(field.place, f"field {name}: {taken} bytes are not a whole number of {field.dtype}")
    return field_type(field.dtype, field.start, field.stop)


def _block_by_block(checker: Checker, node: Node, source: Source, what: str) -> None:
    """The equations are mapped over many blocks, so a function must not mix axes."""
    for call in walk(node):
        if isinstance(call, Call) and call.name not in PER_BLOCK:
            message = f"{what}: {call.name} does not work block by block"
            checker.say(source.place_at(call.start), message, ", ".join(PER_BLOCK), spell(call))
        elif isinstance(call, Scan):
            checker.say(
                source.place_at(call.start), f"{what}: a recurrence does not work block by block", got=spell(call)
            )


def _as_many_weights(checker: Checker, part: Format, decoded: T.Type | None) -> None:
    if not isinstance(decoded, T.Array):
        return
    entries = Size.of(1)
    for size in decoded.shape:
        entries = entries * size
    if entries != Size.of(part.values):
        message = f"format {part.name}: {part.weights} has the wrong number of entries"
        checker.say(part.equations[part.weights].place, message, f"{part.values} per block", str(entries))
