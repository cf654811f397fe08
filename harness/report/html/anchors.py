"""Names of places in the page that stay the same from report to report, so that links to them keep working."""

from __future__ import annotations

import re
from collections.abc import Iterable


def anchors(names: Iterable[str]) -> dict[str, str]:
    """`moe-router/FALSIFY-X-001` as `moe-router-FALSIFY-X-001`; two names never share a place."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        plain = "f-" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
        anchor, number = plain, 1
        while anchor in taken:
            number += 1
            anchor = f"{plain}-{number}"
        taken.add(anchor)
        found[name] = anchor
    return found
