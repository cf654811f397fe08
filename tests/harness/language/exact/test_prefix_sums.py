"""Prefix sums: the value of every prefix is its own, and its bound that of a sum of so many entries."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from harness.language.accumulators import Adder, Sums
from harness.language.arithmetic import float32, float64
from harness.language.dtypes import DTYPES
from harness.language.exact.prefix_sums import prefix_sums
from harness.language.exact.region import Bounded, multiply, total

RNG = np.random.default_rng(8)
F32, BF16 = (DTYPES[name].numbers for name in ("f32", "bf16"))
ARITHMETICS = {
    "float32": float32(),
    "flushed": float32(flush_to_zero=True),
    "float64": float64(),
    "in bf16": replace(float32(), sums=Sums(BF16)),
    "in blocks": replace(float32(), sums=Sums(BF16, blocks=3, promoted=F32)),
    "on tensor cores": replace(float32(), sums=Sums(F32, exact_products=True, adder=Adder(4, 23, "truncate", 24))),
    "probable": replace(float32(), probable=True),
}


def regions(ar):
    x = Bounded(RNG.standard_normal((3, 9)).astype(np.float32), ar)
    w = Bounded(RNG.standard_normal((3, 9)).astype(np.float32), ar, np.full((3, 9), 1e-5))
    whole = Bounded(RNG.integers(-9, 9, (3, 9)).astype(np.float64), ar)
    sparse = Bounded(np.where(RNG.random((3, 9)) < 0.5, 0.0, x.v), ar)
    return {"numbers": x, "products": multiply(x, w), "integers": whole, "some are zero": sparse}


@pytest.mark.parametrize("name", ARITHMETICS)
def test_the_bound_of_each_prefix_is_that_of_its_sum(name):
    for case, x in regions(ARITHMETICS[name]).items():
        sums = prefix_sums(x, 1)
        for row in range(3):
            for n in range(1, 10):
                alone = total(x.map(lambda part, row=row, n=n: part[row, :n]), 0).close()
                if name != "probable" or case == "integers":  # the model of rounding looks at rows together
                    assert sums.v[row, n - 1] == pytest.approx(float(alone.v), rel=1e-14, abs=1e-14)
                    own, wanted = float(np.broadcast_to(sums.e, (3, 9))[row, n - 1]), float(np.max(alone.e))
                    assert own >= wanted * (1 - 1e-12), (case, row, n)
                    if case in ("numbers", "integers"):
                        assert own <= wanted * (1 + 1e-12), (case, row, n)


def test_integers_are_exact_and_the_first_entry_always_is():
    found = regions(float32())
    assert prefix_sums(found["integers"], 1).exact
    assert np.all(np.asarray(prefix_sums(found["numbers"], 1).e)[:, 0] == 0)


def test_against_rational_sums_in_the_worst_order():
    x = np.full(64, np.float32(2.0**-24 * (1 + 2.0**-10)))
    x[0] = 1
    sums, got = prefix_sums(Bounded(x, float32()), 0), np.add.accumulate(x, dtype=np.float32)
    exact = np.array([float(sum(map(Fraction, map(float, x[: n + 1])))) for n in range(64)])
    np.testing.assert_array_equal(sums.v, exact)
    error = np.abs(got.astype(np.float64) - exact)
    assert (error <= sums.bound()).all() and error[-1] > 0.99 * sums.bound()[-1]


def test_infinities_and_nan_from_their_place_on():
    x = Bounded(np.array([1.0, np.inf, 2.0, -np.inf, np.nan, 0.1]), float32())
    sums = prefix_sums(x, 0)
    assert sums.v[:3].tolist() == [1, np.inf, np.inf] and np.isnan(sums.v[3:]).all()
    assert sums.bound().tolist() == [0, 0, 0, np.inf, 0, 0]


def test_what_may_overflow_is_not_judged_and_spoils_no_entry_before_it():
    bound = prefix_sums(Bounded(np.array([3e38, 3e38, -3e38]), float32()), 0).bound()
    assert bound[0] == 0 and np.isinf(bound[1:]).all()


def test_no_entries():
    assert prefix_sums(Bounded(np.zeros((2, 0)), ARITHMETICS["in bf16"]), 1).shape == (2, 0)
