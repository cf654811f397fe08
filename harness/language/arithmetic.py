"""The arithmetic an implementation is allowed to use: the constants every bound is made of."""

from __future__ import annotations

from dataclasses import dataclass

from harness.language import dtypes
from harness.language.accumulators import Sums


@dataclass(frozen=True)
class Arithmetic:
    """Binary floating point with round to nearest.

    unit       half a unit in the last place, relative: 2**-24 for float32 (Higham 2002, section 2.2)
    smallest   absolute error of one underflowing operation: the smallest subnormal, or the smallest normal number
               where subnormal results may be flushed to zero
    largest    the largest finite number; a value that may pass it is not judged
    digits     integers up to 2**digits are exact
    lowest     exponent of the smallest number that is kept exactly
    division   roundings of a quotient: 2 where it may be a product with the rounded reciprocal, 1 where it is correctly
               rounded
    exp_ulps   units in the last place by which exp() may miss (libm: below 1; vector libraries: up to 4)
    flushes    whether subnormal numbers may be stored as zero
    saturates  whether what is stored beyond the largest number of a format becomes that number
    condition  whether the condition of every value is tracked as well (only `accurate` in units asks for it)
    probable   whether values are off by what a model of rounding promises, instead of by the sound bound (only
               `accurate` without units asks for it)
    sums       what sums over an axis do; None: what every other operation does, in any order
    float64    whether implementations compute in float64, as the evaluator does: its own error is in every bound then
    rounded_reduction  whether sin and cos may take whole turns away from their argument in rounded numbers
    sigmoid_by_tanh    whether sigmoid and silu may be made of tanh
    online     whether the sum of a softmax may be rescaled whenever the maximum grows
    folded     whether exp(x) may be exp2(x * c), c a rounded log2(e), perhaps times a scale
    merged     whether parts of a softmax may be merged by the logarithms of their sums
    probabilities  the format that the powers or quotients of a softmax may be rounded to; None: they are not
    """

    unit: float = 2.0**-24
    smallest: float = 2.0**-149
    largest: float = (2 - 2.0**-23) * 2.0**127
    digits: int = 24
    lowest: int = -149
    exp_ulps: int = 2
    division: int = 2
    flushes: bool = False
    saturates: bool = False
    condition: bool = False
    probable: bool = False
    sums: Sums | None = None
    float64: bool = False
    rounded_reduction: bool = False
    sigmoid_by_tanh: bool = False
    online: bool = False
    folded: bool = False
    merged: bool = False
    probabilities: dtypes.Floating | None = None

    @property
    def u(self) -> float:
        """`unit`, a little enlarged: pays for the evaluator's own float64 roundings (2**-53 each)."""
        return self.unit * (1 + 2.0**-20)

    def gamma(self, n: int) -> float:
        """n u / (1 - n u): relative error of n roundings in a row (Higham 2002, lemma 3.1)."""
        return n * self.u / (1 - n * self.u) if n * self.u < 1 else float("inf")

    @property
    def tiny(self) -> float:
        """The smallest normal number: below it a result may be off by all of itself where it is flushed."""
        return 2.0**-1022 if self.float64 else 2.0**-126

    @property
    def accumulator_unit(self) -> float:
        """The relative error of one addition in a sum."""
        if self.sums is None:
            return self.unit
        return self.sums.adder.unit if self.sums.adder else self.sums.accumulator.unit

    def model_holds(self, n: int) -> bool:
        """Whether the errors of a sum of n terms may be taken for independent, of mean zero.

        Not with an adder, which cuts its operands: these errors have one sign. Not where they may add up to half of the
        sum: with partial sums of one sign they repeat.
        """
        return (self.sums is None or self.sums.adder is None) and n * self.accumulator_unit <= 1 / 2


def float32(exp_ulps: int = 2, flush_to_zero: bool = False, exact_division: bool = False) -> Arithmetic:
    """The arithmetic of a contract (its `arithmetic:` section)."""
    division = 1 if exact_division else 2
    if flush_to_zero:
        return Arithmetic(smallest=2.0**-126, lowest=-126, exp_ulps=exp_ulps, division=division, flushes=True)
    return Arithmetic(exp_ulps=exp_ulps, division=division)


def float64(exp_ulps: int = 2, flush_to_zero: bool = False, exact_division: bool = False) -> Arithmetic:
    """What `compute: f64` allows, with the evaluator's own error in it.

    The evaluator is one more implementation within the same bound, so unit and smallest number count twice.
    """
    numbers = dtypes.FLOAT64.numbers
    smallest, lowest = (2.0**numbers.emin, numbers.emin) if flush_to_zero else (numbers.smallest, numbers.lowest)
    division = 1 if exact_division else 2
    return Arithmetic(
        2 * numbers.unit, 2 * smallest, numbers.largest, numbers.digits, lowest, exp_ulps, division, flush_to_zero,
        float64=True,
    )  # fmt: skip


# Of functions as such: no implementation computes in it.
FLOAT64 = Arithmetic(2.0**-53, 2.0**-1074, (2 - 2.0**-52) * 2.0**1023, 53, -1074, 1)
