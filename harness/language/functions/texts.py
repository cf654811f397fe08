"""One list of texts; lists among the parts are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import TEXTS_AND_BYTES, Function
from harness.language.rules.fitting import seen
from harness.language.types import Mismatch, Type, Word, Words

if TYPE_CHECKING:
    from harness.language.evaluate import Domain


def _type(*parts: Type) -> Words:
    for part in parts:
        if not isinstance(part, Word | Words):
            raise Mismatch("texts lists texts", "texts", str(part))
    return Words(observed=seen(*parts))


def _value(_domain: Domain, *parts: str | list[str]) -> list[str]:
    return [text for part in parts for text in ([part] if isinstance(part, str) else part)]


TEXTS = Function(
    name="texts",
    group=TEXTS_AND_BYTES,
    form="texts(a, b, ...)",
    meaning="a list of texts; lists among the parts are joined",
    bound="",
    example=("texts(word, 'a', words)", "list of texts"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="it computes no number: what reads texts and files is tried by other arguments",
)
