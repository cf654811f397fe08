"""Types of results, one of them replaced, and the smallest change of each type."""

import numpy as np
import pytest

from harness.language.dtypes import DTYPES, RESULT
from harness.teeth.saboteurs.changes import (
    bit_flipped,
    is_array,
    is_boolean,
    is_bytes,
    is_integer,
    is_list,
    is_real,
    is_text,
    misspelled,
    next_float,
    off_by_one,
    one_negated,
    one_replaced,
    returns,
    smallest_change,
    with_smallest_change,
)
from tests.harness.numpy_types import INTEGERS, REALS, TRUTH, every_number

KINDS = {
    ("double", "doubled"): {is_real, is_array},
    ("number", "places"): {is_integer, is_array},
    ("pack", "bytes"): {is_bytes, is_array},
    ("shelve", "names"): {is_text, is_list},
    ("shelve", "first"): {is_text},
    ("shelve", "empty"): {is_boolean, is_array},
}
ALL = (is_array, is_bytes, is_integer, is_list, is_real, is_text, is_boolean)


def test_every_result_has_its_kinds(room):
    for (function, field), expected in KINDS.items():
        kind = room.scope.subjects[function].returns[field]
        assert {fits for fits in ALL if fits(kind)} == expected, field


def test_a_contract_returns_a_kind_or_not(room):
    assert all(returns(room, fits) for fits in ALL)
    assert not returns(room, lambda kind: False)


def replaced(room, function, returned, number, fits=is_real):
    return one_replaced(room, function, returned, fits, number, lambda value, rest: (value, rest))


def test_the_number_says_which_and_the_rest_where(room):
    returned = {"names": ("a", "b"), "first": "a", "empty": False}
    assert replaced(room, "shelve", returned, 6, is_text)["names"] == (["a", "b"], 3)
    assert replaced(room, "shelve", returned, 7, is_text)["first"] == ("a", 3)


def test_what_is_spoiled_is_a_copy(room):
    doubled = np.arange(3, dtype=np.float32)
    (value, _) = replaced(room, "double", {"doubled": doubled}, 0)["doubled"]
    assert value.tolist() == [0, 1, 2] and not np.shares_memory(value, doubled)


def test_what_is_empty_missing_or_of_another_kind_is_left_alone(room):
    for returned in (None, {}, {"doubled": np.zeros(0, np.float32)}, {"other": np.ones(2, np.float32)}):
        assert replaced(room, "double", returned, 0) is returned
    bytes_ = {"bytes": np.ones(2, np.uint8)}
    assert replaced(room, "pack", bytes_, 0) is bytes_


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, [1.0000001, -1, 0]), (1, [1, -0.99999994, 0]), (2, [1, -1, 1e-45]), (3, [1.0000001, -1, 0])],
)
def test_next_float(number, expected):
    assert next_float(np.array([1, -1, 0], np.float32), number).tolist() == np.array(expected, np.float32).tolist()


REAL = [name for name in REALS if RESULT in DTYPES[name].places]
INTEGER = [name for name in INTEGERS if RESULT in DTYPES[name].places and name != "u8"]  # those are a file's bytes


@pytest.mark.parametrize("dtype", [name for name in REAL if DTYPES[name].bits <= 16])
def test_the_next_number_of_every_format_is_the_least_above(dtype):
    numbers = every_number(dtype)
    with np.errstate(invalid="ignore"):
        values = numbers.astype(np.float64)
    ladder = np.unique(values[np.isfinite(values)])
    for place in np.random.default_rng(1).permutation(len(numbers))[:300]:
        with np.errstate(invalid="ignore"):
            changed = next_float(numbers[place : place + 1].copy(), 0).astype(np.float64)[0]
        above = ladder[ladder > values[place]]
        if np.isnan(values[place]) or np.isposinf(values[place]):
            assert np.isnan(changed) == np.isnan(values[place]) and not np.isfinite(changed)
        elif len(above):
            assert changed == above[0]
        else:
            assert not np.isfinite(changed)


@pytest.mark.parametrize("dtype", ["f32", "f64"])
def test_the_next_number_of_numpys_floats_is_numpys(dtype):
    made = np.random.default_rng(2).standard_normal(50).astype(TRUTH[dtype])
    limits = np.finfo(TRUTH[dtype])
    made[:8] = [0.0, -0.0, limits.max, -limits.max, np.inf, -np.inf, limits.smallest_subnormal, limits.tiny]
    made = np.concatenate([made, -made[6:]])
    changed = np.array([next_float(made.copy(), place)[place] for place in range(len(made))])
    with np.errstate(over="ignore"):
        expected = np.nextafter(made, TRUTH[dtype](np.inf))
    assert changed.tobytes() == expected.tobytes()


@pytest.mark.parametrize("dtype", [*REAL, *INTEGER])
def test_the_smallest_change_of_every_format_is_another_number_of_it(dtype):
    for number in range(3):
        made = np.array([3, 1, 0]).astype(TRUTH[dtype])
        changed = smallest_change(made.copy(), number)
        assert changed.dtype == made.dtype and np.flatnonzero(changed != made).tolist() == [number]


@pytest.mark.parametrize(("number", "expected"), [(0, [1, 4]), (1, [0, 5]), (2, [2, 4]), (7, [0, 12]), (14, [128, 4])])
def test_bit_flipped(number, expected):
    assert bit_flipped(np.array([0, 4], np.uint8), number).tolist() == expected


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_off_by_one(dtype):
    assert [off_by_one(np.array([0, 5], dtype), number).tolist() for number in (0, 1)] == [[1, 5], [0, 4]]


def test_one_negated():
    assert one_negated(np.array([True, False]), 3).tolist() == [True, True]


@pytest.mark.parametrize(
    ("value", "number", "expected"),
    [("abc", 1, "ac"), ("abc", 5, "ab"), ("", 4, "x"), (["ab", "cd"], 3, ["ab", "c"]), (["ab", ""], 1, ["ab", "x"])],
)
def test_misspelled(value, number, expected):
    assert misspelled(value, number) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32([2]), [float(np.nextafter(np.float32(2), np.float32(3)))]), (np.array([2]), [1]),
        (np.array([2], np.uint8), [3]), (np.array(False), True), ("ab", "b"), (["ab"], ["b"]),
    ],
)  # fmt: skip
def test_smallest_change_goes_by_the_kind(value, expected):
    changed = smallest_change(value, 0)
    assert (changed.tolist() if isinstance(changed, np.ndarray) else changed) == expected


def test_what_is_no_number_and_no_text_stays():
    assert smallest_change(None, 1) is None


def test_one_result_of_a_call_is_changed_and_the_returned_one_is_left_alone(room):
    returned = {"names": ["ab", "cd"], "first": "ab", "empty": False}
    changed = [with_smallest_change(room, "shelve", returned, number) for number in range(6)]
    assert returned == {"names": ["ab", "cd"], "first": "ab", "empty": False}
    assert [sum(one[name] != value for name, value in returned.items()) for one in changed] == [1] * 6
    assert {name for one in changed for name, value in returned.items() if one[name] != value} == set(returned)
