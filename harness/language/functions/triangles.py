"""A triangle of matrices, with zeros elsewhere: masks by the order of tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.language.function import PLACES, Function, Value
from harness.language.rules import moving
from harness.language.rules.fitting import scalar_size
from harness.language.types import Array, Ranges, Type

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, k: Type | None = None, *, ranges: Ranges) -> Array:
    if k is not None:
        scalar_size(k, "the diagonal")
    return moving.beside_zeros(moving.moved(x, "a triangle", axes=2), ranges)


def _diagonal(x: Any, k: int) -> int:
    """The diagonal, as near as one that has all entries on the same side: NumPy takes integers of 64 bits."""
    furthest = sum(x.shape[-2:])
    return max(-furthest, min(k, furthest))


def _exact(domain: Exact, x: Value, keep: Callable[[Any], Any]) -> Value:
    from harness.language.exact import choice, kinds

    if isinstance(x, choice.Truth):
        return x.map(keep)
    if kinds.is_whole(x):
        return keep(domain.whole(x))
    import numpy as np

    part = domain.real(x)
    kept = domain.certain(keep(np.ones(part.shape, np.bool_)))
    return choice.where(kept, part, domain.real(0))


def _exact_lower(domain: Exact, x: Value, k: int = 0) -> Value:
    import numpy as np

    return _exact(domain, x, lambda part: np.tril(part, _diagonal(part, k)))


def _exact_upper(domain: Exact, x: Value, k: int = 0) -> Value:
    import numpy as np

    return _exact(domain, x, lambda part: np.triu(part, _diagonal(part, k)))


def _single_lower(domain: Single, x: Value, k: int = 0) -> Value:
    import numpy as np

    return domain.moved(x, lambda part: np.tril(part, _diagonal(part, k)))


def _single_upper(domain: Single, x: Value, k: int = 0) -> Value:
    import numpy as np

    return domain.moved(x, lambda part: np.triu(part, _diagonal(part, k)))


TRIL = Function(
    name="tril",
    group=PLACES,
    form="tril(x, k)",
    meaning="matrices of the last two axes up to their diagonal k, 0 if none is given; elsewhere zeros, or false",
    bound="unchanged; zeros are exact",
    example=("tril(w, k - 1)", "real[k, n]"),
    type_rule=_type,
    exact=_exact_lower,
    single=_single_lower,
    neighbours=("triu",),
)
TRIU = Function(
    name="triu",
    group=PLACES,
    form="triu(x, k)",
    meaning="the same from their diagonal k on",
    bound="unchanged; zeros are exact",
    example=("triu(w, 1)", "real[k, n]"),
    type_rule=_type,
    exact=_exact_upper,
    single=_single_upper,
    neighbours=("tril",),
)
