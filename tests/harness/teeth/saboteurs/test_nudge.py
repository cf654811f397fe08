"""The smallest change of each kind of result."""

import numpy as np
import pytest

from harness.teeth.saboteurs.nudge import (
    bit_flipped,
    misspelled,
    next_float,
    nudged,
    one_beside,
    one_negated,
    smallest_change,
)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, [1.0000001, -1, 0]), (1, [1, -0.99999994, 0]), (2, [1, -1, 1e-45]), (3, [1.0000001, -1, 0])],
)
def test_next_float(number, expected):
    assert next_float(np.array([1, -1, 0], np.float32), number).tolist() == np.array(expected, np.float32).tolist()


@pytest.mark.parametrize(("number", "expected"), [(0, [1, 4]), (1, [0, 5]), (2, [2, 4]), (7, [0, 12]), (14, [128, 4])])
def test_bit_flipped(number, expected):
    assert bit_flipped(np.array([0, 4], np.uint8), number).tolist() == expected


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_one_beside(dtype):
    assert [one_beside(np.array([0, 5], dtype), number).tolist() for number in (0, 1)] == [[1, 5], [0, 4]]


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


def test_one_result_of_a_call_is_nudged_and_the_returned_one_is_left_alone(room):
    returned = {"names": ["ab", "cd"], "first": "ab", "empty": False}
    changed = [nudged(room, "shelve", returned, number) for number in range(6)]
    assert returned == {"names": ["ab", "cd"], "first": "ab", "empty": False}
    assert [sum(one[name] != value for name, value in returned.items()) for one in changed] == [1] * 6
    assert {name for one in changed for name, value in returned.items() if one[name] != value} == set(returned)
