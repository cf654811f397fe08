"""What could not be read, so that there is no verdict about it: place, expected, got, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from harness.findings import HandledError, Refused, worded


@dataclass(frozen=True)
class Unreadable:
    """One mistake; `place` is empty where it is of no file, such as an unknown ref."""

    place: str
    message: str
    expected: str = ""
    got: str = ""
    hint: str = ""

    def __str__(self) -> str:
        said = worded(self.message, self.expected, self.got, self.hint)
        return f"{self.place}: {said}" if self.place else said


def unreadable(error: HandledError) -> list[Unreadable]:
    """What an error says, each mistake once."""
    if not isinstance(error, Refused):
        return [Unreadable("", " ".join(str(error).split()))]
    return [
        Unreadable(str(found.place), found.message, found.expected, found.got, found.hint) for found in error.findings
    ]
