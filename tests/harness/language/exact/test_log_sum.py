"""log(sum(exp(x))): its value against math.fsum, and where it is recognised."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.exact.log_sum import log_of_sum
from harness.language.syntax import parse

F = np.float32


def value(text, condition=False, **given):
    domain = Exact(replace(float32(), condition=condition))
    with np.errstate(all="ignore"):
        return evaluate(parse(text), Bindings(domain, {}, {}, given))


@given(st.lists(st.floats(-500, 500, width=32), min_size=1, max_size=9))
def test_the_value_is_that_of_real_numbers(entries):
    exact = value("log(sum(exp(x)))", x=np.array(entries, F))
    top = max(entries)
    assert float(exact.v) == pytest.approx(top + math.log(math.fsum(math.exp(x - top) for x in entries)), abs=1e-12)
    assert np.isfinite(exact.bound())


@given(st.lists(st.floats(-500, 500, width=32), min_size=1, max_size=9))
def test_log_probabilities_are_those_of_real_numbers(entries):
    exact = value("log_softmax(x)", x=np.array(entries, F))
    for got, x in zip(exact.v, entries, strict=True):
        expected = -math.log(math.fsum(math.exp(min(y - x, 700)) for y in entries))
        assert max(entries) - x > 600 or float(got) == pytest.approx(expected, abs=1e-12)
    assert (exact.bound() <= 3e-6 * max(1, *np.abs(entries))).all()


def test_an_excluded_entry_has_no_probability_and_its_logarithm_says_so():
    exact = value("log_softmax(x)", x=np.array([3, -np.inf, 1], F))
    assert exact.v[1] == -np.inf and exact.bound()[1] == 0
    assert exact.v[0] == pytest.approx(-math.log1p(math.exp(-2))) and np.isfinite(exact.bound()).all()


@pytest.mark.parametrize("text", ["logsumexp(x)", "logsumexp(x, 0)", "logsumexp(x[None], -1)[0]"])
def test_the_function_has_the_rule_of_the_expression(text):
    x = np.array([100, -3, 99], F)
    named, written = value(text, x=x), value("log(sum(exp(x)))", x=x)
    assert (float(named.v), float(named.bound())) == (float(written.v), float(written.bound()))


@pytest.mark.parametrize("large", [90, 1e4, 1e30])
def test_the_bound_is_finite_where_a_power_is_not(large):
    x = np.array([[large, -large, 0], [1, 2, large]], F)
    for text in ("log(sum(exp(x), -1))", "log(sum(exp(x), -1)[:, None])", "log(sum(exp(x)[:, 1:], -1))"):
        exact = value(text, x=x)
        assert np.isfinite(exact.bound()).all() and (exact.bound() <= 1e-5 * np.maximum(np.abs(exact.v), 1)).all()
    assert not np.isfinite(value("sum(exp(x), -1)", x=x).bound()).all(), "the sum itself may overflow"


def test_excluded_entries_count_for_nothing():
    x, some = np.array([1000, -np.inf, 999], F), np.array([1000, 999], F)
    both = [value("log(sum(exp(x)))", x=part) for part in (x, some)]
    assert both[0].v == both[1].v and both[0].bound() == both[1].bound()
    assert not np.isfinite(value("log(sum(exp(x)))", x=np.array([-np.inf], F)).bound())
    assert not np.isfinite(value("log(sum(exp(x)))", x=np.array([np.inf, 1], F)).bound())


@pytest.mark.parametrize("text", ["sum(x)", "sum(exp(x) * x)", "exp(x)", "sum(exp(x)) + 1"])
def test_other_numbers_are_no_sums_of_powers(text):
    assert log_of_sum(value(text, x=np.array([1, 2], F))) is None


def test_the_condition_is_that_of_the_sum():
    """To first order: each exponent's own condition, weighted by its share, and that of the result."""
    exact = value("log(sum(exp(x)))", condition=True, x=np.array([3, 1], F))
    shares = np.exp([3, 1]) / np.exp([3, 1]).sum()
    assert float(exact.k) == pytest.approx(float(exact.v) + float(shares @ [4, 2]))
