"""A text with a few places replaced: how fixtures are made from a base and an edit."""

from collections.abc import Iterable


def edited(text: str, edits: Iterable[tuple[str, str]]) -> str:
    """`text` with each old text replaced by its new one, in the order given.

    AssertionError where an old text does not occur exactly once in what the edits before it have left, or is the same
    as the new one: such an edit is not the one that was meant.
    """
    for old, new in edits:
        count = text.count(old)
        assert count == 1, f"occurs {count} times, expected once:\n{old}"
        assert old != new, f"an edit that changes nothing:\n{old}"
        text = text.replace(old, new)
    return text
