"""What the adversary found, each in its smallest form."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.exact.choice import top_k
from harness.language.exact.domain import Exact
from harness.language.exact.primitives import divide
from harness.language.exact.region import Bounded, matvec, total
from tests.harness.language.soundness.emulate import F

FLUSH = float32(flush_to_zero=True)


def exact(name, x):
    return Exact(x.ar).call(name, [x], {})


def leaf(values, arithmetic=None):
    return Bounded(np.asarray(values, F), arithmetic or float32())


def test_a_quotient_beyond_the_largest_number_is_not_judged():
    assert np.isinf(divide(leaf([1e30]), leaf([1e-20])).bound())


def test_zero_times_a_reciprocal_that_overflows_is_not_judged():
    """0 * (1 / 1e-42) is 0 * inf in float32."""
    assert np.isinf(divide(leaf([0]), leaf([1e-42])).bound())


def test_probabilities_of_logits_that_may_overflow_are_not_judged():
    """float32 gives inf - inf there; the clamp to 1 must not make that a claim."""
    with np.errstate(all="ignore"):
        probs = exact("softmax", matvec(leaf([[1, 1], [1, -1]]), leaf([3e38, 3e38])))
    assert np.isinf(probs.bound()).all()


def test_silu_where_a_flushed_sigmoid_takes_the_product_with_it():
    y = exact("silu", leaf([-87.34], FLUSH))
    assert abs(y.v) <= y.bound()


def test_exp_may_miss_by_its_ulps_among_subnormal_numbers_too():
    y = exact("exp", leaf([-100]))
    assert y.bound() >= 2 * 2.0**-149


def test_softmax_grants_exp_its_ulps_among_subnormal_numbers_too():
    y = exact("softmax", leaf([0, -100]))
    assert y.bound()[1] >= 3 * 2.0**-149  # two of exp, one of the division


def test_softmax_grants_exp_its_ulps_where_it_gives_the_probability_itself():
    """exp(-100 - log 8): the sum does not make the ulps of a subnormal number smaller."""
    y = exact("softmax", leaf([0] * 8 + [-100]))
    assert y.bound()[-1] >= 2 * 2.0**-149


@pytest.mark.parametrize(
    "function", [lambda x: exact("sqrt", x), lambda x: divide(x, leaf([1e-30], FLUSH)), lambda x: total(x, 0)]
)
def test_a_subnormal_operand_may_be_read_as_zero_where_subnormals_are_flushed(function):
    y = function(leaf([1e-40], FLUSH))
    assert (np.abs(y.v) <= y.bound()).all()


def test_entries_of_different_rows_are_not_tied_by_equal_inputs():
    """The rows are divided by different sums, so their first entries differ by less than the bound."""
    rows = exact("softmax", leaf([[0, -1], [0, -1.0000001]]))
    flat = rows.map(lambda part: part.reshape(-1))
    assert top_k(flat, 1).doubt
