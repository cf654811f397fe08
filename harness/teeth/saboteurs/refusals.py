"""Saboteurs of refusals: the function refuses what it should, but the error is lost or another one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.language import types as T
from harness.language.dtypes import result_type
from harness.language.syntax import Call, walk
from harness.printable import message_of
from harness.program.integers import extent
from harness.program.model import Program
from harness.subjects.calls import class_names
from harness.subjects.interrupt import Interrupted
from harness.subjects.reference import RefusedByContract
from harness.teeth.saboteurs.saboteur import SabotagedSubject

UNHELPFUL = "something went wrong"


def refusal_claims(program: Program) -> list[Call]:
    """Every `raises(...)` in the claims of a contract."""
    parts = [part for falsifier in program.falsifiers for part in walk(falsifier.claim)]
    return [part for part in parts if isinstance(part, Call) and part.name == "raises"]


class SpoiledRefusal(SabotagedSubject):
    """Results are right; an error is replaced by another error or by a result."""

    @classmethod
    def applies(cls, program: Program) -> bool:
        return bool(refusal_claims(program))

    @abstractmethod
    def instead(self, error: Exception) -> Exception | None:
        """The error to raise in its place; None: a result of zeros is returned."""

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        try:
            return self.subject.call(program, function, arguments, dimensions)
        except Interrupted:
            raise
        except Exception as error:
            raised = self.instead(error)
            if raised is not None:
                raise raised from None
            returns = program.scope.subjects[function].returns
            return {field: zeros(kind, dimensions) for field, kind in returns.items()}


def zeros(kind: T.Type, dimensions: Mapping[str, int]) -> Any:
    """Zeros of the declared type and shape: numbers, false, an empty text or an empty list."""
    if not isinstance(kind, T.Array):
        return [] if isinstance(kind, T.Words) else ""
    return np.zeros(tuple(extent(size, dimensions) for size in kind.shape), result_type(kind.kind, kind.dtype))


class Swallowed(SpoiledRefusal):
    """An error that the caller does not learn of: a fallback returns zeros."""

    id = "SABOTEUR-SWALLOWED-ERROR"
    story = "what should be refused is answered with zeros"

    def instead(self, error: Exception) -> Exception | None:
        del error
        return None


class WrongClass(SpoiledRefusal):
    """The right message in an error class that the caller does not catch."""

    id = "SABOTEUR-WRONG-CLASS"
    story = "an error has the right message and another class"

    def instead(self, error: Exception) -> Exception | None:
        return _general_class(error)(message_of(error))


def _general_class(error: Exception) -> type[Exception]:
    """A general error class that the error is no instance of, by name."""
    known = class_names(error)
    return next(kind for kind in (RuntimeError, LookupError, ArithmeticError) if kind.__name__ not in known)


class WrongMessage(SpoiledRefusal):
    """The right class, and a message that does not say what is wrong."""

    id = "SABOTEUR-WRONG-MESSAGE"
    story = f'an error has the right class and says only "{UNHELPFUL}"'

    @classmethod
    def applies(cls, program: Program) -> bool:
        # A claim with two arguments, the call and the class, says nothing of the message.
        return any(len(claim.arguments) != 2 for claim in refusal_claims(program))

    def instead(self, error: Exception) -> Exception | None:
        return _with_another_message(error)


def _with_another_message(error: Exception) -> Exception:
    """An error of the same class that says something else."""
    if isinstance(error, RefusedByContract):
        return RefusedByContract(error.error, UNHELPFUL)
    # A subclass of the same name: the class itself may need arguments that are not known here.
    kind: type[Exception] = type(type(error).__name__, (type(error),), {"__init__": _set_message, "__str__": _message})
    return kind()


def _set_message(self: Exception) -> None:
    Exception.__init__(self, UNHELPFUL)


def _message(self: Exception) -> str:
    del self
    return UNHELPFUL
