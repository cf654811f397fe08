"""The reference implementation: a contract's own equations in float32, and its `refuses` as errors.

It must survive every rule that has equations, before any kernel exists; and it is what faults are planted in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.contract.program import Program, RefusalProgram
from harness.findings import HandledError, nearest
from harness.language import types as T
from harness.language.evaluate import Bindings, evaluate
from harness.language.infer import SubjectType
from harness.language.packed import NUMPY, Packed
from harness.language.single import Single
from harness.language.syntax import Name


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
        self.domain = domain or Single()
        self.planted = False

    def claims(self) -> tuple[str, ...] | None:
        return None

    def missing(self, program: Program) -> list[str]:
        del program  # equations lack nothing
        return []

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        """Refuses as the contract says, else evaluates what the subject returns."""
        subject = program.scope.subjects[function]
        given = self.bind(program, subject, arguments, dimensions)
        equations = {**program.equations, **program.faults.get(self.fault, {})}
        bindings = Bindings(self.domain, equations, program.depends, given)
        ignored = program.ignored(self.fault)
        for refusal in program.refusals:
            if refusal.subject == function and refusal.error not in ignored and fires(refusal, bindings):
                raise RefusedByContract(refusal.error, render(refusal, bindings))
        returned = program.contract.subjects[function].returns
        results = {}
        for field, source in returned.items():
            value = np.asarray(bindings.value(source.text.strip()))
            declared = subject.returns[field]
            assert isinstance(declared, T.Array)
            dtype = np.dtype(np.float32) if declared.kind == "real" else NUMPY[declared.dtype or "i64"]
            results[field] = value.astype(dtype)
        return results

    def bind(
        self, program: Program, subject: SubjectType, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> dict[str, Any]:
        """The contract's names from the arguments.

        Dimensions that are no argument follow from the shapes that name them, else from the case.
        """
        given: dict[str, Any] = {}
        for argument, carried in subject.arguments.items():
            value = arguments[argument]
            if isinstance(value, tuple):
                value = _packed(program, *value)
            given[carried] = value
        for name, part in program.inputs.items():
            shape = getattr(given.get(name), "shape", ())
            for node, length in zip(part.shape, shape, strict=False):
                if isinstance(node, Name) and node.id not in given:
                    given[node.id] = length
        return {**dimensions, **given}


def _packed(program: Program, dtype: str, shape: tuple[int, ...], data: bytes) -> Packed:
    """A tensor as a subject gets it; under an unknown type name, read by any format of the right size."""
    if dtype in program.formats:
        return Packed.of(program.formats[dtype], shape, data)
    rows = int(np.prod(shape[:-1]))
    for format_ in program.formats.values():
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


def check_fault(fault: str, programs: list[Program]) -> None:
    """A fault that no contract declares is the user's mistake."""
    known = [name for program in programs for name in program.faults]
    if fault and fault not in known:
        raise HandledError(f"unknown fault {fault!r}; {nearest(fault, known) or 'the contracts declare none'}")
