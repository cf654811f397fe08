"""Arrays as short text for readers."""

from __future__ import annotations

import json
import re

import numpy as np

SHOWN = 12  # entries shown of an array
PARTS = 32  # shown of a file: texts, runs of one byte, single bytes
RUN = re.compile(rb"(?P<text>[ -~]{4,})|(?P<same>(?P<byte>.)(?P=byte){4,})|.", re.DOTALL)


def show(value: np.ndarray) -> str:
    """A short array whole; of a long one the first entries that are not zero, and how many there are."""
    flat = value.reshape(-1)
    if flat.size <= SHOWN:
        return np.array2string(value, precision=9, separator=", ", max_line_width=10_000).replace("\n", "")
    present = np.flatnonzero(flat != 0)
    if not len(present):
        return f"{flat.size} zeros"
    entries = []
    for position in present[:SHOWN]:
        index = ", ".join(str(int(i)) for i in np.unravel_index(int(position), value.shape))
        entries.append(f"[{index}] = {float(flat[position]):.9g}")
    more = f", ... {len(present) - SHOWN} more" if len(present) > SHOWN else ""
    return f"{len(present)} of {flat.size} not zero: {', '.join(entries)}{more}"


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
