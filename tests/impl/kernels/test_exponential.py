import numpy as np
import pytest
from numba import njit

from impl.kernels.exponential import exponential, power_of_two


@njit
def each(values, out):
    for i in range(values.size):
        out[i] = exponential(values[i])


def exponentials(values):
    values = np.array(values, np.float32)
    out = np.empty_like(values)
    each(values, out)
    return out


def test_within_one_unit_in_the_last_place_of_float64():
    # Every 997th float32, of either sign, whose exponential is a normal float32.
    values = np.arange(0, 2**32, 997, dtype=np.uint64).astype(np.uint32).view(np.float32)
    values = values[np.isfinite(values) & (values < 88.7) & (values > -87.3)]
    exact = np.exp(values.astype(np.float64))
    units = np.abs(exponentials(values) - exact) / np.spacing(exact.astype(np.float32))
    assert values.size > 10**6
    assert units.max() < 1


def test_subnormal_results_are_within_one_unit():
    values = np.linspace(-103.9, -87.4, 10001).astype(np.float32)
    exact = np.exp(values.astype(np.float64))
    assert np.abs(exponentials(values) - exact).max() <= 2**-149


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 1), (-np.inf, 0), (-1e38, 0), (np.inf, np.inf), (88.8, np.inf), (1e38, np.inf)]
)
def test_edges(value, expected):
    assert exponentials([value])[0] == expected


def test_what_is_not_a_number_stays_so():
    assert np.isnan(exponentials([np.nan])[0])


@pytest.mark.parametrize("exponent", [-126, -1, 0, 1, 127])
def test_powers_of_two(exponent):
    assert power_of_two(np.int32(exponent)) == 2.0**exponent
