"""An array as a person wants to see it."""

from __future__ import annotations

import numpy as np

SHOWN = 12  # entries shown of an array


def show(value: np.ndarray) -> str:
    """Short arrays whole; of long ones the entries that are not zero, and how many there are."""
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
