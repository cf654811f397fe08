"""The constants of float32 are NumPy's."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from harness.language.accumulators import ROUNDINGS, Adder, Sums
from harness.language.arithmetic import FLOAT64, float32, float64
from harness.language.dtypes import DTYPES

F32, F64 = np.finfo(np.float32), np.finfo(np.float64)


@pytest.mark.parametrize("arithmetic, numpy", [(float32(), F32), (FLOAT64, F64)], ids=["float32", "float64"])
def test_the_constants_are_numpys(arithmetic, numpy):
    assert arithmetic.unit == numpy.eps / 2
    assert arithmetic.largest == numpy.max
    assert arithmetic.smallest == float(numpy.smallest_subnormal)
    assert 2.0**arithmetic.lowest == arithmetic.smallest
    assert arithmetic.digits == numpy.nmant + 1


def test_flushing_costs_the_smallest_normal_number():
    assert float32(flush_to_zero=True).smallest == F32.smallest_normal
    assert float32(exp_ulps=4, flush_to_zero=True).exp_ulps == 4


@pytest.mark.parametrize("n", [0, 1, 2, 10, 257, 2**16])
def test_gamma_covers_n_roundings_in_a_row(n):
    """(1 + u)**n - 1 <= gamma(n), in exact fractions."""
    unit = Fraction(1, 2**24)
    assert float((1 + unit) ** n - 1) <= float32().gamma(n) <= n * 2.0**-24 * 1.01


def test_gamma_gives_up_where_the_bound_has_no_meaning():
    assert float32().gamma(2**24) == float("inf")


def test_implementations_in_float64_have_the_evaluators_error_beside_theirs():
    assert (float64().unit, float64().smallest) == (F64.eps, 2 * float(F64.smallest_subnormal))
    assert float64(flush_to_zero=True).smallest == 2 * F64.smallest_normal and float64().tiny == F64.smallest_normal


def test_where_errors_may_be_taken_for_independent():
    half = replace(float32(), sums=Sums(DTYPES["f16"].numbers))
    assert (float32().accumulator_unit, half.accumulator_unit) == (2.0**-24, 2.0**-11)
    assert float32().model_holds(2**23) and half.model_holds(1024) and not half.model_holds(1025)
    for rounding in ROUNDINGS:  # all of them cut their operands
        adder = Adder(8, 24, rounding, 11)
        assert not replace(float32(), sums=Sums(half.sums.accumulator, adder=adder)).model_holds(8)
