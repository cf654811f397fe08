"""Products of two arrays by named axes, summed over those that the result does not have."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING

from harness.language.function import PRODUCTS, Function, Value
from harness.language.rules.contraction import WRITTEN, Contraction, contraction
from harness.language.rules.fitting import real, seen
from harness.language.sizes import Size
from harness.language.types import Array, Mismatch, Type, Word, show

if TYPE_CHECKING:
    import numpy as np

    from harness.language.exact.domain import Exact
    from harness.language.exact.region import Bounded
    from harness.language.single import Single


def _type(axes: Type, x: Type, y: Type) -> Array:
    if not isinstance(axes, Word) or axes.value is None:
        raise Mismatch("einsum needs its axes in quotes", WRITTEN, str(axes))
    read = contraction(axes.value)
    sizes: dict[str, Size] = {}
    for letters, operand in ((read.left, real(x)), (read.right, real(y))):
        if len(letters) != len(operand.shape):
            named = f"{len(operand.shape)} letters for {show(operand.shape)}"
            raise Mismatch("einsum: the letters are not the axes of an operand", named, repr(letters))
        for letter, size in zip(letters, operand.shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise Mismatch(f"einsum: the axis {letter!r} has two lengths", str(sizes[letter]), str(size))
    return Array("real", tuple(sizes[letter] for letter in read.result), observed=seen(x, y))


def _exact(domain: Exact, axes: str, x: Value, y: Value) -> Bounded:
    left, right = domain.real(x), domain.real(y)
    if x is y:  # as `*` and `@` have it: computed once, then multiplied by itself
        left = right = left.close()
    return _contracted(domain, contraction(axes), left, right)


def _single(domain: Single, axes: str, x: Value, y: Value) -> Value:
    return _contracted(domain, contraction(axes), domain.real(x), domain.real(y))


def _contracted(domain: Exact | Single, axes: Contraction, x: Value, y: Value) -> Value:
    """As one product of matrices for each place of the axes that go together; without a sum, entry by entry."""
    sizes = dict(zip(axes.left + axes.right, (*x.shape, *y.shape), strict=True))
    together, summed = axes.together, axes.summed
    if summed:
        left = domain.moved(x, _laid_out(axes.left, (together, axes.first, summed), sizes))
        right = domain.moved(y, _laid_out(axes.right, (together, summed, axes.second), sizes))
        product = domain.binary("@", left, right)
    else:
        left = domain.moved(x, _laid_out(axes.left, (together, axes.first, ""), sizes))
        right = domain.moved(y, _laid_out(axes.right, (together, "", axes.second), sizes))
        product = domain.binary("*", left, right)
    found = together + axes.first + axes.second
    shape, order = [sizes[letter] for letter in found], [found.index(letter) for letter in axes.result]
    return domain.moved(product, lambda part: part.reshape(shape).transpose(order))


def _laid_out(letters: str, groups: tuple[str, ...], sizes: dict[str, int]) -> Callable[[np.ndarray], np.ndarray]:
    """An array of these axes with one axis for each group of them; the axes that go together stay apart."""
    first, *others = groups
    order = [letters.index(letter) for letter in "".join(groups)]
    shape = [sizes[letter] for letter in first] + [prod(sizes[letter] for letter in group) for group in others]
    return lambda part: part.transpose(order).reshape(shape)


EINSUM = Function(
    name="einsum",
    group=PRODUCTS,
    form='einsum("bqd,bkd->bqk", q, k)',
    meaning="products of two arrays by the letters of their axes, summed over those that the result does not have",
    bound="part of the polynomial, like `@`",
    example=('einsum("kn,n->k", w, x)', "real[k]"),
    type_rule=_type,
    exact=_exact,
    single=_single,
    no_neighbours="no other function multiplies by letters; a wrong one has an operand in place of another",
    product=True,
)
