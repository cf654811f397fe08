"""Choices that nobody returns, one for each of many rows: judged row by row, and as one where rows depend on others."""

import numpy as np
import pytest

from harness.language.syntax import parse
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.search.rows_of_choices import follows_by_rows
from tests.harness.integers import RULE, outcome, program


def routing(more="", weights="take_along(scores, chosen)", claim="close(route().weights, weights)", kinds="repeated"):
    """A router of many tokens that returns the weights of its experts, and not which they are."""
    return program(f"""
dimensions: {{tokens: {{min: 2, max: 12}}, experts: {{min: 3, max: 6}}}}
inputs:
  x: {{dtype: f32, shape: [tokens, 3], values: [integers, normal]}}
  w: {{dtype: f32, shape: [experts, 3], values: [{kinds}]}}
  price: {{dtype: f32, shape: [experts], values: [normal]}}
equations:
  scores: softmax(x @ transpose(w) / 3 + 0.1)
  chosen: top_k(scores, 2)
  {more}
  weights: {weights}
subjects: {{route: {{arguments: {{x: x, w: w, price: price}}, returns: {{weights: weights}}}}}}
falsification_tests:
  - {{id: {RULE}, claim: "{claim}", undecided: {{max: 0.9, reason: many are tied}}}}
""")


def scores_of(x, w):
    z = (x @ w.T / np.float32(3) + np.float32(0.1)).astype(np.float32)
    e = np.exp(z - z.max(-1, keepdims=True))
    return (e / e.sum(-1, keepdims=True)).astype(np.float32)


def kernel(pick, what):
    def route(x, w, price):
        p = scores_of(x, w)
        ids = np.stack([pick(row)[:2] for row in p])
        return {"weights": what(p, ids, price).astype(np.float32)}

    return route


def first(row):
    return np.argsort(-row, kind="stable")


def last(row):
    return len(row) - 1 - np.argsort(-row[::-1], kind="stable")


def alternating(row):
    """The one or the other of what is tied, from token to token."""
    return (first if round(float(row.sum() * 1e9)) % 2 else last)(row)


PRICES = {"weights": "price[chosen]"}


def prices(_p, ids, price):
    return price[ids]


@pytest.mark.parametrize("pick", [first, last, alternating])
def test_each_token_may_choose_any_of_what_is_tied(pick):
    """Two experts with nearly equal scores: which is chosen shows in their prices alone."""
    made = routing(weights="price[chosen]")
    found = outcome(made, 120, route=kernel(pick, prices))
    assert found.verdict == SURVIVED and found.tally.undecided < found.tally.cases / 2


def test_a_token_that_no_choice_explains_is_told():
    def one_wrong(p, ids, price):
        weights = price[ids]
        weights[-1] = price[ids[-1]][::-1] + 1
        return weights

    found = outcome(routing(weights="price[chosen]"), route=kernel(first, one_wrong))
    assert found.verdict == FALSIFIED
    index = found.counterexample["evidence"]["index"]
    assert index[0] == found.counterexample["dimensions"]["tokens"] - 1


def test_where_rows_depend_on_each_other_no_row_is_judged_alone():
    """The price of all tokens together: a right one is not refused for what one row shows."""
    made = routing("paid: price[chosen]", "paid * sum(paid)")
    right = kernel(alternating, lambda p, ids, price: price[ids] * price[ids].sum())
    assert outcome(made, 25, route=right).verdict != FALSIFIED
    assert outcome(made, route=kernel(first, lambda p, ids, price: price[ids] * 2)).verdict == FALSIFIED


@pytest.mark.parametrize("text, follows", [
    ("weights", True), ("chosen", True), ("price[chosen] * 2", True), ("take_along(scores, chosen)", True),
    ("sum(where(one_hot(chosen, experts) == 1, 1, 0), 1)", True), ("scores + 1", True), ("weights[:, 0]", True),
    ("paid * sum(paid)", False), ("sum(paid, 0)", False), ("paid - paid[0]", False), ("sort(paid)", True),
    ("transpose(paid)", False), ("segment_sum(paid, arange(tokens), tokens)", False),
])  # fmt: skip
def test_what_follows_by_rows(text, follows):
    made = routing("paid: price[chosen]", "paid + 0")
    assert follows_by_rows(made, made.falsifiers[0].scope, parse(text)) is follows


def test_ids_of_many_tokens_are_admissible_row_by_row():
    made = program(f"""
dimensions: {{tokens: {{min: 1, max: 8}}, experts: {{min: 3, max: 6}}}}
inputs: {{x: {{dtype: f32, shape: [tokens, 3]}}, w: {{dtype: f32, shape: [experts, 3], values: [repeated, normal]}}}}
equations: {{scores: softmax(x @ transpose(w) / 3 + 0.1), chosen: "top_k(scores, 2)", best: "argmax(scores, 1)"}}
subjects: {{route: {{arguments: {{x: x, w: w}}, returns: {{chosen: chosen, best: best}}}}}}
falsification_tests:
  - {{id: {RULE}, claim: "admissible(route().chosen, chosen) and admissible(route().best, best)"}}
""")

    def route(pick, wrong=0):
        def called(x, w):
            ids = np.stack([pick(row)[:2] for row in scores_of(x, w)])
            ids[-1:] = np.roll(ids[-1:], wrong, -1)
            return {"chosen": ids, "best": ids[:, 0]}

        return called

    assert outcome(made).verdict == SURVIVED
    assert outcome(made, route=route(first)).verdict == SURVIVED
    found = outcome(made, route=route(first, wrong=1))
    assert found.verdict == FALSIFIED
    evidence = found.counterexample["evidence"]
    assert evidence["reason"] == "a choice that the bound does not admit" and evidence["index"] is not None
