"""Functions on texts and on the bytes of files: the same in every way of evaluating."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Bytes = np.ndarray  # integers 0 to 255


def fill(template: str | list[str], n: int | None = None, e: int | None = None) -> str | list[str]:
    """The template, or each of a list, with {n} and {e} written out."""
    if isinstance(template, list):
        return [str(fill(part, n, e)) for part in template]
    for name, number in (("n", n), ("e", e)):
        if number is not None:
            template = template.replace(f"{{{name}}}", str(int(number)))
    return template


def first(whole: list[str]) -> str:
    """The first text of a list, "" of an empty one."""
    return whole[0] if whole else ""


def texts(*parts: str | list[str]) -> list[str]:
    """One list of all texts."""
    return [text for part in parts for text in ([part] if isinstance(part, str) else part)]


def ascii_(text: str) -> Bytes:
    """The bytes of a text."""
    return np.frombuffer(text.encode("ascii"), np.uint8).astype(np.int64)


def le(value: int, width: int) -> Bytes:
    """Little-endian bytes; negative values wrap, as unsigned formats store them."""
    return np.frombuffer((int(value) % (1 << 8 * width)).to_bytes(width, "little"), np.uint8).astype(np.int64)


def zero_bytes(n: int) -> Bytes:
    """Padding."""
    return np.zeros(n, np.int64)


def patch(file: Bytes, at: int, value: int, width: int) -> Bytes:
    """A copy with an integer written over `width` bytes at `at` (from the end where negative)."""
    start = at if at >= 0 else len(file) + at
    if not 0 <= start <= len(file) - width:
        raise IndexError(f"patch at {at} of {len(file)} bytes")
    patched = file.copy()
    patched[start : start + width] = le(value, width)
    return patched


def bytes_of(x: np.ndarray) -> Bytes:
    """float32 values as stored."""
    with np.errstate(over="ignore"):
        return np.frombuffer(np.ascontiguousarray(x, "<f4").tobytes(), np.uint8).astype(np.int64)


SHARED: dict[str, Callable[..., Any]] = {
    "fill": fill, "first": first, "texts": texts, "ascii": ascii_, "le": le, "zero_bytes": zero_bytes, "patch": patch,
}  # fmt: skip
