"""Whether every entry is true, and whether some entry is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import KNOWN, Function, Value
from harness.language.types import Array, Mismatch, Type

if TYPE_CHECKING:
    from harness.language.exact.choice import Truth
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type) -> Array:
    if not isinstance(x, Array) or x.kind != "bool":
        raise Mismatch("all and any need a comparison", got=str(x))
    return Array("bool", observed=x.observed)


def _exact_all(domain: Exact, x: Truth) -> Truth:
    return domain.certain(x.decided().all())


def _exact_any(domain: Exact, x: Truth) -> Truth:
    return domain.certain(x.decided().any())


def _single_all(_domain: Single, x: Value) -> Value:
    import numpy as np

    return np.all(x)


def _single_any(_domain: Single, x: Value) -> Value:
    import numpy as np

    return np.any(x)


ALL = Function(
    name="all",
    group=KNOWN,
    form="all(t)",
    meaning="whether every entry is true",
    bound="undecided where an entry is in doubt",
    example=("all(is_finite(w))", "truth value"),
    type_rule=_type,
    exact=_exact_all,
    single=_single_all,
    neighbours=("any",),
)
ANY = Function(
    name="any",
    group=KNOWN,
    form="any(t)",
    meaning="whether some entry is true",
    bound="undecided where an entry is in doubt",
    example=("any(x > 0)", "truth value"),
    type_rule=_type,
    exact=_exact_any,
    single=_single_any,
    neighbours=("all",),
)
