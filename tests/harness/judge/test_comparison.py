"""What a comparison could have noticed, against values worked out by hand."""

import numpy as np
import pytest

from harness.judge import claims as J
from harness.judge.comparison import Comparison, width
from harness.judge.wide import DOUBLED, FOREIGN, LOST, MOVED, SCALED, ZEROS
from harness.language.arithmetic import float32
from harness.language.exact.region import Bounded


def comparison(value, bound, got=None):
    value, bound = np.asarray(value, np.float64), np.asarray(bound, np.float64)
    return Comparison(value if got is None else np.asarray(got), value, bound, np.isfinite(value) & np.isfinite(bound))


def admitted(value, bound, other=None):
    return {name for name, passes in comparison(value, bound).decoys(other) if passes}


def test_width_is_the_median_bound_as_a_share_of_the_rms():
    met = comparison([3.0, -4.0, 0.0], [0.1, 0.5, 7.0])
    assert met.rms == pytest.approx(np.sqrt(25 / 3))
    assert met.width == pytest.approx(0.5 / np.sqrt(25 / 3))
    assert width(met.value, met.bound) == met.width


def test_sharpness_is_the_least_error_that_leaves_some_bound():
    met = comparison([3.0, -4.0, 0.0], [0.3, 0.2, 1.0])
    assert met.sharpness == pytest.approx(0.05)
    ar = float32()
    value = Bounded(met.value, ar, met.bound)
    assert J.close(met.value * 1.0499, value).holds is True
    assert J.close(met.value * 1.0501, value).holds is False


def test_elements_that_are_not_judged_take_no_part():
    met = comparison([1.0, np.nan, 1.0, 1.0], [0.1, 0.1, np.inf, 0.1])
    assert (met.unjudged, met.rms, met.width, met.sharpness) == (2, 1.0, 0.1, 0.1)
    assert width(np.array([1.0]), np.array([np.inf])) is None


def test_values_below_the_floor_say_nothing_and_exact_zeros_do():
    tiny = comparison([2.0**-97, 0.0], [2.0**-97, 1e-40])
    assert (tiny.width, tiny.sharpness, tiny.decoys()) == (None, None, [])
    assert comparison([0.0, 0.0], [1e-40, 0.0]).width is None
    exact = comparison([0.0, 0.0], [0.0, 0.0])
    assert (exact.width, exact.sharpness) == (0.0, 0.0)


def test_a_narrow_bound_refuses_every_decoy():
    value = [1.0, 2.0, 4.0]
    met = comparison(value, [1e-6] * 3)
    asked = met.decoys(np.array([4.0, 1.0, 2.0]))
    assert [name for name, _ in asked] == [ZEROS, SCALED, MOVED, LOST, DOUBLED, FOREIGN]
    assert not any(passes for _, passes in asked)


@pytest.mark.parametrize(
    ("bound", "passes"),
    [
        ([0.1, 0.1, 4.0], {LOST, DOUBLED, SCALED}),  # nobody looks at the last element
        ([0.02, 0.03, 0.05], {SCALED}),
        ([0.0, 0.0, 2.0], {DOUBLED}),
        ([0.0, 0.0, 0.0], set()),
    ],
)
def test_decoys_that_a_bound_admits(bound, passes):
    assert admitted([1.0, 2.0, 4.0], bound) == passes


def test_a_decoy_that_is_as_good_as_the_value_is_not_asked():
    asked = comparison([1.0, 1.0], [0.0, 0.0]).decoys(np.array([1.005, 1.0]))
    assert [name for name, _ in asked] == [ZEROS, SCALED, LOST]
    alone = comparison(4.0, 0.0).decoys(np.zeros(3))  # one element, beside a result of another shape
    assert [name for name, _ in alone] == [ZEROS, SCALED]


def test_a_bound_that_is_too_wide_is_not_asked_again():
    assert comparison([1.0, 1.0], [0.2, 0.2]).decoys() == []


def test_a_result_that_is_not_a_number_is_refused_as_a_decoy():
    assert dict(comparison([1.0, 2.0], [0.1, 0.1]).decoys(np.array([np.nan, 2.0])))[FOREIGN] is False


def test_claims_keep_where_result_value_and_bound_met():
    ar = float32()
    judged = J.close(np.array([1.0, 2.0], np.float32), Bounded(np.array([1.0, 2.0]), ar, np.array([0.5, np.inf])))
    (met,) = judged.of("y").comparisons
    assert (met.stage, met.got.tolist(), met.judged.tolist()) == ("y", [1, 2], [True, False])
    whole = J.both(judged.of("y"), J.identical(np.array([1]), np.array([1])))
    assert [part.stage for part in whole.comparisons] == ["y"] and whole.bitwise
    assert J.finite(np.array([1.0])).comparisons == () and not J.finite(np.array([1.0])).bitwise
