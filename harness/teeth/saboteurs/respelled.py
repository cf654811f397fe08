"""A name with one letter missing."""

from __future__ import annotations

from typing import Any

from harness.language import types as T
from harness.teeth.saboteurs.nudge import misspelled
from harness.teeth.saboteurs.results import is_text
from harness.teeth.saboteurs.spoiled_result import SpoiledResult


class Respelled(SpoiledResult):
    """One text, or one of a list, lacks a character."""

    id = "SABOTEUR-RESPELLED"
    story = "one returned name lacks a character"

    @staticmethod
    def fits(kind: T.Type) -> bool:
        return is_text(kind)

    @staticmethod
    def spoil(value: Any, number: int) -> Any:
        return misspelled(value, number)
