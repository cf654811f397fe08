"""An error that does not say what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.contract.program import Program
from harness.search.reference import RefusedByContract
from harness.teeth.saboteurs.refusal import SpoiledRefusal

SAID = "something went wrong"


class WrongMessage(SpoiledRefusal):
    """The right class, and a message that helps nobody."""

    id = "SABOTEUR-WRONG-MESSAGE"
    story = f'an error has the right class and says only "{SAID}"'

    def instead(
        self, program: Program, function: str, dimensions: Mapping[str, int], error: Exception
    ) -> Mapping[str, Any]:
        raise reworded(error) from None


def reworded(error: Exception) -> Exception:
    """An error of the same class that says something else."""
    if isinstance(error, RefusedByContract):
        return RefusedByContract(error.error, SAID)
    # A subclass of the same name: the class itself may need arguments that are not known here.
    kind = type(type(error).__name__, (type(error),), {"__init__": _said, "__str__": lambda self: SAID})
    return kind()


def _said(self: Exception) -> None:
    Exception.__init__(self, SAID)
