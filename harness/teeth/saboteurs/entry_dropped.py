"""A list that is one short."""

from __future__ import annotations

from harness.language import types as T
from harness.teeth.saboteurs.results import is_list
from harness.teeth.saboteurs.spoiled_result import SpoiledResult


class EntryDropped(SpoiledResult):
    """One text is missing from a list."""

    id = "SABOTEUR-ENTRY-DROPPED"
    story = "one entry of a returned list is missing"

    @staticmethod
    def fits(kind: T.Type) -> bool:
        return is_list(kind)

    @staticmethod
    def spoil(value: list[str], number: int) -> list[str]:
        del value[number % len(value)]
        return value
