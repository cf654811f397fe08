"""The arithmetic that a contract allows its implementations."""

from __future__ import annotations

from dataclasses import replace

from harness.language.arithmetic import Arithmetic, float32
from harness.program.model import Program


def arithmetic_of(program: Program, condition: bool = False) -> Arithmetic:
    """What the contract declares, else float32 by default; `condition`: whether conditions are tracked as well."""
    declared = program.contract.arithmetic
    made = float32()
    if declared:
        made = float32(declared.exp_ulps or 2, bool(declared.flush_to_zero), declared.division == "exact")
    return replace(made, condition=condition)
