"""What a subject says, made fit for a report: short, printable, and the same in every run."""

from __future__ import annotations

import re

LONGEST = 400
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")


def printable(text: str, longest: int = LONGEST) -> str:
    """Without line breaks, control characters, lone surrogates and memory addresses."""
    if len(text) > longest:
        text = f"{text[:longest]}... ({len(text)} characters)"
    text = ADDRESS.sub("0x...", " ".join(text.split()))
    if text.isprintable():
        return text
    return "".join(part if part.isprintable() else part.encode("unicode_escape").decode() for part in text)


def message_of(error: BaseException) -> str:
    """The error's own text; an error may be unable to say what it is."""
    try:
        return str(error)
    except Exception:
        return "(an error without a readable message)"
