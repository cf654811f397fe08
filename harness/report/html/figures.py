"""Numbers and short texts as the page shows them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from harness.report.moment import moment


def three_digits(value: float | None) -> str:
    """Three digits; None is infinite."""
    if value is None:
        return "infinite"
    if math.isinf(value):
        return "infinite"
    return f"{value:.3g}"


def byte_count(count: int) -> str:
    """`12.3 MB`."""
    size = float(count)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"


def shape(sizes: list[int]) -> str:
    """`[2, 256]`; nothing for a single number."""
    return f"[{', '.join(map(str, sizes))}]" if sizes else ""


def day(seconds: int) -> str:
    """Seconds since 1970 as date and time; "unknown" where no clock said a possible one."""
    found = moment(seconds)
    return "unknown" if found is None else found.strftime("%Y-%m-%d %H:%M UTC")


def beyond(evidence: Mapping[str, Any]) -> str:
    """By how much an error exceeds its bound, where there is one."""
    if evidence["bound"] is None:
        return ""
    if evidence["bound"] == 0:
        return "where the result is exact"
    return (
        f"{three_digits(evidence['exceeds'])} times its bound"
        if evidence["exceeds"] is not None
        else "beyond any bound"
    )
