"""Ranges of versions, compared by the versions they admit."""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import Literal

RangeRelation = Literal["respelled", "narrowed", "widened", "moved"]


@cache
def _specifiers(text: str) -> object:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return SpecifierSet("<0")  # admits nothing


def admits(wanted: str, version: str) -> bool:
    """Whether a range such as ">=1.0,<2" admits a version."""
    return version in _specifiers(wanted)  # type: ignore[operator]


def relation(old: str, new: str) -> RangeRelation:
    """How the new range relates to the old one.

    Ends of ranges are the numbers written in them. Between two neighbours of those numbers (and of their successors)
    nothing can change, so trying these versions decides it.
    """
    numbers: list[set[int]] = [{0}, {0}, {0}]
    for text in (old, new):
        for version in re.findall(r"[0-9]+(?:\.[0-9]+)*", text):
            for place, part in enumerate(version.split(".")[:3]):
                numbers[place] |= {max(0, int(part) - 1), int(part), int(part) + 1}
    versions = [".".join(map(str, parts)) for parts in product(*map(sorted, numbers))]
    gone = any(admits(old, version) and not admits(new, version) for version in versions)
    come = any(admits(new, version) and not admits(old, version) for version in versions)
    if gone:
        return "moved" if come else "narrowed"
    return "widened" if come else "respelled"
