"""No kernel of `adversary.py` may be outside the bound of its rule, whatever the operands."""

import numpy as np
import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.syntax import parse
from tests.harness.language.soundness.adversary import Outcome, Recipe, attack
from tests.harness.language.soundness.emulate import ORDERS, F
from tests.harness.language.soundness.rules import RULES, Rule

EXAMPLES = {"layer": 60}


def recipes(rule: Rule) -> st.SearchStrategy[Recipe]:
    return st.builds(
        Recipe,
        rule=st.just(rule.name),
        kind=st.sampled_from(rule.kinds),
        seed=st.integers(0, 2**32 - 1),
        form=st.sampled_from(rule.forms),
        order=st.sampled_from(ORDERS),
        fused=st.booleans(),
        flush=st.booleans(),
    )


def shown(recipe: Recipe, outcome: Outcome) -> str:
    """The first entry outside its bound."""
    place = tuple(np.argwhere(outcome.outside)[0])
    numbers = {name: float(getattr(outcome, name)[place]) for name in ("value", "bound", "got", "error")}
    return f"{recipe} is outside the bound at {place}: {numbers}"


@pytest.mark.parametrize("name", RULES)
def test_every_kernel_is_within_the_bound(name):
    @settings(max_examples=EXAMPLES.get(name, 150))
    @given(recipes(RULES[name]))
    def search(recipe):
        outcome = attack(recipe)
        assert not outcome.outside.any(), shown(recipe, outcome)
        if 0 < outcome.ratio < 1:
            target(outcome.ratio)

    search()


@pytest.mark.parametrize("kind", RULES["exact integers"].kinds)
def test_integers_are_exact_and_known_to_be(kind):
    zero = [
        (attack(Recipe("exact integers", kind, seed, form)).bound == 0).mean()
        for seed in range(30)
        for form in RULES["exact integers"].forms
    ]
    assert np.mean(zero) > 0.9


def test_scaling_after_the_difference_is_inside_where_it_costs_most():
    """One large logit and one near zero: (x - max) * scale is rounded twice, x * scale - max * scale is not."""
    domain, rng, scale = Exact(float32(exp_ulps=1)), np.random.default_rng(3), F(0.12531)
    for _ in range(500):
        s = np.array([rng.uniform(512.5, 516), rng.uniform(-1, 1)], F)
        given = {"s": s, "scale": np.asarray(scale)}
        p = evaluate(parse("softmax(s * scale)"), Bindings(domain, {}, {}, given))
        z = (s - s.max()) * scale
        e = np.exp(z.astype(np.float64)).astype(F)
        got = e / e.sum(dtype=F)
        assert (np.abs(got.astype(np.float64) - p.v) <= p.bound()).all()


# --- the bound is no larger than it has to be -------------------------------------------------------------------


def test_the_bound_of_a_sum_is_attained():
    """One and many halves of its last place, each a little larger: n - 1 roundings, all upwards."""
    outcome = attack(Recipe("sum", "creeping", 1, "sum", length=256))
    assert outcome.ratio > 0.99


SHARP = {  # bound / rms for normal operands of 256 entries
    "dot product": 5e-4,
    "q4_k rows": 1.5e-3,
    "q6_k rows": 5e-4,
    "softmax of x": 1e-4,
    "silu of x": 1e-6,
    "rms_norm": 2e-5,
    "layer": 2e-2,
}


@pytest.mark.parametrize("name", SHARP)
def test_the_bound_is_small_beside_normal_values(name):
    sizes = []
    for seed in range(15):
        outcome = attack(Recipe(name, "normal", seed, RULES[name].forms[0], length=256))
        sizes.append(np.median(outcome.bound) / max(np.sqrt(np.mean(outcome.value**2)), 1e-300))
    assert np.median(sizes) < SHARP[name]
