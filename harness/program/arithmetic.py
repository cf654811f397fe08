"""The arithmetic that a contract allows its implementations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.contract.model import DeclaredArithmetic
from harness.language.accumulators import Adder, Sums
from harness.language.arithmetic import Arithmetic, float32, float64
from harness.language.dtypes import DTYPES, FLOAT32, FLOAT64
from harness.program.model import Program

if TYPE_CHECKING:
    from harness.language.single import Single


def arithmetic_of(program: Program, condition: bool = False) -> Arithmetic:
    """What the contract declares, else float32 by default; `condition`: whether conditions are tracked as well."""
    declared = program.contract.arithmetic
    made = float32()
    if declared:
        of_format = float64 if declared.compute == FLOAT64.name else float32
        made = of_format(declared.exp_ulps or 2, bool(declared.flush_to_zero), declared.division == "exact")
        made = replace(made, sums=_sums(declared), saturates=declared.overflow == "saturate")
        made = replace(
            made,
            rounded_reduction=declared.reduction == "rounded",
            sigmoid_by_tanh=declared.sigmoid == "tanh",
            online=declared.softmax == "online",
            folded=declared.exp == "exp2",
            merged=declared.merge == "lse",
            probabilities=DTYPES[declared.probabilities].numbers if declared.probabilities else None,
        )
    return replace(made, condition=condition)


def _sums(declared: DeclaredArithmetic) -> Sums | None:
    """None where sums do what everything else does, in float32 or in float64."""
    if declared.compute == FLOAT64.name:
        return None
    accumulator = declared.accumulator or FLOAT32.name
    made = Sums(
        DTYPES[accumulator].numbers,
        exact_products=declared.products == "exact",
        cut_operands=declared.operands == "tf32",
        blocks=declared.blocks or 0,
        promoted=DTYPES[declared.promoted or FLOAT32.name].numbers if declared.blocks else None,
    )
    if declared.adder:
        adder = declared.adder
        digits = adder.digits or made.accumulator.digits
        made = replace(made, adder=Adder(adder.terms, adder.bits, adder.rounding, digits))
    return None if made == Sums(FLOAT32.numbers) else made


def single_of(program: Program, domain: Single) -> Single:
    """The domain computing as the contract's implementations do: in float32 or float64, and in sums perhaps wider."""
    declared = program.contract.arithmetic
    if declared is None:
        return domain
    wide = FLOAT64.name in (declared.compute, declared.accumulator) or declared.blocks is not None
    accumulator = FLOAT64.name if wide else FLOAT32.name
    return domain.computing(declared.compute or FLOAT32.name, accumulator, declared.overflow == "saturate")
