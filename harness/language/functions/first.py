"""The first text of a list, an empty text of an empty list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import TEXTS_AND_BYTES, Function
from harness.language.types import Mismatch, Type, Word, Words

if TYPE_CHECKING:
    from harness.language.evaluate import Domain


def _type(whole: Type) -> Word:
    if not isinstance(whole, Words):
        raise Mismatch("first takes from a list of texts", got=str(whole))
    return Word(observed=whole.observed)


def _value(_domain: Domain, whole: list[str]) -> str:
    return whole[0] if whole else ""


FIRST = Function(
    name="first",
    group=TEXTS_AND_BYTES,
    form="first(list)",
    meaning='its first text, `""` of an empty list',
    bound="",
    example=("first(words)", "text"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="it computes no number: what reads texts and files is tried by other arguments",
)
