"""The same bytes under another type name: only a refusal can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import KNOWN, Function
from harness.language.types import Blocks, Mismatch, Type, Word

if TYPE_CHECKING:
    from harness.language.evaluate import Domain
    from harness.language.packed import Packed


def _type(x: Type, name: Type) -> Type:
    if not isinstance(x, Blocks) or not isinstance(name, Word):
        raise Mismatch('relabelled(tensor, "type") needs a quantised tensor and a text', got=f"{x}, {name}")
    return x


def _value(_domain: Domain, x: Packed, name: str) -> Packed:
    return x.relabelled(name)


RELABELLED = Function(
    name="relabelled",
    group=KNOWN,
    form='relabelled(x, "q5_k")',
    meaning="the same bytes under another type name, for `raises`",
    bound="-",
    example=('relabelled(t, "q5_k")', "q4_k tensor[k, n]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="claims spoil arguments with it; no kernel computes it",
)
