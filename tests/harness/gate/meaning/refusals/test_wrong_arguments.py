from itertools import product

import ml_dtypes
import numpy as np
import pytest

from harness.gate.meaning.refusals.wrong_arguments import (
    FAR,
    OTHER_TYPE,
    Known,
    Length,
    both,
    lengths,
    resized,
    wrong_one,
    wrong_two,
)
from harness.language.packed import Packed

NOTHING = Known({}, (), (), {})
ONES = np.ones((2, 6), np.float32)


def shapes(calls, name="w"):
    return {call.arguments[name].shape for call in calls}


def test_every_shape_that_is_one_off_or_of_the_same_size():
    found = shapes(wrong_one({"w": ONES}, NOTHING) + wrong_two({"w": ONES}))
    near = {(2 + a, 6 + b) for a, b in product((-1, 0, 1), repeat=2)}
    assert near <= found | {ONES.shape}
    assert {(6, 2), (1, 12), (4, 3)} <= found, "exchanged axes, and a factor from one axis to the other"
    assert {(12,), (2, 3, 2), (1, 2, 6), (2, 6, 1), (6,), (2,)} <= found, "joined, split, one axis more or fewer"
    assert {(0, 6), (2, 0)} <= found, "empty"
    assert all(call.what for call in wrong_one({"w": ONES}, NOTHING))


def test_two_lengths_agree_by_difference_sum_and_product():
    x, z = np.zeros(4, np.float32), np.zeros(6, np.float32)
    found = {(len(call.arguments["x"]), len(call.arguments["z"])) for call in wrong_two({"x": x, "z": z})}
    assert {(5, 7), (3, 5), (5, 5), (3, 7), (6, 4), (2, 12), (8, 3)} == found


def test_integers_at_their_neighbours_and_at_what_is_known():
    found = {call.arguments["k"] for call in wrong_one({"k": 3}, Known({Length("k"): (17,)}, (), (), {}))}
    assert found == {2, 4, 6, 0, 1, -1, -3, 3 + FAR, 17}
    assert [length.axis for length in lengths({"k": 3, "w": ONES, "flag": True, "text": "a"})] == [None, 0, 1]


def test_arrays_of_other_types_and_with_numbers_that_are_not_finite():
    changed = [call.arguments["w"] for call in wrong_one({"w": ONES}, NOTHING)]
    same_shape = [array for array in changed if array.shape == ONES.shape]
    assert {array.dtype.name for array in same_shape} == {"int64", "float32"}
    assert (2 * ONES.nbytes, ONES.nbytes) == tuple(array.nbytes for array in changed if array.dtype == np.int64)
    odd = [np.argwhere(~np.isfinite(array)).tolist() for array in same_shape if array.dtype == np.float32]
    assert odd == [[[0, 0]]] * 3 + [[[1, 5]]] * 3
    assert np.isfinite(ONES).all(), "the call that fits is left as it is"


def test_texts_and_truths():
    known = Known({}, (), ("a", "b"), {})
    assert [call.arguments["t"] for call in wrong_one({"t": "a"}, known)] == ["b"]
    assert [call.arguments["t"] for call in wrong_one({"t": ["a"]}, known)] == [[], ["a", "a"], ["b"]]
    assert [call.arguments["t"] for call in wrong_one({"t": True}, known)] == [False]


def test_two_calls_together_unless_they_change_the_same_argument():
    arguments = {"k": 3, "w": ONES}
    one = wrong_one({"k": 3}, NOTHING)[0]
    other = next(call for call in wrong_one(arguments, NOTHING) if call.arguments["w"] is not ONES)
    together = both(replaced(one, arguments), other, arguments)
    assert together.arguments["k"] == 2 and together.arguments["w"].shape == (1, 6)
    assert both(other, other, arguments) is None


def replaced(call, arguments):
    return type(call)(call.what, {**arguments, **call.arguments})


@pytest.mark.parametrize("shape", [(2, 5), (3, 4), (2, 256), (2, 257), (0, 4), (8,)])
def test_tensors_keep_to_whole_blocks(real, shape):
    format_ = real("ggml-blocks").formats["q4_k"]
    tensor = Packed(format_, (2, 4), np.zeros((2, 1, format_.size), np.uint8))
    other = resized(tensor, shape)
    assert other.shape == shape and other.raw.shape == (*shape[:-1], format_.blocks_per_row(shape[-1]), format_.size)


def test_tensors_under_other_names_and_in_other_formats(real):
    formats = real("ggml-blocks").formats
    tensor = Packed(formats["q4_k"], (2, 4), np.zeros((2, 1, formats["q4_k"].size), np.uint8))
    calls = wrong_one({"t": tensor}, Known({}, (), ("q5_k",), formats))
    seen = {(call.arguments["t"].dtype, call.arguments["t"].format.name) for call in calls}
    assert {("q5_k", "q4_k"), ("q6_k", "q4_k"), ("q6_k", "q6_k"), (OTHER_TYPE, "q4_k")} <= seen


def test_arrays_in_a_narrow_format_are_arrays_of_real_numbers():
    ones = np.ones((2, 8), ml_dtypes.bfloat16)
    changed = [call.arguments["w"] for call in wrong_one({"w": ones}, Known({}, (0.1,), (), {}))]
    assert (8 * ones.size, ones.nbytes) == tuple(array.nbytes for array in changed if array.dtype == np.int64)
    numbers = [array for array in changed if array.dtype == ones.dtype and array.shape == ones.shape]
    first = [float(array[0, 0]) for array in numbers if array[0, 0] != 1]
    assert len(numbers) == 8 and float(ml_dtypes.bfloat16(0.1)) in first and np.inf in first and -np.inf in first
