"""No right kernel may be beyond what `accurate` without units promises: a share of benchmarks/accurate_promise.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from harness.language.arithmetic import Arithmetic, float32
from harness.language.exact.probable import judged_within, promise
from harness.language.exact.region import Bounded, matvec
from tests.harness.language.soundness import dot_products as D
from tests.harness.language.soundness.adversary import attack
from tests.harness.language.soundness.rules import RULES
from tests.harness.language.soundness.test_bounds import recipes, shown

MODEL = replace(float32(), probable=True)


def product(draw: D.Draw, rows: int, n: int, arithmetic: Arithmetic = MODEL) -> tuple[Bounded, np.ndarray]:
    """The exact product, and the largest error among all kernels, element by element."""
    w, x = D.drawn(draw, np.random.default_rng([n, rows]), rows, n)
    value = matvec(Bounded(w, arithmetic), Bounded(x, arithmetic))
    return value, np.max([np.abs(result - value.v) for _, result in D.kernels(w, x)], 0)


@pytest.mark.parametrize("name", D.HELD_OUT)
def test_kinds_that_were_not_used_to_choose_the_statistic(name):
    value, error = product(D.HELD_OUT[name], 4, 2048)
    promised = judged_within(value)
    assert (error <= promised).all() and np.isfinite(promised).any()


@pytest.mark.parametrize("name", D.FAILING)
def test_kinds_in_which_roundings_repeat_are_seen(name):
    value, error = product(D.FAILING[name], 4, 2048)
    assert (error <= judged_within(value)).all()


@pytest.mark.parametrize("name", ["constant", "nearly constant", "large entry at 0.0", "large entry at 0.5"])
def test_right_kernels_would_be_refused_there(name):
    value, error = product(D.FAILING[name], 4, 16384)
    promised, seen = promise(value)
    assert (error > promised).any() and seen.all()


@pytest.mark.parametrize("name", RULES)
def test_every_kernel_is_within_the_promise(name):
    @settings(max_examples=20)
    @given(recipes(RULES[name]))
    def search(recipe):
        outcome = attack(replace(recipe, probable=True))
        assert not outcome.outside.any(), shown(recipe, outcome)

    search()


def test_the_promise_is_sharp():
    """At 2048 the sound bound is 50 times as large; the largest error of some kernel is within a factor of 100."""
    value, error = product(D.HELD_OUT["blocks of int4"], 16, 2048)
    sound, _ = product(D.HELD_OUT["blocks of int4"], 16, 2048, float32())
    assert (judged_within(value) < sound.bound() / 50).all() and (error > judged_within(value) / 100).all()
