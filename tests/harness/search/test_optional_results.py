"""A witness: a choice that a subject may return beside its result, and is judged by every choice without it."""

import numpy as np
import pytest

from harness.findings import HandledError
from harness.report.explain import explanations
from harness.search.outcome import FALSIFIED, SURVIVED, UNDECIDED
from tests.harness.integers import RULE, outcome, program

BOTH = "admissible(route().kept, kept) and close(route().paid, paid(kept=route().kept))"


def routing(claim=BOTH, kept="{equation: kept, optional: true}", paid="paid"):
    """A router that returns the prices of the experts that it keeps, and perhaps which they are."""
    return program(f"""
dimensions: {{experts: {{min: 3, max: 6}}}}
inputs:
  x: {{dtype: f32, shape: [3], values: [integers, normal]}}
  w: {{dtype: f32, shape: [experts, 3], values: [repeated, normal]}}
  price: {{dtype: f32, shape: [experts], values: [normal]}}
equations: {{scores: softmax(w @ x / 3 + 0.1), kept: "top_k(scores, 2)", paid: "price[kept]"}}
subjects: {{route: {{arguments: {{x: x, w: w, price: price}}, returns: {{paid: {paid}, kept: {kept}}}}}}}
falsification_tests:
  - {{id: {RULE}, claim: "{claim}", undecided: {{max: 0.5, reason: many are tied}}}}
""")


def kernel(tells=False, wrong=0, says=0):
    def route(x, w, price):
        z = (w @ x / np.float32(3) + np.float32(0.1)).astype(np.float32)
        ids = (len(z) - 1 - np.argsort(-z[::-1], kind="stable"))[:2]
        found = {"paid": price[np.roll(ids, wrong)]}
        return found | {"kept": np.roll(ids, says)} if tells else found

    return route


@pytest.mark.parametrize("tells", [False, True])
def test_a_right_one_survives_with_its_witness_and_without(tells):
    made = routing()
    assert outcome(made).verdict == SURVIVED
    assert outcome(made, route=kernel(tells)).verdict == SURVIVED


@pytest.mark.parametrize("fault", [{"wrong": 1}, {"tells": True, "wrong": 1}])
def test_a_wrong_one_is_falsified_with_its_witness_and_without(fault):
    found = outcome(routing(), route=kernel(**fault))
    assert (found.verdict, found.counterexample["evidence"]["reason"]) == (FALSIFIED, "beyond the derived bound")


def test_a_witness_of_something_else_is_falsified():
    """As no choice, or, where it is another that the bound admits, by the prices."""
    found = outcome(routing(), route=kernel(tells=True, says=1))
    reasons = "a choice that the bound does not admit", "beyond the derived bound"
    assert found.verdict == FALSIFIED and found.counterexample["evidence"]["reason"] in reasons


def test_a_rule_about_the_witness_alone_says_nothing_of_who_returns_none():
    made = routing("admissible(route().kept, kept)")
    assert outcome(made, route=kernel(tells=True)).verdict == SURVIVED
    found = outcome(made, route=kernel())
    assert found.verdict == UNDECIDED
    assert [*found.tally.doubts] == ["admissible(route().kept, kept) is about results that the subject leaves out"]


def test_what_is_not_listed_is_refused_beside_a_witness_that_is_left_out():
    found = outcome(routing(), route=lambda **given: kernel()(**given) | {"more": given["price"]})
    assert found.verdict == FALSIFIED
    assert found.counterexample["evidence"]["reason"] == "route returned 'more', which the contract does not list"
    missing = outcome(routing(), route=lambda **given: {"kept": kernel(tells=True)(**given)["kept"]})
    assert missing.counterexample["evidence"]["reason"] == "route returned no 'paid'"


def test_explain_tells_which_may_be_left_out():
    (told,) = [lines[1] for key, lines in explanations([routing()]).items() if key == "made.route"]
    assert told == "  route(x=x, w=w, price=price) -> paid: paid, kept: kept, optional"


@pytest.mark.parametrize("returns, said", [
    ({"kept": "{equation: text, optional: true}"}, "kept is optional, and no equation stands for it"),
    ({"paid": "{equation: paid, optional: true}"}, "every result is optional; expected a result that is always"),
])  # fmt: skip
def test_what_cannot_be_left_out(returns, said):
    with pytest.raises(HandledError, match=said):
        routing(**returns)
