"""Kinds of results, and one of them replaced."""

import numpy as np

from harness.teeth.saboteurs.results import (
    is_array,
    is_bytes,
    is_integer,
    is_list,
    is_real,
    is_text,
    is_truth,
    one_replaced,
    returns,
)

KINDS = {
    ("double", "doubled"): {is_real, is_array},
    ("number", "places"): {is_integer, is_array},
    ("pack", "bytes"): {is_bytes, is_array},
    ("shelve", "names"): {is_text, is_list},
    ("shelve", "first"): {is_text},
    ("shelve", "empty"): {is_truth, is_array},
}
ALL = (is_array, is_bytes, is_integer, is_list, is_real, is_text, is_truth)


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
