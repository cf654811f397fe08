"""Every entry of a vector times every entry of another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.language.function import PRODUCTS, Function, Value
from harness.language.rules.fitting import real, seen
from harness.language.types import Array, Mismatch, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, y: Type) -> Array:
    a, b = real(x), real(y)
    if len(a.shape) != 1 or len(b.shape) != 1:
        hint = "of more axes write x[..., None] * y[..., None, :]"
        raise Mismatch("outer needs two vectors", "two arrays of one axis", f"{x} and {y}", hint)
    return replace(Array("real", a.shape + b.shape), observed=seen(x, y))


def _value(domain: Exact | Single, x: Value, y: Value) -> Value:
    column = domain.index(domain.real(x), (slice(None), None))
    return domain.binary("*", column, domain.index(domain.real(y), (None, slice(None))))


OUTER = Function(
    name="outer",
    group=PRODUCTS,
    form="outer(x, y)",
    meaning="x[i] times y[j], of two vectors",
    bound="part of the polynomial, like `*`",
    example=("outer(x, w[0])", "real[n, n]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="no other function multiplies two vectors so; a wrong one has them exchanged",
    product=True,
    mistakable=(0, 1),
)
