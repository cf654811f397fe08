"""The error function beside a series in NumPy's longest format, which has 64 digits on x86."""

import numpy as np
import pytest

from harness.language.error_function import erf, slope
from tests.harness.language.soundness.double import error_function

DENSE = np.concatenate([np.linspace(-6.5, 6.5, 5001), 10.0 ** np.linspace(-300, 0, 600)])


def test_it_is_within_two_units_of_the_true_value():
    true = error_function(DENSE.astype(np.longdouble))
    off = np.abs(erf(DENSE) - true) / np.spacing(np.maximum(np.abs(DENSE) * 1e-300, np.abs(erf(DENSE))))
    assert off.max() <= 2


@pytest.mark.parametrize("x, y", [(0.0, 0.0), (np.inf, 1.0), (-np.inf, -1.0), (7.0, 1.0), (5e-324, 5e-324)])
def test_its_ends(x, y):
    assert erf(x) == y


def test_nan_stays_nan_and_shapes_stay():
    assert np.isnan(erf(np.nan))
    assert erf(np.zeros((2, 0, 3))).shape == (2, 0, 3)


def test_its_slope_is_that_of_differences():
    x, h = np.linspace(-3, 3, 61), 1e-5
    assert slope(x) == pytest.approx((erf(x + h) - erf(x - h)) / (2 * h), abs=1e-9)
