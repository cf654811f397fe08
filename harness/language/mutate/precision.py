"""Precision: an operand, an input, an intermediate value or a whole result is held in a format that loses digits."""

from __future__ import annotations

from collections.abc import Sequence

from harness.language import types as T
from harness.language.dtypes import FLOAT32
from harness.language.infer import TypeRefused
from harness.language.mutate.digits import stored_formats
from harness.language.mutate.faulty import faulty
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.mutate.number_formats import MISTAKEN, admits
from harness.language.mutate.sites import with_part
from harness.language.syntax import Binary, Call, Index, Name, NewAxis, Node, Number, OtherAxes, Text, children

HALVES = MISTAKEN[FLOAT32.name]  # what float32 is mistaken for


def spoken(format_: str) -> str:
    """A format's name in the id of a mutant."""
    return format_.replace("_", "-")


def operands(site: Site) -> Edits:
    """A named operand of a product, rounded before it is multiplied."""
    before: Sequence[Node] = ()  # the operands
    match site.node:
        case Binary(op="@", left=left, right=right):
            sides: Sequence[Node] = (left, right)
            lossy = [_lossy(site, left), _lossy(site, right)]
        case Call(arguments=(left, right)) if site.function and site.function.product:
            sides = (left, right)
            lossy = [_lossy(site, left) if _is_named(site, left) else HALVES, _lossy(site, right)]
        case Call(arguments=(Text() as first, left, right)) if site.function and site.function.product:
            before, sides = (first,), (left, right)
            lossy = [_lossy(site, left), _lossy(site, right)]
        case _:
            return
    for kind in dict.fromkeys([*lossy[0], *lossy[1]]):
        for number, side in enumerate(sides):
            if kind in lossy[number]:
                yield f"{spoken(kind)}-operand", with_part(site.node, (len(before) + number,), faulty(kind, side))


def _is_named(site: Site, part: Node) -> bool:
    return isinstance(part, Name) or isinstance(site.typed(part), T.Blocks)


def _lossy(site: Site, part: Node) -> tuple[str, ...]:
    """The formats in which a name of real numbers, or a tensor in blocks, loses something."""
    kind = site.typed(part)
    if isinstance(kind, T.Blocks):
        return tuple(name for name in HALVES if not site.formats.held_by_all(kind.formats, name))
    if not (isinstance(kind, T.Array) and kind.kind == "real" and isinstance(part, Name)):
        return ()
    known = site.formats.stored.get(part.id) or site.formats.inputs.get(part.id)
    held = frozenset(known or (kind.dtype or site.formats.computed,))
    return tuple(
        name for name in site.formats.mistaken(held)
        if site.formats.loses(name, part) and not (part.id in site.formats.stored and admits(held, name))
    )  # fmt: skip


def inputs(site: Site) -> Edits:
    """An input, read in a format that it does not have; where everything is float32 only operands of products are."""
    if site.formats.mixed and isinstance(site.node, Name) and site.node.id in site.formats.inputs:
        for kind in _lossy(site, site.node):
            yield f"{spoken(kind)}-input", faulty(kind, site.node)


def intermediates(site: Site) -> Edits:
    """A value inside of an equation, rounded before the rest is computed of it."""
    if not site.formats.mixed or stored_formats(site.node):
        return
    half = site.formats.half
    for number, part in enumerate(children(site.node)):
        if _is_computed(site, part) and site.formats.loses(half, part):
            yield f"{spoken(half)}-intermediate", with_part(site.node, (number,), faulty(half, part))
    match site.node:
        case Call(name="rms_norm", arguments=(x, weight, epsilon)):
            mean_square = Call("mean", (Binary("*", x, x), Number(-1)), ())
            before = faulty(half, normalised(x, mean_square, epsilon))
            yield f"{spoken(half)}-intermediate", Binary("*", before, weight)


def _is_computed(site: Site, part: Node) -> bool:
    """Whether a part is made of others, and not rounded already."""
    if not isinstance(part, Call | Binary) or stored_formats(part):
        return False
    try:
        kind = site.typed(part)
    except TypeRefused:
        return False
    return isinstance(kind, T.Array) and kind.kind == "real"


def normalised(x: Node, mean_square: Node, epsilon: Node) -> Node:
    """x over the root of its mean square: `rms_norm` before the weight."""
    beside = Index(mean_square, (OtherAxes(), NewAxis()))
    return Binary("/", x, Call("sqrt", (Binary("+", beside, epsilon),), ()))


def results(site: Site) -> Edits:
    """The whole value of an equation, rounded as it is stored; not to a format that every use of it admits."""
    kind = site.type
    if not (site.equation and isinstance(kind, T.Array) and kind.kind == "real"):
        return
    uses = site.formats.uses(site.equation, site.node, kind.dtype)
    for name in site.formats.mistaken(frozenset().union(*uses)):
        if not all(admits(use, name) for use in uses) and site.formats.loses(name, site.node):
            yield f"{spoken(name)}-result", faulty(name, site.node)


OPERATORS = (
    Operator(
        "bf16-*, f16-*, f8-*",
        "an operand of a product, or a whole result, is held in a format that loses some of it",
        operands,
    ),
    Operator("*-input", "an input is read in such a format, in contracts with narrow formats", inputs),
    Operator("*-intermediate", "a value inside of an equation is held in such a format, there too", intermediates),
)
