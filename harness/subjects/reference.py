"""The reference implementation: a contract's own equations in float32, or in what the contract computes in.

What it refuses is raised as an error. The reference must survive every falsifier whose claim has equations,
before any kernel exists. Faults are planted in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.language import integer_arithmetic, rounding
from harness.language import types as T
from harness.language.behind import Untouched
from harness.language.dtypes import DTYPES, FLOAT32, WHOLE, result_type
from harness.language.evaluate import Bindings, evaluate
from harness.language.formats import BlockFormat
from harness.language.infer import SubjectType
from harness.language.mutate.domains import FaultySingle
from harness.language.packed import Packed
from harness.language.single import Single
from harness.language.syntax import Name
from harness.program.arithmetic import single_of
from harness.program.model import InputProgram, Program, RefusalProgram
from harness.subjects.planting import Edit, edit_of
from harness.subjects.updates import delivered


class RefusedByContract(Exception):
    """The error that a contract says a call is refused with; `error` is the class that the contract names."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error


class Reference:
    """A subject that evaluates the equations in float32; with a fault, some of them are replaced."""

    def __init__(self, fault: str = "", domain: Single | None = None) -> None:
        self.fault = fault
        self.name = f"reference:{fault}" if fault else "reference"
        self.domain = domain or (FaultySingle() if fault else Single())
        self.edits: dict[str, Edit] = {}  # by contract

    def claims(self) -> tuple[str, ...] | None:
        return None

    def errors(self) -> Mapping[str, tuple[str, ...]]:
        return {}

    def missing(self, program: Program) -> list[str]:
        del program  # equations define every function
        return []

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        """The results of a function by its equations; RefusedByContract where the contract refuses the call."""
        if program.id not in self.edits:
            self.edits[program.id] = edit_of(program, self.fault)
        edit = self.edits[program.id]
        given = self.bind(program, program.scope.subjects[function], arguments, dimensions, edit.formats)
        domain = single_of(program, self.domain)
        bindings = Bindings(domain, {**program.equations, **edit.equations}, program.depends, given)
        results = results_of(program, function, bindings, edit.ignores)
        written: Mapping[str, Any] = delivered(program.scope.subjects[function], arguments, results)
        return written

    def bind(
        self, program: Program, subject: SubjectType, arguments: Mapping[str, Any], dimensions: Mapping[str, int],
        formats: Mapping[str, BlockFormat] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The values of the contract's names, from the arguments; `formats` replace the contract's own."""
        known = {**program.formats, **(formats or {})}
        given: dict[str, Any] = {}
        for argument, carried in subject.arguments.items():
            value = arguments[argument]
            if isinstance(value, tuple):
                value = _packed(known, *value)
            given[carried] = Untouched.of(value) if isinstance(value, np.ndarray) else value
        return with_sizes(program.inputs, given, dimensions)


def with_sizes(
    inputs: Mapping[str, InputProgram], given: Mapping[str, Any], dimensions: Mapping[str, int]
) -> dict[str, Any]:
    """The names of a call: what its arguments carry, and the dimensions.

    A dimension that is no argument has its value from a shape that names it, else from the case.
    """
    found = dict(given)
    for name, part in inputs.items():
        for node, length in zip(part.shape, getattr(given.get(name), "shape", ()), strict=False):
            if isinstance(node, Name) and node.id not in found:
                found[node.id] = int(length)
    return {**dimensions, **found}


def results_of(
    program: Program, function: str, bindings: Bindings, ignored: frozenset[str],
    refusals: Sequence[RefusalProgram] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The results of one function; RefusedByContract where the contract refuses the call.

    `refusals`: those that are asked, where it is known that no other applies.
    """
    for refusal in program.refusals if refusals is None else refusals:
        if refusal.subject == function and refusal.error not in ignored and fires(refusal, bindings):
            raise RefusedByContract(refusal.error, render(refusal, bindings))
    subject = program.scope.subjects[function]
    returned = program.contract.subjects[function].returns
    return {field: result_of(subject, field, source.text.strip(), bindings) for field, source in returned.items()}


def result_of(subject: SubjectType, field: str, equation: str, bindings: Bindings) -> np.ndarray:
    """One result of a function by its equation, in its number format, or in that of the argument that it is like."""
    saturates = getattr(bindings.domain, "saturates", False)
    dtype = subject.format_of(field, bindings.given)
    return result(bindings.value(equation), subject.returns[field], dtype, saturates)


def result(value: Any, declared: T.Type, dtype: str = "", saturates: bool = False) -> np.ndarray:
    """A value as a subject returns it: of the number format `dtype`, else of the declared one, rounded once.

    saturates: what lies beyond the largest number becomes that number.
    """
    assert isinstance(declared, T.Array)
    numpy_type = result_type(declared.kind, dtype or declared.dtype)
    if declared.kind == "real" and numpy_type.itemsize < FLOAT32.bytes:
        return rounding.stored(value, DTYPES[dtype or declared.dtype], saturates)
    if declared.kind == "int":  # of 64 bits; a number beyond int64 keeps its type, as it does in equations
        whole = integer_arithmetic.stored(value, "a result")
        return whole if numpy_type == WHOLE.numpy else whole.astype(numpy_type)
    with np.errstate(all="ignore"):
        return np.asarray(value).astype(numpy_type)


def _packed(formats: Mapping[str, BlockFormat], dtype: str, shape: tuple[int, ...], data: bytes) -> Packed:
    """A tensor that a subject got as (dtype, shape, bytes); an unknown dtype is read by any format of that size."""
    if dtype in formats:
        return Packed.of(formats[dtype], shape, data)
    rows = int(np.prod(shape[:-1]))
    for format_ in formats.values():
        if rows * format_.blocks_per_row(shape[-1]) * format_.size == len(data):
            return Packed.of(format_, shape, data).relabelled(dtype)
    raise ValueError(f"no format reads {len(data)} bytes as {dtype} {shape}")


def fires(refusal: RefusalProgram, bindings: Bindings) -> bool:
    """Whether the condition of a refusal holds; one that cannot be evaluated for malformed arguments does not."""
    if refusal.when is None:
        return False
    try:
        return bool(np.all(evaluate(refusal.when, bindings)))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return False


def render(refusal: RefusalProgram, bindings: Bindings) -> str:
    """The message of a refusal with its expressions evaluated."""
    return "".join(str(piece) for piece in _pieces(refusal, bindings))


def numbers_of(refusal: RefusalProgram, bindings: Bindings) -> tuple[int, ...]:
    """The integers among the expressions of a message, in its order; other values belong to the sentence."""
    literal = [isinstance(piece, str) for piece in refusal.message]
    values = zip(_pieces(refusal, bindings), literal, strict=True)
    return tuple(value for value, text in values if not text and type(value) is int)


@dataclass(frozen=True)
class Refusal:
    """What the contract says of one call that it refuses."""

    error: str
    numbers: tuple[int, ...]
    sentence: str

    @staticmethod
    def of(refusal: RefusalProgram, bindings: Bindings) -> Refusal:
        """With the expressions of its message evaluated."""
        return Refusal(refusal.error, numbers_of(refusal, bindings), render(refusal, bindings))


def _pieces(refusal: RefusalProgram, bindings: Bindings) -> list[Any]:
    """The literal parts of a message and the values of its expressions, in turn."""
    found: list[Any] = []
    for piece in refusal.message:
        value = piece if isinstance(piece, str) else evaluate(piece, bindings)
        found.append(value.item() if isinstance(value, np.generic) else value)
    return found
