"""Text for a terminal: wrapped, shortened, counted."""

from __future__ import annotations

import json
import textwrap
from typing import Any

WIDTH = 100


def shorten(text: str, width: int) -> str:
    """One line of at most `width` characters, cut between words."""
    return textwrap.shorten(text, max(width, 5), placeholder=" ...", break_on_hyphens=False)


def wrap(text: str, width: int, indent: int = 0, hanging: int | None = None, *, break_words: bool = True) -> list[str]:
    """Lines of at most `width` characters; those after the first are indented by `hanging`.

    Without `break_words`, a word that is longer than a line, such as a key to be copied, stays whole.
    """
    first, rest = " " * indent, " " * (indent if hanging is None else hanging)
    lines = textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=break_words, break_on_hyphens=False
    )
    return lines or [first]


def quoted_value(value: Any) -> str:
    """A text in quotes, so that blanks at its ends and its end itself show; other values as they are."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def counted(count: int, word: str) -> str:
    """`1 case`, `2 cases`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
