"""Products that nothing rounds: held against rational numbers, multiplied in every order in float32."""

from itertools import permutations

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.exact.factors import never_round, odd_and_power, product_is_exact
from harness.language.exact.region import Bounded

AR = float32()


def test_an_odd_number_times_a_power_of_two():
    odd, power = odd_and_power(np.array([6.0, -0.375, 2.0**-149, 0.0, np.inf, np.nan]))
    assert odd.tolist() == [3, 3, 1, 1, 1, 1] and power.tolist() == [1, -3, -149, 0, 0, 0]


@pytest.mark.parametrize(
    "factors, exact",
    [
        ((3.0, 5.0, 0.125), True),
        ((4097.0, 4095.0), True),  # 2**24 - 1
        ((4097.0, 4097.0), False),
        ((2.0**-80, 2.0**-80, 2.0**40), False),  # underflows if the small ones meet
        ((2.0**-80, 2.0**-60), True),
        ((0.1, 1.0), False),
    ],
)
def test_what_is_called_exact_is_so_in_every_order(factors, exact):
    x = np.array(factors)
    assert bool(product_is_exact(Bounded(x, AR), 0)) is exact
    results = {float(np.multiply.reduce(np.array(order, np.float32))) for order in permutations(factors)}
    assert not exact or results == {float(np.prod(x))}


def test_powers_that_never_round():
    x = Bounded(np.array([3.0, 3.0, 5.0, 0.5, 0.5, 0.0, 2.0]), AR)
    times = np.array([15.0, 16.0, 10.0, 149.0, 150.0, 1.0, 126.0])
    assert never_round(x, times, np.zeros(7, bool)).tolist() == [True, False, True, True, False, False, True]
    assert never_round(x, times, np.ones(7, bool)).tolist() == [False, False, False, False, False, False, True]
