"""What declared arithmetic lets a softmax lose besides: counted by brute force, and needed by kernels of that form."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.exact.running_sums import larger, loss
from harness.language.syntax import parse
from tests.harness.language.soundness import adversary
from tests.harness.language.soundness.adversary import Recipe, attack
from tests.harness.language.soundness.rules import RULES, allowed

F = np.float32
NUMBERS = st.integers(-4, 4)


@given(st.lists(st.lists(st.tuples(NUMBERS, st.integers(0, 2)), min_size=3, max_size=3), min_size=1, max_size=4))
def test_how_many_entries_may_be_larger(entries):
    v, e = (np.array(part, np.float64) for part in zip(*[list(zip(*row, strict=True)) for row in entries], strict=True))
    x = Bounded(v, float32(), e, np.full(v.shape, np.nan))
    by_rows = [[sum(high > v[r, i] - e[r, i] for j, high in enumerate(v[r] + e[r]) if j != i) for i in range(3)]
               for r in range(len(v))]  # fmt: skip
    assert np.array_equal(larger(x, e, 1), by_rows)
    across = Bounded(v.T, float32(), e.T, np.full(v.T.shape, np.nan))
    assert np.array_equal(larger(across, e.T, 0), np.transpose(by_rows))
    flat = [sum((v + e).ravel() > low) - (off > 0) for low, off in zip((v - e).ravel(), e.ravel(), strict=True)]
    assert np.array_equal(larger(x, e, None).ravel(), flat)


def test_entries_that_are_tied_are_not_larger_than_each_other():
    v, e = np.full((1, 4), 7.0), np.full((1, 4), 1.0)
    x = Bounded(v, float32(), e, np.array([[3.0, 3.0, np.nan, np.nan]]))
    assert larger(x, e, 1).tolist() == [[2, 2, 3, 3]]


def test_nothing_is_lost_where_nothing_is_declared():
    x = Bounded(np.zeros((2, 3)), float32())
    assert loss(x, np.zeros((2, 3)), np.zeros((2, 3)), np.zeros((2, 1)), 1) is None


def bound(text, declared, x):
    domain = Exact(replace(float32(), **allowed(declared)))
    with np.errstate(all="ignore"):
        return np.asarray(domain.real(Bindings(domain, {"y": parse(text)}, {}, {"x": x}).value("y")).bound())


@pytest.mark.parametrize("declared", ["online", "folded", "merged"])
@pytest.mark.parametrize("text", ["softmax(x)", "logsumexp(x, 1)", "log_softmax(x)"])
def test_a_key_widens_every_bound_and_excluded_entries_stay_exact(text, declared):
    x = np.array([[1, 2, 3, -np.inf], [40, -40, 0.5, 40]], F)
    wider, plain = bound(text, [declared], x), bound(text, [], x)
    assert (wider >= plain).all() and (wider > plain).any()
    assert np.isfinite(wider).all() and np.array_equal(wider == 0, plain == 0)


@pytest.mark.parametrize("dtype", ["bf16", "f16"])
def test_rounded_probabilities_widen_softmax_alone(dtype):
    x = np.array([[1, 2, 3, -np.inf], [40, -40, 0.5, 40]], F)
    p = np.exp(x - x.max(1, keepdims=True)) / np.exp(x - x.max(1, keepdims=True)).sum(1, keepdims=True)
    numbers = DTYPES[dtype].numbers
    wider, plain = bound("softmax(x)", [f"probabilities={dtype}"], x), bound("softmax(x)", [], x)
    assert (wider - plain >= numbers.unit * p).all() and np.array_equal(wider == 0, plain == 0)
    assert (wider - plain <= 3 * (numbers.unit * p + numbers.smallest)).all()  # rounded once, summed once
    for other in ("logsumexp(x, 1)", "log_softmax(x)"):
        assert np.array_equal(bound(other, [f"probabilities={dtype}"], x), bound(other, [], x))


def test_a_power_of_two_that_may_overflow_is_not_judged():
    """exp2(x c - fl(x c)) is no more 1 where x is 1e30."""
    x = np.array([[1e30, 0], [1, 0]], F)
    assert np.isinf(bound("softmax(x)", ["folded"], x)).tolist() == [[True, True], [False, False]]


NEEDED = [
    [Recipe("online logsumexp", "creeping up", 25, "running, exp", "reversed", length=1024)],
    [Recipe("flash attention, exp2", "far and exact", seed, "running, folded", length=256) for seed in range(12)],
    [Recipe("flash attention, lse", "far and exact", seed, "lse, exp", length=256) for seed in range(12)],
    [Recipe("flash attention, online, bf16", "normal", seed, "running, exp", length=64) for seed in range(3)],
    [Recipe("attention, f16", "normal", seed, "rounded", length=64) for seed in range(3)],
    [Recipe("exp by exp2", "wide", seed, "exp", length=256) for seed in range(12)],
]


@pytest.mark.parametrize("recipes", NEEDED, ids=lambda recipes: recipes[0].rule)
def test_a_kernel_of_that_form_needs_the_key(recipes, monkeypatch):
    name = recipes[0].rule
    assert not any(attack(recipe).outside.any() for recipe in recipes)
    adversary.case_of.cache_clear()
    monkeypatch.setitem(RULES, name, replace(RULES[name], declared=()))
    assert any(attack(recipe).outside.any() for recipe in recipes)
    adversary.case_of.cache_clear()
