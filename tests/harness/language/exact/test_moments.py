"""Means and variances by updates: against fractions, and the constants of the derivation against brute force."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.exact.moments import JOINED, Centred, MeanOf
from harness.language.syntax import parse

F = np.float32
EQUATIONS = {"centred": parse("x - mean(x, -1)[:, None]"), "variance": parse("mean(centred * centred, -1)")}


def value(text, **given):
    return evaluate(parse(text), Bindings(Exact(float32()), EQUATIONS, {"variance": frozenset(["centred"])}, given))


def rows(*entries):
    return np.array(entries, F)


def welford(row):
    """The running mean and the sum of squares about it, each operation rounded to float32."""
    mean = squares = F(0)
    for count, entry in enumerate(row, 1):
        delta = F(entry - mean)
        mean = F(mean + F(delta / F(count)))
        squares = F(squares + F(delta * F(entry - mean)))
    return mean, squares


ROWS = st.lists(st.integers(-50, 50), min_size=1, max_size=12)


@settings(max_examples=300)
@given(ROWS)
def test_integers_have_no_exact_mean_and_variance(entries):
    """In order of the equations their sums are exact; a running mean holds thirds and sevenths in between."""
    x, n = rows(entries), len(entries)
    mean = Fraction(sum(entries), n)
    variance = sum((entry - mean) ** 2 for entry in entries) / n
    got, squares = welford(x[0])
    exact = value("mean(x, -1)", x=x)
    assert exact.v[0] == pytest.approx(float(mean)) and abs(got - float(mean)) <= exact.bound()[0]
    exact = value("variance", x=x)
    assert exact.v[0] == pytest.approx(float(variance))
    assert abs(F(squares / F(n)) - float(variance)) <= exact.bound()[0]


@pytest.mark.parametrize("text", ["mean(x, -1)", "sum(x, -1) / 4", "mean(x, -1)[:, None]"])
def test_a_mean_is_one_however_it_is_written(text):
    x = rows([1, 2, 4, 9], [0, 0, 0, 0], [0, 3, 0, 0])
    bound = value(text, x=x).bound().ravel()
    assert bound.tolist() == value("mean(x, -1)", x=x).bound().tolist()
    assert bound[0] > 0 and bound[1] == 0 and bound[2] > 0, "a zero moves a running mean"


def test_a_mean_over_a_mask_counts_what_the_mask_leaves():
    x = rows([1, 0, 2, 4, 0, 0, 0, 0])
    assert value("sum(x, -1) / count", x=x, count=np.array([3])).bound()[0] > 0
    assert value("sum(x, -1) / count", x=x, count=np.array([2])).bound()[0] == 0, "fewer than there are: no mean"
    assert value("sum(x, -1) / count", x=x, count=np.array([16])).bound()[0] == 0, "more than there are: no mean"


def test_one_number_is_its_own_mean():
    assert value("mean(x, -1)", x=rows([0.1])).bound().tolist() == [0]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("x - mean(x, -1)[:, None]", True),
        ("x - (sum(x, -1) / 3)[:, None]", True),
        ("x - sum(x, -1)[:, None] / 3", True),
        ("x - mean(x, 0)", True),
        ("x - mean(x)", True),
        ("x - mean(y, -1)[:, None]", False),
        ("y - mean(x, -1)[:, None]", False),
        ("x - mean(x, 0)[:, None]", False),
        ("x - sum(x, -1)[:, None] / 4", False),
        ("x + mean(x, -1)[:, None]", False),
    ],
)
def test_what_is_left_of_an_array_without_its_mean(text, known):
    x = rows([1, 2, 5], [0, 4, 4], [7, 1, 1])
    found = value(text, x=x, y=x * F(2)).origin
    assert (type(found) is Centred) == known


def test_a_mean_remembers_what_it_is_the_mean_of():
    x = rows([1, 2, 5])
    assert isinstance(value("mean(x, -1)", x=x).origin, MeanOf)
    assert value("sum(x, -1) / 2", x=x).origin is None


@pytest.mark.parametrize("text", ["sum(s * s, -1)", "sum(s * s)", "s[0] @ s[0]"])
def test_the_error_of_squares_is_that_of_a_distance(text):
    """Twice the distance of the centred entries, and their squares' own roundings on top."""
    equations = {"s": parse("x - mean(x)") if text == "sum(s * s)" else EQUATIONS["centred"]}
    bindings = Bindings(Exact(float32()), equations, {}, {"x": rows([1000, 1001, 999.5, 1002])})
    s, squares = bindings.value("s").close(), evaluate(parse(text), bindings)
    root, moved = np.linalg.norm(s.v), np.linalg.norm(s.e)
    derived = (root + 2 * moved) ** 2 - root**2
    bound = float(np.ravel(squares.bound())[0])
    assert text[0] == "s" and (text.startswith("s[") or derived <= bound <= derived + 20 * 2.0**-24 * root**2)
    assert bound > 2 * float((np.abs(s.v) * s.e).sum())


# --- the constants of the derivation --------------------------------------------------------------------------------

N = 400


def test_joining_smaller_parts_to_larger_ones_costs_a_logarithm():
    """Over all binary trees: the largest sum of n'/n'' over the ancestors of a number, 1 where its side is smaller."""
    most = np.zeros(N + 1)
    for n in range(2, N + 1):
        larger = np.arange((n + 1) // 2, n)
        smaller = n - larger
        most[n] = max((most[larger] + smaller / larger).max(), (most[smaller] + 1).max())
    assert (most[2:] <= np.log2(np.arange(2, N + 1)) * (1 + 1e-12)).all()


def test_twice_the_distance_covers_every_tree_of_joins():
    """The worst chain of joins for all weight in one number, and Welford's product of two differences."""
    p = np.arange(1, N + 1, dtype=float)
    share = (p - 1 + 2 + JOINED * np.log2(p)) / p  # the error of a mean of p numbers, over u times their sum
    share[0] = 0
    most = np.zeros(N + 1)
    for n in range(2, N + 1):
        left = np.arange(1, n)
        most[n] = np.max(most[left] + share[left - 1] ** 2 * left * (n - left) / n)
        joins = np.sqrt(most[n] / n) / share[n - 1]
        before, after = np.sqrt(np.sum(share[: n - 1] ** 2)), np.sqrt(np.sum(share[:n] ** 2))
        updates = (np.sqrt(2) * before + after) / 2 / np.sqrt(n) / share[n - 1]
        assert max(joins, updates) <= np.sqrt(3)
