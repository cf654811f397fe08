"""Order and ids against twins in plain loops: choices of many rows, sorting, gathers, scatters and segment sums."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.language.arithmetic import float32, float64
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.choice import Choice, top_k
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.infer import Scope, TypeRefused, infer
from harness.language.single import Single
from harness.language.sizes import Range, Size
from harness.language.syntax import parse
from harness.language.types import Array
from harness.language.undecided import Undecided

AR = float32()
RNG = np.random.default_rng(7)
seeds = st.integers(0, 2**32 - 1)


def bounded(values, errors=0.0):
    v = np.asarray(values, np.float64)
    return Bounded(v, AR) if not np.any(errors) else Bounded(v, AR, np.broadcast_to(errors, v.shape) * 1.0)


def both(text, **names):
    """The value in both domains, as arrays; of a choice the index."""
    found = []
    for domain in (Exact(AR), Single()):
        value = evaluate(parse(text), Bindings(domain, {}, {}, names))
        value = value.decided() if isinstance(value, Choice) else value
        found.append(np.asarray(value.v if isinstance(value, Bounded) else getattr(value, "v", value)))
    return found


def test_rows_are_choices_of_their_own():
    p = RNG.standard_normal((2, 3, 5)).astype(np.float32)
    for found in both("top_k(p, 2)", p=p):
        assert found.shape == (2, 3, 2)
        for lead in np.ndindex(2, 3):
            assert found[lead].tolist() == sorted(range(5), key=lambda entry: -p[lead][entry])[:2]


@settings(max_examples=200)
@given(seeds, st.integers(1, 3), st.integers(1, 4), st.data())
def test_many_rows_are_decided_and_objected_to_as_each_alone(seed, rows, n, data):
    rng = np.random.default_rng(seed)
    k = data.draw(st.integers(1, n))
    v, e = rng.integers(0, 4, (rows, n)), rng.choice([0.0, 0.5, 1.0], (rows, n)) * rng.integers(0, 2)
    whole = top_k(bounded(v, e), k)
    alone = [top_k(bounded(v[row], e[row]), k) for row in range(rows)]
    assert whole.index.tolist() == [choice.index.tolist() for choice in alone]
    assert {row: doubt for row, doubt in enumerate(choice.doubt for choice in alone) if doubt} == dict(whole.doubts)
    for row, choice in enumerate(alone):
        assert [ids.tolist() for ids in whole.admitted(row)] == [ids.tolist() for ids in choice.admitted()]
        for ids in permutations(range(n), k):
            place, said = whole.objection_at(whole.with_row(row, np.array(ids)))
            assert said == (f"row {row}: {choice.objection(np.array(ids))}" if choice.objection(np.array(ids)) else "")
            assert not said or place[0] == row


def test_a_choice_of_one_has_no_axis_for_it():
    choice = top_k(bounded([[1, 3, 2], [5, 5, 1]]), 1, one=True)
    assert choice.index.tolist() == [1, 0] and not choice.doubt and choice.objection(np.array([1, 0])) == ""
    assert choice.objection_at(np.array([1, 1])) == (
        (1,),
        "row 1: rank 0 is entry 1 with score 5, but entry 0 has the same",
    )
    open_ = top_k(bounded([[1, 3, 2], [5, 5, 1]], 0.6), 1, one=True)
    assert list(open_.doubts) == [0, 1] and [ids.tolist() for ids in open_.admitted(1)] == [[0], [1]]
    with pytest.raises(Undecided, match="row 0: entries 1 and 2"):
        open_.decided()


@given(st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=1, max_size=3))
def test_argmax_argmin_and_argsort_take_the_lower_index_of_equal_ones(table):
    for x in (np.array(table), np.array(table, np.float32)):
        for axis in (0, 1):
            for found in both(f"argmax(x, {axis})", x=x):
                assert found.tolist() == np.argmax(x, axis).tolist()
            for found in both(f"argmin(x, {axis})", x=x):
                assert found.tolist() == np.argmin(x, axis).tolist()
        for found in both("argsort(x)", x=x):
            assert found.tolist() == [sorted(range(4), key=lambda i, row=row: row[i]) for row in x.tolist()]
        for found in both("sort(x)", x=x):
            assert found.tolist() == [sorted(row) for row in x.tolist()]


def test_large_integers_are_ordered_exactly():
    """As float32 they would be equal."""
    x = np.array([2**53 + 1, 2**53, 2**60, 2**53 + 2])
    for text, expected in {"argmax(x, 0)": 2, "argmin(x, 0)": 1, "argsort(x)": [1, 0, 3, 2]}.items():
        assert [found.tolist() for found in both(text, x=x)] == [expected, expected]
    assert both("sort(x)", x=x)[0].tolist() == sorted(x.tolist())


@given(st.lists(st.integers(-8, 8), min_size=1, max_size=5), seeds)
def test_sorted_ends_hold_every_sorted_array_and_no_more(values, seed):
    """Each end is reached by entries that all lie at that end."""
    rng = np.random.default_rng(seed)
    e = rng.choice([0.0, 0.5, 2.0], len(values))
    found = Exact(AR).call("sort", [bounded(values, e)], {})
    low, high = np.sort(np.array(values) - e), np.sort(np.array(values) + e)
    assert found.v.tolist() == sorted(values)
    np.testing.assert_array_equal(found.e, np.maximum(high - found.v, found.v - low))
    for _ in range(8):
        moved = np.sort(values + e * rng.uniform(-1, 1, len(values)))
        assert (np.abs(moved - found.v) <= found.e).all()


@pytest.mark.parametrize("odd, error", [(np.nan, 0.0), (1.0, np.inf)])
def test_a_row_with_no_number_is_not_sorted_and_others_are(odd, error):
    v, e = np.array([[odd, 2.0, 1.0], [6.0, 5.0, 4.0]]), np.array([[error, 0, 0.25], [0, 0, 0.25]])
    found = Exact(AR).call("sort", [bounded(v, e)], {})
    assert np.isinf(found.bound()[0]).all() and found.bound()[1].tolist() == [0.25, 0, 0]


def test_sorted_infinities_stay_exact():
    found = Exact(AR).call("sort", [bounded([3.0, -np.inf, np.inf, 1.0], [0, 0, 0, 0.5])], {})
    assert found.v.tolist() == [-np.inf, 1, 3, np.inf] and found.e.tolist() == [0, 0.5, 0, 0]


def test_in_float64_the_ends_are_taken_outwards():
    x = Bounded(np.array([1.0, 2.0]), float64(), np.array([2.0**-60, 2.0**-60]))
    assert (Exact(float64()).call("sort", [x], {}).e >= 2.0**-60).all()


def test_an_argsort_of_scores_is_a_choice():
    scores = bounded([[3.0, 1.0, 2.0]], 0.6)
    choice = Exact(AR).call("argsort", [scores], {})
    assert isinstance(choice, Choice) and choice.index.tolist() == [[1, 2, 0]] and choice.doubt
    assert choice.objection(np.array([[2, 1, 0]])) == "" and choice.objection(np.array([[0, 1, 2]]))


def test_a_permutation_is_inverted_by_argsort():
    order = RNG.permutation(9)
    for found in both("argsort(order)[order]", order=order):
        assert found.tolist() == list(range(9))


def test_take_along_takes_other_entries_of_every_row():
    x, ids = RNG.standard_normal((2, 3, 5)).astype(np.float32), RNG.integers(0, 5, (2, 3, 4))
    expected = [[[float(x[a, b, i]) for i in ids[a, b]] for b in range(3)] for a in range(2)]
    for found in both("take_along(x, ids)", x=x, ids=ids):
        assert found.tolist() == expected
    for found in both("take_along(x > 0, ids)", x=x, ids=ids):
        assert found.tolist() == (np.array(expected) > 0).tolist()
    with pytest.raises(Undecided, match="an index of 5 into an axis of 5"):
        both("take_along(x, ids)", x=x, ids=ids + 1 - ids + 4)


def test_one_hot_has_zeros_for_an_id_beyond():
    for found in both("one_hot(ids, 3)", ids=np.array([[0, 2], [-1, 3]])):
        assert found.tolist() == [[[1, 0, 0], [0, 0, 1]], [[0, 0, 0], [0, 0, 0]]]


@given(seeds, st.integers(0, 6), st.integers(1, 4))
def test_segment_sums_of_integers_against_a_loop(seed, rows, segments):
    rng = np.random.default_rng(seed)
    x, ids = rng.integers(-9, 9, (rows, 2)), rng.integers(0, segments, rows)
    expected = np.zeros((segments, 2), int)
    for row, segment in zip(x, ids, strict=True):
        expected[segment] += row
    for numbers in (x, x.astype(np.float32)):
        for found in both(f"segment_sum(x, ids, {segments})", x=numbers, ids=ids):
            assert found.tolist() == expected.tolist()


def test_a_segment_is_bounded_by_its_own_rows():
    """One row is exact, none is zero, and what is not finite stays in its segment."""
    x, ids = np.array([[0.1], [0.7], [np.inf], [1e30]], np.float32), np.array([2, 2, 0, 3])
    found = evaluate(parse("segment_sum(x, ids, 5)"), Bindings(Exact(AR), {}, {}, {"x": x, "ids": ids}))
    assert found.v.ravel().tolist()[0] == np.inf and found.v.ravel().tolist()[1] == 0
    assert found.bound().ravel().tolist()[:2] == [0, 0] and found.bound().ravel()[4] == 0
    assert 0 < found.bound().ravel()[2] < 1e-6


def test_a_scatter_replaces_rows():
    x, values = RNG.standard_normal((5, 2)).astype(np.float32), RNG.standard_normal((3, 2)).astype(np.float32)
    expected = x.copy()
    for row, place in enumerate([4, 0, 2]):
        expected[place] = values[row]
    for found in both("scatter(x, ids, values)", x=x, ids=np.array([4, 0, 2]), values=values):
        assert found.tolist() == expected.tolist()


@pytest.mark.parametrize("values", [np.array([[1], [1]], np.float32), np.array([[1], [1]])])
def test_an_id_twice_is_decided_where_its_rows_are_the_same(values):
    x, ids = np.zeros((3, 1), values.dtype), np.array([1, 1])
    assert both("scatter(x, ids, values)", x=x, ids=ids, values=values)[0].ravel().tolist() == [0, 1, 0]
    with pytest.raises(Undecided, match="two different rows are scattered to one place"):
        both("scatter(x, ids, values)", x=x, ids=ids, values=values * np.array([[1], [2]], values.dtype))


IDS = Array("int", (Size.of("n"),), low=Size.of(0), high=Size.of("k") - 1)
SCOPE = Scope(
    {"x": Array("real", (Size.of("k"), Size.of("n"))), "v": Array("real", (Size.of("n"), Size.of("k"))), "ids": IDS,
     "any": Array("int", (Size.of("n"),)), "rows": Array("real", (Size.of("n"), Size.of("n"))),
     "n": Array("int", size=Size.of("n")), "k": Array("int", size=Size.of("k")), "i": Array("int", (Size.of("k"),))},
    {"n": Range(Size.of(0), Size.of(9)), "k": Range(Size.of(1), Size.of(9))},
)  # fmt: skip


@pytest.mark.parametrize("text, kind", [
    ("top_k(x, 0)", "integer[k, 0]"), ("argmax(x, 0)", "integer[n]"), ("sort(ids)", "integer[n]"),
    ("argsort(x)", "integer[k, n]"), ("take_along(x, argsort(x))", "real[k, n]"), ("one_hot(ids, k)", "integer[n, k]"),
    ("segment_sum(rows, ids, k)", "real[k, n]"), ("scatter(x, ids, rows)", "real[k, n]"),
    ("x[sort(ids)]", "real[n, n]"),
])  # fmt: skip
def test_types(text, kind):
    assert str(infer(parse(text), SCOPE)) == kind


@pytest.mark.parametrize("text, said", [
    ("argmax(x, 1)", "over an axis that may be empty"), ("argmax(n, 0)", "looks along an axis"),
    ("sort(n)", "orders the entries of an axis"), ("take_along(x, ids)", "a row of ids for every row"),
    ("segment_sum(rows, any, k)", "not known to lie in their axis"), ("segment_sum(x, ids, k)", "one id for every row"),
    ("scatter(x, any, rows)", "not known to lie in their axis"), ("scatter(x, ids, v)", "rows of one shape"),
    ("scatter(x > 0, ids, rows)", "truth values and numbers"), ("one_hot(ids, n - 1)", "may be negative"),
    ("segment_sum(rows, ids, n)", "ids below n, got integer[n] from 0 to k - 1"),
])  # fmt: skip
def test_what_does_not_fit(text, said):
    with pytest.raises(TypeRefused) as refused:
        infer(parse(text), SCOPE)
    mismatch = refused.value.mismatch
    assert said in f"{mismatch.message}; {mismatch.expected}, got {mismatch.got}"
