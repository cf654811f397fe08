"""w[..., rows, n] times x[..., n]; leading axes go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import PRODUCTS, Function, Value
from harness.language.rules.fitting import broadcast, real, seen
from harness.language.types import Array, Mismatch, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _type(w: Type, x: Type) -> Array:
    a, b = real(w), real(x)
    if len(a.shape) < 2 or not b.shape:
        raise Mismatch("matvec(w, x) needs w[..., rows, n] and x[..., n]", got=f"{w} and {x}")
    if a.shape[-1] != b.shape[-1]:
        raise Mismatch("matvec: the rows of w and x differ in length", str(a.shape[-1]), str(b.shape[-1]))
    lead = broadcast(a.shape[:-2], b.shape[:-1], "matvec")
    return Array("real", (*lead, a.shape[-2]), observed=seen(w, x))


def _exact(domain: Exact, w: Value, x: Value) -> Bounded:
    from harness.language.exact import region

    return region.matvec(domain.real(w), domain.real(x))


def _single(domain: Single, w: Value, x: Value) -> Value:
    return domain.product(domain.real(w), domain.real(x)[..., None])[..., 0]


MATVEC = Function(
    name="matvec",
    group=PRODUCTS,
    form="matvec(w, x)",
    meaning="w[..., rows, n] times x[..., n]; leading axes go together",
    bound="part of the polynomial, like `@`",
    example=("matvec(w, x)", "real[k]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    no_neighbours="no other function takes rows and a vector; a wrong one is an operand",
    product=True,
)
