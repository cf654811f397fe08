"""Types of the functions on texts and on the bytes of files, one small function each."""

from __future__ import annotations

from harness.language.dtypes import BYTE
from harness.language.rules.fitting import ints, real, scalar_size, seen
from harness.language.sizes import Size, at_least_zero
from harness.language.types import Array, Mismatch, Ranges, Signature, Type, Word, Words


def _text(part: Type, what: str) -> Word:
    if isinstance(part, Word):
        return part
    raise Mismatch(f"{what} needs a text", "a text", str(part))


def _fill(template: Type, n: Type | None = None, e: Type | None = None) -> Word | Words:
    """fill("blk.{n}.x", n=3): the text, or every text of a list, with {n} and {e} written out."""
    if not isinstance(template, Words):
        _text(template, "fill")
    for number in (n, e):
        if number is not None and ints(number).shape:
            raise Mismatch("fill writes single integers", got=str(number))
    return Words(observed=seen(template)) if isinstance(template, Words) else Word(observed=seen(template))


def _first(whole: Type) -> Word:
    """first(list): its first text, "" of an empty list."""
    if not isinstance(whole, Words):
        raise Mismatch("first takes from a list of texts", got=str(whole))
    return Word(observed=whole.observed)


def _texts(*parts: Type) -> Words:
    """texts(a, b, ...): a list; lists among the parts are joined."""
    for part in parts:
        if not isinstance(part, Word | Words):
            raise Mismatch("texts lists texts", "texts", str(part))
    return Words(observed=seen(*parts))


def _contains(whole: Type, part: Type) -> Array:
    """contains(list, text), or contains(text, part of it)."""
    if not isinstance(whole, Word | Words):
        raise Mismatch("contains looks into a text or a list of texts", got=str(whole))
    _text(part, "contains")
    return Array("bool", observed=seen(whole, part))


def _ascii(text: Type) -> Array:
    """ascii("GGUF"): the bytes of a text in quotes."""
    value = _text(text, "ascii").value
    if value is None or not value.isascii():
        raise Mismatch("ascii needs a text in quotes of ASCII characters", got=str(text))
    return Array("int", (Size.of(len(value)),), dtype=BYTE.name)


def _le(value: Type, width: Type) -> Array:
    """le(value, width): an integer as `width` little-endian bytes."""
    count = scalar_size(width, "the width of le").constant
    if ints(value).shape or count is None or not 1 <= count <= 8:
        raise Mismatch("le(value, width) needs an integer and a width of 1 to 8", got=f"{value}, {width}")
    return Array("int", (Size.of(count),), dtype=BYTE.name, observed=value.observed)


def _bytes_of(x: Type) -> Array:
    """bytes_of(x): a float32 vector as little-endian bytes, NaN payloads kept."""
    part = real(x)
    if len(part.shape) != 1:
        raise Mismatch("bytes_of needs a vector", got=str(x))
    return Array("int", (part.shape[0] * 4,), dtype=BYTE.name, observed=part.observed)


def _patch(file: Type, at: Type, value: Type, width: Type) -> Array:
    """patch(file, at, value, width): `width` bytes at `at` replaced by an integer; at < 0 counts from the end."""
    part = ints(file, "bytes")
    if len(part.shape) != 1 or any(ints(number).shape for number in (at, value, width)):
        raise Mismatch("patch(file, at, value, width) needs bytes and three integers", got=str(file))
    return Array("int", part.shape, dtype=part.dtype, observed=part.observed)


def _zero_bytes(n: Type, ranges: Ranges) -> Array:
    """zero_bytes(n): padding."""
    count = scalar_size(n, "the number of zero_bytes")
    if not at_least_zero(count, ranges):
        raise Mismatch("a number of bytes may be negative", "0 or more", str(count))
    return Array("int", (count,), dtype=BYTE.name)


SIGNATURES: dict[str, Signature] = {
    "fill": _fill, "first": _first, "texts": _texts, "contains": _contains, "ascii": _ascii, "le": _le,
    "bytes_of": _bytes_of, "patch": _patch, "zero_bytes": _zero_bytes,
}  # fmt: skip
