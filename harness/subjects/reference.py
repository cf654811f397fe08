"""The reference implementation: a contract's own equations in float32, and its `refuses` as errors.

It must survive every rule that has equations, before any kernel exists; and it is what faults are planted in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.language import types as T
from harness.language.dtypes import result_type
from harness.language.evaluate import Bindings, evaluate
from harness.language.formats import BlockFormat
from harness.language.infer import SubjectType
from harness.language.mutate.domains import FaultySingle
from harness.language.packed import Packed
from harness.language.single import Single
from harness.language.syntax import Name
from harness.program.model import Program, RefusalProgram
from harness.subjects.planting import Planted, planted


class RefusedByContract(Exception):
    """Stands for the error class that the contract names; `error` is that name."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error


class Reference:
    """Evaluates equations in float32; with a fault, some of them replaced."""

    def __init__(self, fault: str = "", domain: Single | None = None) -> None:
        self.fault = fault
        self.name = f"reference:{fault}" if fault else "reference"
        self.domain = domain or (FaultySingle() if fault else Single())
        self.planted: dict[str, Planted] = {}  # by contract

    def claims(self) -> tuple[str, ...] | None:
        return None

    def missing(self, program: Program) -> list[str]:
        del program  # equations lack nothing
        return []

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        """Refuses as the contract says, else evaluates what the subject returns."""
        if program.id not in self.planted:
            self.planted[program.id] = planted(program, self.fault)
        fault = self.planted[program.id]
        given = self.bind(program, program.scope.subjects[function], arguments, dimensions, fault.formats)
        bindings = Bindings(self.domain, {**program.equations, **fault.equations}, program.depends, given)
        return answer(program, function, bindings, fault.ignores)

    def bind(
        self, program: Program, subject: SubjectType, arguments: Mapping[str, Any], dimensions: Mapping[str, int],
        formats: Mapping[str, BlockFormat] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """The contract's names from the arguments; `formats` take the place of the contract's own.

        Dimensions that are no argument follow from the shapes that name them, else from the case.
        """
        known = {**program.formats, **(formats or {})}
        given: dict[str, Any] = {}
        for argument, carried in subject.arguments.items():
            value = arguments[argument]
            if isinstance(value, tuple):
                value = _packed(known, *value)
            given[carried] = value
        for name, part in program.inputs.items():
            shape = getattr(given.get(name), "shape", ())
            for node, length in zip(part.shape, shape, strict=False):
                if isinstance(node, Name) and node.id not in given:
                    given[node.id] = length
        return {**dimensions, **given}


def answer(program: Program, function: str, bindings: Bindings, ignored: frozenset[str]) -> dict[str, Any]:
    """The results of one function; raises where the contract refuses."""
    for refusal in program.refusals:
        if refusal.subject == function and refusal.error not in ignored and fires(refusal, bindings):
            raise RefusedByContract(refusal.error, render(refusal, bindings))
    declared = program.scope.subjects[function].returns
    returned = program.contract.subjects[function].returns
    return {field: result(bindings.value(source.text.strip()), declared[field]) for field, source in returned.items()}


def result(value: Any, declared: T.Type) -> np.ndarray:
    """A value as a subject returns it: float32, or integers of the declared type."""
    assert isinstance(declared, T.Array)
    with np.errstate(all="ignore"):
        return np.asarray(value).astype(result_type(declared.kind, declared.dtype))


def _packed(formats: Mapping[str, BlockFormat], dtype: str, shape: tuple[int, ...], data: bytes) -> Packed:
    """A tensor as a subject gets it; under an unknown type name, read by any format of the right size."""
    if dtype in formats:
        return Packed.of(formats[dtype], shape, data)
    rows = int(np.prod(shape[:-1]))
    for format_ in formats.values():
        if rows * format_.blocks_per_row(shape[-1]) * format_.size == len(data):
            return Packed.of(format_, shape, data).relabelled(dtype)
    raise ValueError(f"no format reads {len(data)} bytes as {dtype} {shape}")


def fires(refusal: RefusalProgram, bindings: Bindings) -> bool:
    """Whether the condition holds; a condition that malformed arguments leave without meaning does not."""
    if refusal.when is None:
        return False
    try:
        return bool(np.all(evaluate(refusal.when, bindings)))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return False


def render(refusal: RefusalProgram, bindings: Bindings) -> str:
    """The message with its expressions evaluated."""
    parts = []
    for piece in refusal.message:
        if isinstance(piece, str):
            parts.append(piece)
        else:
            value = evaluate(piece, bindings)
            parts.append(str(value.item() if isinstance(value, np.generic) else value))
    return "".join(parts)
