"""NaN and infinities: what kernels return in any order, factored or not, against what is known for sure."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.exact.nonfinite import no_number, not_zero, sure
from harness.language.exact.region import Bounded, add, matvec, multiply, total

F = np.float32
AR = float32()
POOL = np.array([0, 0, 1, -1, 0.3, -2.5, 7, np.inf, -np.inf, np.nan], F)


def drawn(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return np.where(rng.random(shape) < 0.15, rng.choice(POOL, shape), rng.standard_normal(shape)).astype(F)


def wrong(got: np.ndarray, value: Bounded) -> np.ndarray:
    """Which results are not what every kernel returns, where that is known."""
    v, bound = value.v, value.bound()
    with np.errstate(invalid="ignore"):
        near = np.abs(got - v) <= bound
    met = np.where(np.isnan(v), np.isnan(got), (got == v) | near)
    return np.isfinite(bound) & ~met


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8])
def test_rows_in_any_order(n):
    rng = np.random.default_rng(n)
    w, x = drawn(rng, (2000, n)), drawn(rng, (2000, n))
    values = (
        matvec(Bounded(w[:, None], AR), Bounded(x, AR)).map(lambda part: part[:, 0]),
        total(multiply(Bounded(w, AR), Bounded(x, AR)), 1),
    )
    with np.errstate(all="ignore"):
        products = w * x
        skipped = np.where((w == 0) | (x == 0), F(0), products)  # kernels skip zeros
        kernels = [np.add.accumulate(p[:, rng.permutation(n)], 1)[:, -1] for p in (products, products, skipped)]
    for value in values:
        for got in kernels:
            assert not wrong(got.astype(float), value).any()
        judged = np.isfinite(value.bound())
        touched = ~(np.isfinite(w) & np.isfinite(x)).all(1)
        assert judged[~touched].all() and np.isnan(value.v[judged & touched]).sum() > 50


def test_sums_that_are_factored_or_distributed():
    rng = np.random.default_rng(9)
    a, b, x, y = (drawn(rng, (20_000,)) for _ in range(4))
    left, right = add(Bounded(a, AR), Bounded(b, AR)), add(Bounded(x, AR), Bounded(y, AR))
    value = multiply(left, right)
    with np.errstate(all="ignore"):
        factored = (a + b) * (x + y)
        kernels = (factored, a * x + a * y + b * x + b * y, (a + b) * x + (a + b) * y, a * (x + y) + b * (x + y))
    for got in kernels:
        assert not wrong(got.astype(float), value).any()
    assert np.isnan(value.v[np.isfinite(value.bound())]).sum() > 1000


def test_a_common_factor_of_infinite_products_may_be_taken_out():
    """d q - 32 d, of which a kernel makes d (q - 32)."""
    d, q = Bounded(np.array([np.inf, np.nan, 1.0]), AR), Bounded(np.array([40.0, 40.0, 40.0]), AR)
    value = add(multiply(d, q), multiply(d, Bounded(np.array(32.0), AR)), -1)
    assert np.isinf(value.bound()[0]) and value.bound()[1] == 0 and np.isnan(value.v[1]) and value.bound()[2] < 1


def test_what_is_said_of_entries():
    x = Bounded(np.array([np.nan, np.inf, 0.0, 1.0, 1.0, np.nan]), AR, np.array([0, 0, 0, 0.5, 2, np.inf]))
    assert no_number(x).tolist() == [True, False, False, False, False, False]
    assert not_zero(x).tolist() == [True, True, False, True, False, False]
    assert sure(x).tolist() == [False, True, True, True, True, False]
