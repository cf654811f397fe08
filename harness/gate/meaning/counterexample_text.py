"""Counterexamples in lines that fit a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # domains are compared without NumPy
    from harness.gate.meaning.compared import Difference

WIDTH = 78


def cut_lines(text: str, width: int = WIDTH) -> str:
    """Each line cut to the width, with dots where something is missing."""
    return "\n".join(line if len(line) <= width else f"{line[: width - 3]}..." for line in text.split("\n"))


def counterexample_text(what: str, case: str, difference: Difference) -> str:
    """At most three short lines: those of the case, and the entry with both values."""
    lines = [*case.split("\n"), f"{what}{difference.place}: old {difference.old}, new {difference.new}"]
    return cut_lines("\n".join(line for line in lines if line))
