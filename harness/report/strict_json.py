"""JSON as the standard has it: numbers that are finite, and small enough to be counted with."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

DIGITS = 18  # of an integer: it fits 64 bits


def loads(text: str) -> Any:
    """The data. ValueError for what is no JSON, RecursionError where it is nested too deeply."""
    return json.loads(text, parse_constant=_constant, parse_int=_whole, parse_float=_real)


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
