"""Whether a list has a text, or a text a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import TEXTS_AND_BYTES, Function, Value
from harness.language.rules.fitting import seen, single_text
from harness.language.types import Array, Mismatch, Type, Word, Words

if TYPE_CHECKING:
    from harness.language.exact.domain import Exact
    from harness.language.single import Single


def _type(whole: Type, part: Type) -> Array:
    if not isinstance(whole, Word | Words):
        raise Mismatch("contains looks into a text or a list of texts", got=str(whole))
    single_text(part, "contains")
    return Array("bool", observed=seen(whole, part))


def _value(domain: Exact | Single, whole: str | list[str], part: str) -> Value:
    return domain.certain(part in whole)


CONTAINS = Function(
    name="contains",
    group=TEXTS_AND_BYTES,
    form="contains(list, text)",
    meaning="whether the list has the text, or the text a part",
    bound="",
    example=("contains(words, word)", "truth value"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="it computes no number: what reads texts and files is tried by other arguments",
)
