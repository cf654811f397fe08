"""Precision: an intermediate value is held in fewer bits than float32 has."""

from __future__ import annotations

from harness.language import types as T
from harness.language.infer import Scope
from harness.language.mutate.faulty import faulty
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.syntax import Binary, Call, Name, Node

NARROWER = ("bf16", "f16")  # functions of mutants that round to fewer bits


def operands(site: Site) -> Edits:
    """A named operand of a product, rounded before it is multiplied."""
    match site.node:
        case Binary(op="@", left=left, right=right):
            for kind in NARROWER:
                for side, other in ((left, right), (right, left)):
                    if _real(site, side):
                        made = faulty(kind, side)
                        sides = (made, other) if side is left else (other, made)
                        yield f"{kind}-operand", Binary("@", *sides)
        case Call(name=name, arguments=(w, x)) if site.function and site.function.product:
            for kind in NARROWER:
                yield f"{kind}-operand", Call(name, (faulty(kind, w), x), ())
                if _real(site, x):
                    yield f"{kind}-operand", Call(name, (w, faulty(kind, x)), ())


def _real(site: Site, part: Node) -> bool:
    kind = site.typed(part)
    return isinstance(kind, T.Blocks) or (isinstance(kind, T.Array) and kind.kind == "real" and isinstance(part, Name))


def results(root: Node, kind: T.Type, scope: Scope) -> Edits:
    """The whole value of an equation, rounded as it is stored."""
    del scope
    if isinstance(kind, T.Array) and kind.kind == "real":
        for name in NARROWER:
            yield f"{name}-result", faulty(name, root)


OPERATORS = (
    Operator("bf16-*, f16-*", "an operand of a product, or a whole result, is held in bfloat16 or float16", operands),
)
