"""The length of an axis, or of a list of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import KNOWN, Function, Value
from harness.language.rules.fitting import literal_axis
from harness.language.types import Array, Mismatch, Type, Words

if TYPE_CHECKING:
    from harness.language.evaluate import Domain


def _type(x: Type, axis: Type | None = None) -> Array:
    if isinstance(x, Words) and axis is None:
        return Array("int", observed=x.observed)
    if not x.shape:
        raise Mismatch("len of something without axes", got=str(x))
    place = 0 if axis is None else literal_axis(axis, len(x.shape))
    return Array("int", size=x.shape[place])


def _value(_domain: Domain, x: Value, axis: int = 0) -> int:
    return len(x) if isinstance(x, list) else int(x.shape[axis])


LEN = Function(
    name="len",
    group=KNOWN,
    form="len(x, axis)",
    meaning="the length of an axis, 0 if none is given",
    bound="integers",
    example=("len(w, 1)", "integer number"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="a wrong length is another axis, or one more or less",
)
