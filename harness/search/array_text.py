"""Arrays as short text for readers."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

import numpy as np

from harness.language.dtypes import FLOAT32, of_array

SHOWN = 12  # entries shown of an array
DIGITS = 9  # that distinguish any two float32 numbers
PARTS = 32  # shown of a file: texts, runs of one byte, single bytes
RUN = re.compile(rb"(?P<text>[ -~]{4,})|(?P<same>(?P<byte>.)(?P=byte){4,})|.", re.DOTALL)


def number(value: Any, stored: bool = False) -> str:
    """One entry as text. Numbers of formats of 16 and 8 bits are written out: nothing is rounded that a reader sees.

    stored: a float64 is one that was stored; else it is a value of the evaluator, shown with as many digits as float32.
    """
    dtype = of_array(np.asarray(value).dtype)
    if dtype is None or not dtype.is_real:
        return str(value)
    if dtype is FLOAT32 or (dtype.bits == 64 and not stored):
        return f"{float(value):.{DIGITS}g}"
    return written_out(float(value))


def written_out(value: float) -> str:
    """A float64 in as few digits as name it among all others."""
    for digits in range(DIGITS, 17):
        if float(text := f"{value:.{digits}g}") == value:
            return text
    return f"{value:.17g}" if np.isfinite(value) else str(value)


def number_of_format(value: Any) -> str:
    """One stored number as text, with its format where that is not float32: `bf16 0.15625`."""
    dtype = of_array(np.asarray(value).dtype)
    named = dtype is not None and dtype.is_real and dtype is not FLOAT32
    return f"{dtype.name} {number(value, stored=True)}" if dtype is not None and named else number(value)


def show(value: np.ndarray, stored: bool = False) -> str:
    """A short array whole; of a long one the first entries that are not zero, and how many there are.

    stored: as of `number`.
    """
    value = np.asarray(value)
    flat = value.reshape(-1)
    if flat.size <= SHOWN:
        return _whole(value, stored).replace("\n", "")
    present = np.flatnonzero(flat != 0)
    if not len(present):
        return f"{flat.size} zeros"
    entries = []
    for position in present[:SHOWN]:
        index = ", ".join(str(int(i)) for i in np.unravel_index(int(position), value.shape))
        entries.append(f"[{index}] = {number(flat[position], stored)}")
    more = f", ... {len(present) - SHOWN} more" if len(present) > SHOWN else ""
    return f"{len(present)} of {flat.size} not zero: {', '.join(entries)}{more}"


def _whole(value: np.ndarray, stored: bool) -> str:
    """Every entry. NumPy prints no numbers of ml_dtypes to so many digits as they have."""
    to_text = partial(np.array2string, separator=", ", max_line_width=10_000)
    dtype = of_array(value.dtype)
    if dtype is not None and not dtype.is_real:
        return to_text(value.astype(np.int64) if dtype.bits < 8 else value)
    if dtype is None or dtype is FLOAT32 or (dtype.bits == 64 and not stored):
        return to_text(value, precision=DIGITS)
    return to_text(value.astype(np.float64), formatter={"float_kind": lambda entry: written_out(float(entry))})


def show_bytes(value: np.ndarray) -> str:
    """The bytes of a file: texts in quotes, single bytes in hexadecimal, and a run of one byte once with its length."""
    data = value.reshape(-1).astype(np.uint8).tobytes()
    parts: list[str] = []
    for part in RUN.finditer(data):
        if len(parts) == PARTS:
            parts.append(f"... {len(data) - part.start()} more")
            break
        if part["text"]:
            parts.append(json.dumps(part["text"].decode("ascii")))
        elif part["same"]:
            parts.append(f"{part['byte'].hex()}*{len(part['same'])}")
        else:
            parts.append(part[0].hex())
    return f"{len(data)} byte{'' if len(data) == 1 else 's'}: {' '.join(parts) or 'none'}"
