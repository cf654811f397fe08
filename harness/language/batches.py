"""How functions are called in equations of block formats, where arrays have an axis of many blocks in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.language.function import Value

if TYPE_CHECKING:
    from harness.language.evaluate import Domain


def entrywise(domain: Domain, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """Each entry for itself: an axis more makes no difference."""
    return domain.call(name, arguments, keywords)


def broadcast(domain: Domain, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """Entries that meet by broadcasting: ranks are made equal behind the axis of the blocks."""
    return domain.call(name, aligned(domain, arguments), keywords)


def along_axis(domain: Domain, name: str, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """Along an axis given by name: counted from the front, it moves by one."""
    if keywords.get("axis", -1) >= 0:
        keywords = {**keywords, "axis": keywords["axis"] + 1}
    return domain.call(name, arguments, keywords)


def aligned(domain: Domain, values: list[Value]) -> list[Value]:
    """The values with their ranks made equal behind the first axis; plain numbers stay as they are."""
    ranks = [getattr(value, "ndim", None) or len(getattr(value, "shape", ())) for value in values]
    highest = max(ranks)
    spread = []
    for value, rank in zip(values, ranks, strict=True):
        missing = highest - rank if rank else 0
        spread.append(domain.index(value, (slice(None), *[None] * missing, Ellipsis)) if missing else value)
    return spread
