"""The same entries in another shape, last axis fastest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.language.function import PLACES, Function, Value
from harness.language.rules.fitting import real, scalar_size
from harness.language.sizes import Size, at_least_zero
from harness.language.types import Array, Mismatch, Ranges, Type, show

if TYPE_CHECKING:
    from harness.language.evaluate import Domain
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, *sizes: Type, ranges: Ranges) -> Type:
    new = tuple(scalar_size(size, "a size of reshape") for size in sizes)
    if isinstance(x, Array) and x.size is not None:
        raise Mismatch("reshape needs an array", got=str(x))
    if not all(at_least_zero(size, ranges) for size in new):
        raise Mismatch("a size of reshape may be negative", "0 or more", show(new))
    if not isinstance(x, Array):
        x = real(x)
    before, after = Size.of(1), Size.of(1)
    for size in x.shape:
        before = before * size
    for size in new:
        after = after * size
    if before != after:
        raise Mismatch("reshape changes the number of entries", f"{before} entries", f"{after} for {show(new)}")
    return replace(x, shape=new, size=None, choice=False)


def _exact(domain: Exact, x: Value, *sizes: int) -> Value:
    return domain.moved(x, lambda part: part.reshape(sizes))


def _single(domain: Single, x: Value, *sizes: int) -> Value:
    return domain.moved(x, lambda part: part.reshape(sizes))


def _in_batch(domain: Domain, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """The axis of the blocks stays in front."""
    x, *sizes = arguments
    return domain.call(name, [x, x.shape[0], *sizes], keywords)


RESHAPE = Function(
    name="reshape",
    group=PLACES,
    form="reshape(x, a, b, ...)",
    meaning="the same entries in another shape, last axis fastest",
    bound="unchanged",
    example=("reshape(w, n * k)", "real[k*n]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    in_batch=_in_batch,
    no_neighbours="entries in another order are a mutant of layouts",
    keeps_values=True,
)
