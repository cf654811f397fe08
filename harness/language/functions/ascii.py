"""The bytes of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.dtypes import BYTE
from harness.language.function import TEXTS_AND_BYTES, Function, Value
from harness.language.rules.fitting import single_text
from harness.language.sizes import Size
from harness.language.types import Array, Mismatch, Type

if TYPE_CHECKING:
    from harness.language.evaluate import Domain


def _type(text: Type) -> Array:
    value = single_text(text, "ascii").value
    if value is None or not value.isascii():
        raise Mismatch("ascii needs a text in quotes of ASCII characters", got=str(text))
    return Array("int", (Size.of(len(value)),), dtype=BYTE.name)


def _value(_domain: Domain, text: str) -> Value:
    import numpy as np

    return np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64)


ASCII = Function(
    name="ascii",
    group=TEXTS_AND_BYTES,
    form='ascii("GGUF")',
    meaning="the bytes of a text in quotes",
    bound="",
    example=("ascii('GGUF')", "integer[4]"),
    type_rule=_type,
    exact=_value,
    single=_value,
    no_neighbours="it computes no number: what reads texts and files is tried by other arguments",
)
