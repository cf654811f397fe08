"""Whether a tensor or array has a type, under the name that subjects see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.dtypes import FLOAT32, of_array
from harness.language.function import KNOWN, Function, Value
from harness.language.types import Array, Mismatch, Type, Word

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(x: Type, name: Type) -> Array:
    del x  # whatever it is, it has a type
    if not isinstance(name, Word):
        raise Mismatch('has_type(tensor, "type") needs a text', got=str(name))
    return Array("bool")


def _value(domain: Exact | Single, x: Value, name: str) -> Value:
    import numpy as np

    from harness.language import packed
    from harness.language.exact import region

    if isinstance(x, packed.Packed):
        return domain.certain(x.dtype == name)
    found = None if isinstance(x, region.Bounded) else of_array(np.asarray(x).dtype)
    return domain.certain(name == (found or FLOAT32).name)


HAS_TYPE = Function(
    name="has_type",
    group=KNOWN,
    form='has_type(x, "q4_k")',
    meaning="whether a tensor, or an array that is an input, has this type",
    bound="-",
    example=('has_type(t, "q4_k")', "truth value"),
    type_rule=_type,
    exact=_value,
    single=_value,
    of_stored=True,
    no_neighbours="conditions of refusals ask it; their mutants are other comparisons",
)
