"""Choices and comparisons: brute force over everything the bound admits."""

from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.exact.choice import Truth, compare, top_k, where, where_truth
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded, literal, returned
from harness.language.undecided import Undecided

AR = float32()
SCORES = st.lists(st.integers(0, 4), min_size=1, max_size=4)
FEW = st.lists(st.integers(0, 4), min_size=1, max_size=3)


def softmax(logits: Bounded) -> Bounded:
    return Exact(AR).call("softmax", [logits], {})


def scores(values, error=0.0) -> Bounded:
    v = np.asarray(values, np.float64)
    return Bounded(v, AR) if not np.any(error) else Bounded(v, AR, np.broadcast_to(error, v.shape) * 1.0)


def admitted(values, errors, k):
    """Every ranking that some scores within their errors have; only a tie of exact scores has one way."""
    exact = [place for place, error in enumerate(errors) if error == 0]
    fixed = [(a, b) for a in exact for b in exact if a < b and values[a] == values[b]]
    found = set()
    ends = sorted({v + sign * e for v, e in zip(values, errors, strict=True) for sign in (-1, 0, 1)})
    within = [[end for end in ends if abs(end - v) <= e] for v, e in zip(values, errors, strict=True)]
    for actual in product(*within):
        for order in permutations(range(len(values))):
            if all(order.index(a) < order.index(b) for a, b in fixed) and all(
                actual[a] >= actual[b] for a, b in pairwise(order)
            ):
                found.add(order[:k])
    return found


@given(SCORES, st.data())
def test_exact_scores_rank_descending_and_ties_by_lower_index(values, data):
    k = data.draw(st.integers(0, len(values)))
    expected = sorted(range(len(values)), key=lambda entry: (-values[entry], entry))[:k]
    assert top_k(scores(values), k).decided().tolist() == expected


@given(FEW, st.data())
def test_an_admissible_choice_is_one_that_some_scores_have(values, data):
    n = len(values)
    k = data.draw(st.integers(1, n))
    errors = data.draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5]), min_size=n, max_size=n))
    choice = top_k(scores(values, np.array(errors)), k)
    possible = admitted(values, errors, k)
    for ids in permutations(range(n), k):
        assert (choice.objection(np.array(ids)) == "") == (ids in possible), (ids, values, errors)


@given(FEW, st.data())
def test_a_choice_without_doubt_is_the_only_one(values, data):
    n = len(values)
    k = data.draw(st.integers(1, n))
    errors = data.draw(st.lists(st.sampled_from([0.0, 0.25, 1.0]), min_size=n, max_size=n).filter(any))
    choice = top_k(scores(values, np.array(errors)), k)
    if not choice.doubt:
        assert admitted(values, errors, k) == {tuple(choice.index.tolist())}


@pytest.mark.parametrize(
    "ids, said",
    [([0], "1 chosen instead of 2"), ([1, 1], "chosen twice"), ([1, 0], "rank 0 is entry 1"), ([0, 2], "rank 1")],
)
def test_objections(ids, said):
    assert said in top_k(scores([5, 3, 1]), 2).objection(np.array(ids))


def test_equal_logits_stay_tied_through_softmax():
    assert top_k(softmax(scores([0.3, 0.7, 0.3, 0.7])), 4).decided().tolist() == [1, 3, 0, 2]


def test_nearly_equal_logits_leave_the_choice_open():
    with pytest.raises(Undecided):
        top_k(softmax(scores([0.7, 0.7 + 1e-12])), 1).decided()


def test_a_score_without_a_bound_decides_nothing():
    with pytest.raises(Undecided):
        top_k(scores([1.0, np.nan]), 1).decided()


@given(
    st.integers(-2, 2), st.integers(-2, 2), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from(["<", "<=", "==", ">"])
)
def test_a_comparison_without_doubt_holds_for_every_value_within_the_bound(x, y, error, op):
    truth = compare(op, scores([float(x)], error), scores([float(y)]))
    if truth.doubt.any():
        return
    for moved in (x - error, x, x + error):
        assert {"<": moved < y, "<=": moved <= y, "==": moved == y, ">": moved > y}[op] == truth.decided()[0]


def test_where_in_doubt_covers_both_sides():
    truth = Truth(np.array([True, True, False]), np.array([False, True, True]))
    value = where(truth, scores([1.0, 1, 1]), scores([4.0, 4, 4]))
    assert value.v.tolist() == [1, 1, 4]
    assert value.bound().tolist() == [0, 3, 3]


# --- masked entries -------------------------------------------------------------------------------------------------


def masked(kept, filler, error=0.0):
    """Scores of which those that are None are filled."""
    mask = np.array([part is not None for part in kept])
    values = scores([0.0 if part is None else part for part in kept], error)
    return where(Truth(mask, np.zeros(mask.shape, bool)), values, literal(filler, AR))


def test_excluded_entries_are_chosen_only_where_too_few_are_left():
    for filler in (-np.inf, -1e30):
        assert top_k(masked([None, 1.0, None, 2.0], filler, 0.1), 3).decided().tolist() == [3, 1, 0]
    choice = top_k(masked([None, 1.0, None, 2.0], -np.inf), 2)
    assert "rank 1 is entry 0" in choice.objection(np.array([3, 0]))


def test_a_literal_is_the_same_number_wherever_it_stands():
    """It is no float32, so its value is not known; still all entries that hold it are tied."""
    filled = masked([None, 0.5, None], -1e30, 0.1)
    assert filled.e[0] > 1e21 and np.isnan(filled.key[1]) and filled.key[0] == filled.key[2] == -1e30


def test_what_a_function_computes_is_not_tied_to_the_number_that_it_should_be():
    """A kernel may miss sqrt(1), as x * rsqrt(x), and so prefer either entry."""
    root = Exact(AR).call("sqrt", [scores([1.0, 1.0])], {})
    mixed = where(Truth(np.array([True, False]), np.zeros(2, bool)), root, literal(1.0, AR))
    assert top_k(mixed, 1).doubt


@pytest.mark.parametrize("op, holds", [("<", True), ("==", False), ("!=", True), (">", False)])
def test_comparisons_with_infinities(op, holds):
    finite, inf = scores([1.0], 0.5), scores([np.inf])
    assert compare(op, finite, inf).decided()[0] == holds
    assert compare(op, inf, inf).decided()[0] == (op == "==")
    assert compare(op, scores([np.inf], np.inf), inf).doubt.all(), "what may overflow need not"
    assert compare(op, scores([np.nan]), finite).decided()[0] == (op == "!=")


# --- truth arrays

TRUTHS = st.lists(st.sampled_from(((True, False), (False, False), (True, True))), min_size=3, max_size=3)


def truth(entries) -> Truth:
    return Truth(*(np.array(part) for part in zip(*entries, strict=True)))


def admissible_truths(one: Truth):
    """Every array of truths that the doubts admit."""
    return product(*([bool(v)] if not doubt else [True, False] for v, doubt in zip(one.v, one.doubt, strict=True)))


@given(TRUTHS, TRUTHS, TRUTHS)
def test_truths_are_in_doubt_exactly_where_their_parts_can_change_them(a, b, c):
    parts = [truth(entries) for entries in (a, b, c)]
    forms = [
        (Exact(AR).logic("and", parts), lambda x, y, z: x and y and z),
        (Exact(AR).logic("or", parts), lambda x, y, z: x or y or z),
        (where_truth(*parts), lambda x, y, z: y if x else z),
    ]
    for got, meaning in forms:
        for place in range(3):
            one = [Truth(part.v[place : place + 1], part.doubt[place : place + 1]) for part in parts]
            possible = {meaning(x[0], y[0], z[0]) for x, y, z in product(*map(admissible_truths, one))}
            assert bool(got.doubt[place]) == (len(possible) > 1)
            assert got.doubt[place] or possible == {bool(got.v[place])}


# --- ties of stored numbers -----------------------------------------------------------------------------------------


def test_of_equal_stored_numbers_the_lower_index_goes_first():
    choice = top_k(scores([1.0, 3.0, 3.0, 2.0]), 2)
    assert choice.objection(np.array([1, 2])) == ""
    assert "rank 0 is entry 2 with score 3, but entry 1 has the same" in choice.objection(np.array([2, 1]))
    assert "rank 0 is entry 2" in top_k(scores([3.0, 1.0, 3.0]), 1).objection(np.array([2]))


def test_of_masked_entries_the_lower_index_goes_first():
    for filler in (-np.inf, -1e30):
        choice = top_k(masked([None, 1.0, None], filler, 0.1), 2)
        assert choice.objection(np.array([1, 0])) == "" and choice.objection(np.array([1, 2]))


def test_equal_numbers_that_a_subject_returned_may_be_taken_in_either_order():
    """It may rank what it had before it rounded: logits in the place of probabilities."""
    choice = top_k(returned(np.array([0.5, 0.5], np.float32), AR), 1)
    assert choice.objection(np.array([0])) == choice.objection(np.array([1])) == ""
    assert top_k(scores([0.5, 0.5]), 1).objection(np.array([1]))


def test_equal_results_of_a_rounded_function_may_be_taken_in_either_order():
    """A kernel may compute the last entries of a row by another exp than those of full registers."""
    choice = top_k(softmax(scores([0.3, 0.7, 0.7])), 2)
    assert choice.objection(np.array([2, 1])) == ""
