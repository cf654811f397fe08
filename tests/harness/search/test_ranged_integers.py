"""Each kind of integers with a range: what it promises, and that all of the range is reached."""

import numpy as np
import pytest

from harness.language.value_kinds import RANGED
from harness.search.arrays import Draw, plain_array
from harness.search.ranged_integers import KINDS, is_of_kind

SHAPES = [(7,), (2, 7), (3, 2, 7), (7, 1)]


def drawn(kind, shape, ends, seeds=60):
    return [plain_array("ids", Draw(kind, seed=seed, dtype="i32"), shape, ends) for seed in range(seeds)]


def rows(array):
    return array.reshape(-1, array.shape[-1]).tolist()


PROMISES = {
    "lowest": lambda row, ends: set(row) == {ends[0]},
    "equal": lambda row, ends: len(set(row)) == 1,
    "repeated": lambda row, ends: len(set(row)) <= 2,
    "ends": lambda row, ends: set(row) <= set(ends),
    "uniform": lambda row, ends: True,
    "sorted": lambda row, ends: row == sorted(row),
    "distinct": lambda row, ends: len(set(row)) == len(row),
    "permutation": lambda row, ends: sorted(row) == list(range(len(row))),
    "offsets": lambda row, ends: row == sorted(row) and (row[0], row[-1]) == ends,
}


def test_every_kind_is_made_and_has_a_promise():
    assert set(RANGED) == set(KINDS) == set(PROMISES)


@pytest.mark.parametrize("kind", PROMISES)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_a_kind_promises(kind, shape):
    ends = (0, shape[-1] - 1) if kind == "permutation" else (0, 11) if kind == "offsets" else (-2, 11)
    if kind == "offsets" and shape[-1] < 2:
        return
    for array in drawn(kind, shape, ends):
        assert array.dtype == np.int32 and array.shape == shape
        assert all(PROMISES[kind](row, ends) for row in rows(array))
        assert ends[0] <= array.min() and array.max() <= ends[1]
        assert is_of_kind(array, kind, ends)


@pytest.mark.parametrize("kind", [kind for kind in PROMISES if kind not in ("uniform", "repeated", "equal", "ends")])
def test_what_breaks_a_promise_is_seen(kind):
    ends = (0, 6)
    wrong = {"lowest": [8] * 7, "sorted": [0, 1, 3, 2, 4, 5, 6], "distinct": [0, 1, 2, 3, 4, 5, 5],
             "permutation": [0, 1, 2, 3, 4, 5, 5], "offsets": [0, 1, 2, 3, 4, 5, 5]}[kind]  # fmt: skip
    assert not is_of_kind(np.array(wrong), kind, ends)


@pytest.mark.parametrize("kind", ["repeated", "uniform", "sorted", "distinct"])
def test_all_of_the_range_is_reached(kind):
    assert {number for array in drawn(kind, (4,), (3, 9)) for number in array.tolist()} == set(range(3, 10))


def test_both_ends_are_met_often_in_a_large_range():
    arrays = drawn("uniform", (8,), (0, 10**9), 400)
    assert sum({0, 10**9} <= set(array.tolist()) for array in arrays) > 50


def test_offsets_have_rows_without_entries():
    assert sum(bool((np.diff(array) == 0).any()) for array in drawn("offsets", (5,), (0, 1000))) > 15


@pytest.mark.parametrize("kind", PROMISES)
def test_an_empty_array_is_drawn(kind):
    assert plain_array("ids", Draw(kind, dtype="i8"), (2, 0), (0, -1)).shape == (2, 0)


def test_a_single_number():
    for kind, expected in {"lowest": {1}, "equal": {1, 2, 3}, "ends": {1, 3}, "uniform": {1, 2, 3}}.items():
        assert {int(array) for array in drawn(kind, (), (1, 3))} == expected
