"""An error that does not say what is wrong."""

from __future__ import annotations

from harness.program.model import Program
from harness.subjects.reference import RefusedByContract
from harness.teeth.saboteurs.refusal import SpoiledRefusal, refusal_claims

SAID = "something went wrong"


class WrongMessage(SpoiledRefusal):
    """The right class, and a message that helps nobody."""

    id = "SABOTEUR-WRONG-MESSAGE"
    story = f'an error has the right class and says only "{SAID}"'

    @classmethod
    def applies(cls, program: Program) -> bool:
        return any(
            len(claim.arguments) != 2 for claim in refusal_claims(program)
        )  # with two, only the class is claimed

    def instead(self, error: Exception) -> Exception | None:
        return _reworded(error)


def _reworded(error: Exception) -> Exception:
    """An error of the same class that says something else."""
    if isinstance(error, RefusedByContract):
        return RefusedByContract(error.error, SAID)
    # A subclass of the same name: the class itself may need arguments that are not known here.
    kind: type[Exception] = type(type(error).__name__, (type(error),), {"__init__": _said, "__str__": _saying})
    return kind()


def _said(self: Exception) -> None:
    Exception.__init__(self, SAID)


def _saying(self: Exception) -> str:
    del self
    return SAID
