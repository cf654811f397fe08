"""Types of the functions that ask something of an array, a tensor or a list of texts, one small function each."""

from __future__ import annotations

from harness.language.rules.fitting import ints, literal_axis, real
from harness.language.types import Array, Blocks, Claim, Mismatch, Record, Signature, Type, Word, Words


def _is_finite(x: Type) -> Array:
    part = real(x)
    return Array("bool", part.shape, observed=part.observed)


def _truths(x: Type) -> Array:
    if not isinstance(x, Array) or x.kind != "bool":
        raise Mismatch("all and any need a comparison", got=str(x))
    return Array("bool", observed=x.observed)


def _distinct(x: Type) -> Array:
    if isinstance(x, Words):
        return Array("bool", observed=x.observed)
    return Array("bool", observed=ints(x).observed)


def _len(x: Type, axis: Type | None = None) -> Array:
    if isinstance(x, Words) and axis is None:
        return Array("int", observed=x.observed)
    if not x.shape:
        raise Mismatch("len of something without axes", got=str(x))
    place = 0 if axis is None else literal_axis(axis, len(x.shape))
    return Array("int", size=x.shape[place])


def _nbytes(x: Type) -> Array:
    if isinstance(x, Record | Word | Claim):
        raise Mismatch("nbytes of something that is no array", got=str(x))
    return Array("int")


def _has_type(x: Type, name: Type) -> Array:
    """Whether a tensor has the named type (in `where` and `refuses`)."""
    del x  # whatever it is, it has a type
    if not isinstance(name, Word):
        raise Mismatch('has_type(tensor, "type") needs a text', got=str(name))
    return Array("bool")


def _relabelled(x: Type, name: Type) -> Type:
    """The same bytes under another type name: only a refusal can follow."""
    if not isinstance(x, Blocks) or not isinstance(name, Word):
        raise Mismatch('relabelled(tensor, "type") needs a quantised tensor and a text', got=f"{x}, {name}")
    return x


SIGNATURES: dict[str, Signature] = {
    "is_finite": _is_finite, "all": _truths, "any": _truths, "distinct": _distinct, "len": _len, "nbytes": _nbytes,
    "has_type": _has_type, "relabelled": _relabelled,
}  # fmt: skip
