"""Counterexamples in lines that fit a terminal."""

from __future__ import annotations

WIDTH = 78


def short(text: str, width: int = WIDTH) -> str:
    """Each line cut to the width, with dots where something is missing."""
    return "\n".join(line if len(line) <= width else f"{line[: width - 3]}..." for line in text.split("\n"))
