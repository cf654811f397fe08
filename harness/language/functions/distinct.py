"""Whether no integer, or no text of a list, occurs twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import ORDER, Function, Value
from harness.language.rules.fitting import ints
from harness.language.types import Array, Type, Words

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type) -> Array:
    if isinstance(x, Words):
        return Array("bool", observed=x.observed)
    return Array("bool", observed=ints(x).observed)


def _value(domain: Exact | Single, x: Value) -> Value:
    import numpy as np

    if isinstance(x, list):
        return domain.certain(len(set(x)) == len(x))
    whole = domain.whole(x)
    return domain.certain(len(np.unique(whole)) == np.size(whole))


DISTINCT = Function(
    name="distinct",
    group=ORDER,
    form="distinct(ids)",
    meaning="whether no integer occurs twice",
    bound="integers",
    example=("distinct(i)", "truth value"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="it asks something of a result; no kernel computes it",
)
