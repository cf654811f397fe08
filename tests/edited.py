"""A text with a few edits: what tests make of one base, instead of copies of it."""

from collections.abc import Iterable


def edited(text: str, edits: Iterable[tuple[str, str]]) -> str:
    """The text after the edits (old, new), one after the other.

    AssertionError where an old text does not occur exactly once.
    """
    for old, new in edits:
        times = text.count(old)
        assert times == 1, f"the old text of an edit must occur exactly once, not {times} times: {old!r}"
        text = text.replace(old, new)
    return text
