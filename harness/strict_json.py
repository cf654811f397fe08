"""JSON from outside, as the standard has it, within limits: numbers that are finite, and few enough parts.

A text of many empty lists takes 24 times its size in memory; one of a few long texts (arrays in base64) does not.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

DIGITS = 18  # of an integer: it fits 64 bits
LARGEST = 1 << 27  # bytes of a file of JSON that is read
MOST_PARTS = 400_000  # values in it: the check of a record against its schema takes 13 us for each


def loads(text: str, most: int = MOST_PARTS) -> Any:
    """The data. ValueError for what is no JSON or has more parts, RecursionError where it is nested too deeply."""
    if parts(text) > most:
        raise ValueError(f"more than {most} values")
    return json.loads(text, parse_constant=_constant, parse_int=_whole, parse_float=_real)


def parts(text: str) -> int:
    """How many values a text of JSON has, at most; those within its texts are counted, too."""
    return sum(text.count(sign) for sign in ",[{")


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _whole(text: str) -> int:
    if len(text) > DIGITS + 1:
        raise ValueError(f"an integer of {len(text)} digits")
    return int(text)


def _real(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"{text[:20]} is larger than any number here")
    return value
