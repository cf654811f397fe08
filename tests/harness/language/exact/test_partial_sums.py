"""The sums of squared partial sums against loops over the orders; the evaluator's own sums against other programs."""

from itertools import permutations
from math import sqrt

import numpy as np
import pytest

from harness.language.exact.partial_sums import (
    OWN_ORDERS,
    drifted,
    in_order,
    in_own_lanes,
    largest,
    powers_of_two,
    row_sums,
    shuffled,
)

F = np.float32
LENGTHS = (1, 2, 3, 5, 31, 48, 100, 500)


def columns(n, seed=0):
    """Normal, positive, sparse, of period 6, and nothing."""
    rng = np.random.default_rng([seed, n])
    p = rng.standard_normal((n, 5))
    p[:, 1] = np.abs(p[:, 1])
    p[:, 2] *= rng.random(n) < 0.3
    p[:, 3] = np.where(np.arange(n) % 6 < 3, 1, -1)
    p[:, 4] = 0
    return p


def squares_of_lanes(terms, lanes):
    """Every partial sum that is rounded, squared: each lane in order, then the lanes in order."""
    found = total = 0.0
    for first in range(lanes):
        partial = 0.0
        for term in terms[first::lanes]:
            partial += term
            found += partial**2 * (term != 0)
        total += partial
        found += total**2 if first else 0.0
    return found


@pytest.mark.parametrize("n", LENGTHS)
def test_lanes_and_their_reverse_are_covered(n):
    p = columns(n)
    most = largest(p)
    for lanes in (1, 2, 4, 8, 16):
        for order in (p, p[::-1]):
            if lanes <= n and (order is p or n % lanes == 0):
                found = [squares_of_lanes(list(column), lanes) for column in order.T]
                assert (np.array(found) <= most * (1 + 1e-9) + 1e-300).all(), lanes


def test_the_mean_over_permutations_is_covered():
    """All orders of six terms, written out."""
    for column in columns(6, 3).T:
        mean = np.mean([squares_of_lanes(order, 1) for order in permutations(column)])
        assert mean <= largest(column[:, None])[0] * (1 + 1e-9)


@pytest.mark.parametrize("period", [3, 5, 7, 11, 24, 40])
def test_as_many_lanes_as_a_pattern_is_long(period):
    """Each lane gets entries of one sign: its partial sums grow where those of all entries in order do not."""
    n = 2000
    terms = np.where(np.arange(n) % period < period // 2, 1.0, -1.0)
    terms -= terms[:period].mean()
    found = squares_of_lanes(list(terms), period)
    assert found > 30 * squares_of_lanes(list(terms), 1)
    assert found <= 1.05 * largest(terms[:, None])[0]


@pytest.mark.parametrize("parts", [3, 5, 7, 17])
def test_parts_that_are_cut_at_an_edge(parts):
    """A hump and a hollow around the end of a part: the next part keeps the whole hollow to its own end."""
    n = 6800
    cut, terms = n // parts, np.full(n, 1e-3)
    terms[cut - 40 : cut], terms[cut : cut + 40] = 1.0, -1.0
    found = squares_of_lanes(list(terms[cut : 2 * cut]), 1)
    assert found <= 3 * largest(terms[:, None])[0]  # the mean over the orders of a part is a third of this one


def test_no_more_lanes_than_it_says_need_to_be_tried():
    """Beyond sqrt(3 n) lanes the permutations cover whatever lies in the lanes."""
    n = 300
    for seed in range(5):
        for column in columns(n, seed).T:
            for lanes in (32, 50, 100, 150):
                inside = sum(squares_of_lanes(list(column[first::lanes]), 1) for first in range(lanes))
                assert lanes < sqrt(3 * n) or inside <= n * np.sum(column**2) / 6 * (1 + 1e-9) + 1e-300


def test_columns_do_not_disturb_each_other():
    p = columns(500)
    for at in range(p.shape[1]):
        assert largest(p[:, at : at + 1])[0] == pytest.approx(largest(p)[at], rel=1e-12)
    p[3, 0] = np.inf
    with np.errstate(invalid="ignore"):
        assert np.isfinite(largest(p)[1:]).all()


# --- the evaluator's own sums -----------------------------------------------------------------------------------


@pytest.mark.parametrize("order", OWN_ORDERS[:-1])
@pytest.mark.parametrize("n", [1, 7, 64, 1000])
def test_own_sums_are_float32_sums_of_all_terms(order, n):
    p = columns(n)[:, :3].astype(F)
    exact = p.astype(np.float64).sum(0)
    assert order(p).dtype == F
    assert (np.abs(order(p) - exact) <= n * 2.0**-24 * np.abs(p).sum(0)).all()


def test_own_orders_are_what_they_are_called():
    p = columns(100)[:, :1].astype(F)
    total = F(0)
    for term in p[:, 0]:
        total = F(total + term)
    assert in_order(p)[0] == total
    lanes = [in_order(p[at::8])[0] for at in range(8)]
    halves = [F(a + b) for a, b in zip(lanes[:4], lanes[4:], strict=True)]
    assert in_own_lanes(p)[0] == F(F(halves[0] + halves[2]) + F(halves[1] + halves[3]))
    assert shuffled(np.eye(100, dtype=F)).sum() == 100  # every term, once
    assert [next(powers) for powers in [powers_of_two()] for _ in range(4)] == [1, 2, 4, 8]


@pytest.mark.parametrize(("term", "beside"), [(0.3, 0), (1.7, 0), (2.0**-11, 2.0**14)])
def test_equal_terms_drift(term, beside):
    """What summing them in order loses is seen from the terms alone, within a factor of six, whatever the order."""
    terms = np.full((5000, 1), term, F)
    terms[2500] = beside or term
    exact = terms.astype(np.float64).sum()
    assert 6 * abs(drifted(terms)[0] - exact) > abs(in_order(terms)[0] - exact) > 0.01


def test_terms_of_all_kinds_do_not_drift():
    terms = np.random.default_rng(0).uniform(0, 1, (5000, 50)).astype(F)
    exact = terms.astype(np.float64).sum(0)
    assert (np.abs(drifted(terms) - exact) < 3 * sqrt(5000) * 2.0**-24 * exact).all()


def test_rows():
    w, x = np.arange(24.0).reshape(2, 3, 4), np.arange(8.0).reshape(2, 4)
    assert np.array_equal(row_sums(w, x), np.einsum("ijk,ik->ij", w, x))
    assert np.array_equal(row_sums(w[0], x[0]), w[0] @ x[0])
