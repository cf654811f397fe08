"""Saboteurs of refusals: the function refuses what it should, but the error is lost or another one."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from harness.judge.refusals import NUMBER
from harness.language import types as T
from harness.language.claims import REFUSALS
from harness.language.dtypes import result_type
from harness.language.infer import TYPED, infer
from harness.language.syntax import Call, walk
from harness.printable import message_of
from harness.program.integers import extent
from harness.program.model import Program, RefusalProgram
from harness.subjects.errors import EVERY_ERROR, Errors, class_names
from harness.subjects.interrupt import Interrupted
from harness.subjects.reference import RefusedByContract
from harness.teeth.saboteurs.saboteur import SabotagedSubject

UNHELPFUL = "something went wrong"


def refusal_claims(program: Program) -> list[Call]:
    """Every `raises(...)` and `says(...)` in the claims of a contract."""
    parts = [part for falsifier in program.falsifiers for part in walk(falsifier.claim)]
    return [part for part in parts if isinstance(part, Call) and part.name in REFUSALS]


def numbers_claimed(program: Program, claim: Call) -> int:
    """How many integers the messages of `refuses` have that a claim takes from there; 0 where it names its own text."""
    if len(claim.arguments) > 1:
        return 0
    call = claim.arguments[0]
    assert isinstance(call, Call)
    return max((_integers(program, part) for part in program.refusals if part.subject == call.name), default=0)


def _integers(program: Program, refusal: RefusalProgram) -> int:
    """The expressions of a message that are integers."""
    carried = program.scope.subjects[refusal.subject].arguments
    typed = {name: TYPED[kind] for name, kind in carried.items() if kind in TYPED}
    scope = replace(program.scope, names={**program.scope.names, **typed}, subjects={})
    kinds = [infer(piece, scope) for piece in refusal.message if not isinstance(piece, str)]
    return sum(isinstance(kind, T.Array) and kind.kind == "int" and not kind.shape for kind in kinds)


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
            zeroed = zero_results(program, function, arguments, dimensions)  # what is to be updated stays as it is
            updates = program.scope.subjects[function].updates
            return {name: value for name, value in zeroed.items() if name not in updates}


def zero_results(
    program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
) -> dict[str, Any]:
    """Zeros for every result of a function; one that is like an argument has the number format of that."""
    subject = program.scope.subjects[function]
    given = {carried: arguments.get(argument) for argument, carried in subject.arguments.items()}
    return {field: zeros(kind, dimensions, subject.format_of(field, given)) for field, kind in subject.returns.items()}


def zeros(kind: T.Type, dimensions: Mapping[str, int], dtype: str = "") -> Any:
    """Zeros of the declared type and shape: numbers of a format, false, an empty text or an empty list."""
    if not isinstance(kind, T.Array):
        return [] if isinstance(kind, T.Words) else ""
    return np.zeros(tuple(extent(size, dimensions) for size in kind.shape), result_type(kind.kind, dtype or kind.dtype))


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
        return _general_class(error, self.errors())(message_of(error))


def _general_class(error: Exception, errors: Errors) -> type[Exception]:
    """A general error class that stands for nothing that the error stands for."""
    known = set(class_names(error, errors)) - set(EVERY_ERROR)
    general = (RuntimeError, LookupError, ArithmeticError, _Unnamed)
    return next(kind for kind in general if known.isdisjoint(class_names(kind(), errors)))


class _Unnamed(Exception):
    """A class that no contract names."""


class WrongMessage(SpoiledRefusal):
    """The right class, and a message that does not say what is wrong."""

    id = "SABOTEUR-WRONG-MESSAGE"
    story = f'an error has the right class and says only "{UNHELPFUL}"'

    @classmethod
    def applies(cls, program: Program) -> bool:
        return any(
            claim.name == "says" or len(claim.arguments) == 3 or numbers_claimed(program, claim)
            for claim in refusal_claims(program)
        )

    def instead(self, error: Exception) -> Exception | None:
        return with_message(error, UNHELPFUL)


class WrongNumbers(SpoiledRefusal):
    """The right class and words, and numbers that are not those of the call."""

    id = "SABOTEUR-WRONG-NUMBERS"
    story = "the message of an error has every number one too large"

    @classmethod
    def applies(cls, program: Program) -> bool:
        return any(numbers_claimed(program, claim) for claim in refusal_claims(program))

    def instead(self, error: Exception) -> Exception | None:
        return with_message(error, NUMBER.sub(_one_more, message_of(error)))


class SwappedNumbers(SpoiledRefusal):
    """The right class and the right numbers, and what was got is told as what was expected."""

    id = "SABOTEUR-SWAPPED-NUMBERS"
    story = "two numbers in the message of an error have changed places"

    @classmethod
    def applies(cls, program: Program) -> bool:
        said = [claim for claim in refusal_claims(program) if claim.name == "says"]
        return any(numbers_claimed(program, claim) > 1 for claim in said)

    def instead(self, error: Exception) -> Exception | None:
        return with_message(error, swapped(message_of(error)))


def _one_more(number: re.Match[str]) -> str:
    return number[0] if "." in number[0] else str(int(number[0]) + 1)


def swapped(message: str) -> str:
    """A message in which the first number and the first other one have changed places."""
    found = list(NUMBER.finditer(message))
    other = next((part for part in found if part[0] != found[0][0]), None)
    if other is None:
        return message
    first = found[0]
    return "".join([message[: first.start()], other[0], message[first.end() : other.start()], first[0],
                    message[other.end() :]])  # fmt: skip


def with_message(error: Exception, message: str) -> Exception:
    """An error of the same class that says something else."""
    if isinstance(error, RefusedByContract):
        return RefusedByContract(error.error, message)

    def set_message(self: Exception) -> None:
        Exception.__init__(self, message)

    def say_message(self: Exception) -> str:
        del self
        return message

    # A subclass of the same name: the class itself may need arguments that are not known here.
    parts = {"__init__": set_message, "__str__": say_message}
    kind: type[Exception] = type(type(error).__name__, (type(error),), parts)
    return kind()
