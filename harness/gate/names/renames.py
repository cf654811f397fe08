"""The names that an edit exchanged for others, and where each of them was declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# What the name is of -> where it is declared. `{}` is the subject, the table or the format that has it.
DECLARED = {
    "dimension": "dimensions",
    "input": "inputs",
    "equation": "equations",
    "subject": "subjects",
    "argument": "subjects.{}.arguments",
    "result": "subjects.{}.returns",
    "table": "tables",
    "column": "tables.{}.columns",
    "format": "formats",
    "field": "formats.{}.fields",
    "step": "formats.{}.equations",
    "obligation": "proof_obligations",
    "falsifier": "falsification_tests",
    "fault": "faults",
    "error": "refuses",
    "value": "tables.{}",
}
INTERNAL = ("dimension", "input", "equation")  # names that no caller writes; they share one scope


@dataclass(frozen=True)
class Rename:
    """One name: of what, what it was, what it is now; `inside` is the new name of what has it."""

    what: str
    was: str
    now: str
    inside: str = ""

    @property
    def path(self) -> str:
        """Where the new name is declared."""
        return f"{DECLARED[self.what].format(self.inside)}.{self.now}"


@dataclass(frozen=True)
class Renames:
    """Every name that was exchanged, the new version's against the old one's."""

    found: tuple[Rename, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.found)

    def __iter__(self) -> Iterator[Rename]:
        return iter(self.found)

    def __add__(self, other: Renames) -> Renames:
        return Renames(self.found + other.found)

    def of(self, *kinds: str, inside: str = "") -> Mapping[str, str]:
        """Old names to new ones."""
        return {part.was: part.now for part in self.found if part.what in kinds and part.inside == inside}


NONE = Renames()
