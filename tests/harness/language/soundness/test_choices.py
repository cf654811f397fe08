"""A correct kernel's choice is never objected to, and where the bound decides it is that choice."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.exact.choice import top_k
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded, matvec
from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness import primitive_kernels as P
from tests.harness.language.soundness.emulate import ORDERS, F, Machine

machines = st.builds(
    lambda seed, order, fused: Machine(np.random.default_rng(seed), order, fused),
    st.integers(0, 2**32 - 1),
    st.sampled_from(ORDERS),
    st.booleans(),
)


def softmax(logits: Bounded) -> Bounded:
    return Exact(float32()).call("softmax", [logits], {})


def chosen(scores: np.ndarray, k: int) -> np.ndarray:
    return np.argsort(-scores, kind="stable")[:k]


@settings(max_examples=300)
@given(machines, st.sampled_from(list(O.ANY)), st.integers(0, 2**32 - 1), st.sampled_from(list(P.SOFTMAX)))
def test_a_choice_among_probabilities(machine, kind, seed, form):
    rng = np.random.default_rng(seed)
    n, k = int(rng.choice(O.LENGTHS)), int(rng.integers(1, 5))
    router = O.draw(O.WEIGHTS, str(rng.choice(list(O.WEIGHTS))), rng, (8, n))
    router[rng.integers(8)] = router[0] * F(1 + 2.0**-22)  # nearly tied
    x = O.draw(O.ANY, kind, rng, (n,))
    with np.errstate(all="ignore"):
        logits = matvec(Bounded(router, float32()), Bounded(x, float32()))
        probs = P.SOFTMAX[form](machine, machine.dot(router, x[None]))
    if not np.isfinite(logits.bound()).all():
        return
    choice = top_k(softmax(logits), k)
    ids = chosen(probs, k)
    assert choice.objection(ids) == ""
    assert choice.doubt or choice.index.tolist() == ids.tolist()


@given(st.lists(st.integers(-2, 2), min_size=4, max_size=9), st.sampled_from(list(P.SOFTMAX)), st.sampled_from(ORDERS))
def test_equal_inputs_are_tied_and_the_lower_index_goes_first(values, form, order):
    x = np.asarray(values, F)
    choice = top_k(softmax(Bounded(x, float32())), 3)
    assert not choice.doubt
    machine = Machine(np.random.default_rng(0), order, exp_ulps=0)  # entries alike are treated alike
    assert choice.index.tolist() == chosen(P.SOFTMAX[form](machine, x), 3).tolist() == chosen(x, 3).tolist()
