"""What is wrong, where, and what to do: the one shape of every refusal in the project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file; line and column count from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: `place: message; expected ..., got ...; hint`."""

    place: Place
    message: str
    expected: str = ""
    got: str = ""
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {worded(self.message, self.expected, self.got, self.hint)}"


def worded(message: str, expected: str | None, got: str | None, hint: str | None) -> str:
    """`message; expected ..., got ...; hint`, without what is empty."""
    comparison = ", ".join(f"{label} {text}" for label, text in (("expected", expected), ("got", got)) if text)
    return "; ".join(part for part in (message, comparison, hint) if part)


class HandledError(Exception):
    """A user's mistake: shown as its message, exit code 2, never with a traceback."""


class Refused(HandledError):
    """One or more findings make the input unusable."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


LONGEST_WORD = 200  # characters that are compared: the comparison takes their square


def near_miss(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?`, or nothing where nothing is near."""
    close = get_close_matches(word[:LONGEST_WORD], sorted(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?`, or the list of what is known where nothing is near."""
    options = sorted(known)
    close = near_miss(word, options)
    if close or not options:
        return close
    shown = ", ".join(options[:12]) + (", ..." if len(options) > 12 else "")
    return f"known: {shown}"
