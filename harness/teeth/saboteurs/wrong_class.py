"""An error of a class that no caller catches."""

from __future__ import annotations

from harness.printable import message_of
from harness.subjects.calls import classes
from harness.teeth.saboteurs.refusal import SpoiledRefusal


class WrongClass(SpoiledRefusal):
    """The right message in a general error class."""

    id = "SABOTEUR-WRONG-CLASS"
    story = "an error has the right message and another class"

    def instead(self, error: Exception) -> Exception | None:
        return _another_class(error)(message_of(error))


def _another_class(error: Exception) -> type[Exception]:
    """A general class that the error does not belong to."""
    known = classes(error)
    return next(kind for kind in (RuntimeError, LookupError, ArithmeticError) if kind.__name__ not in known)
