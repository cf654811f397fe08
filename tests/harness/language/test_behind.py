"""Arguments behind zeros: laid out, large ones in parts, and refused where something would be computed with them."""

from __future__ import annotations

import gguf
import numpy as np
import pytest

from harness.language.behind import FAR, Behind, Untouched, both_ends
from harness.language.single import Single

ROWS = FAR // 8 + 5


def test_an_array_keeps_its_type_and_lies_at_the_end():
    value = np.arange(6, dtype=np.int16).reshape(2, 3)
    whole = Behind(value, 4).laid_out(value)
    np.testing.assert_array_equal(whole, np.concatenate([np.zeros((4, 3), np.int16), value]))
    assert whole.dtype == np.int16 and whole.flags.writeable


def test_a_tensor_in_blocks_keeps_its_weights():
    weights = np.random.default_rng(1).standard_normal((2, 3, 64)).astype(np.float32)
    data = gguf.quants.quantize(weights, gguf.GGMLQuantizationType.Q8_0)
    dtype, shape, moved = Behind(None, 5).laid_out(("q8_0", (2, 3, 64), data.tobytes()))
    assert (dtype, shape, moved.readonly) == ("q8_0", (7, 3, 64), True)
    raw = np.frombuffer(moved, np.uint8).reshape(7, 3, -1)
    found = gguf.quants.dequantize(raw, gguf.GGMLQuantizationType.Q8_0)
    np.testing.assert_array_equal(found[5:], gguf.quants.dequantize(data, gguf.GGMLQuantizationType.Q8_0))
    assert not found[:5].any()


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_equations_read_parts_of_a_large_array(dtype):
    value = np.arange(4, dtype=dtype).reshape(2, 2)
    large = Untouched.of(Behind(value, ROWS).laid_out(value))
    domain = Single()
    given = domain.given(large)
    row = domain.index(given, (ROWS + 1,))
    assert type(row) is np.ndarray
    np.testing.assert_array_equal(row, [2, 3])
    with pytest.raises(TypeError):
        given + 1
    with pytest.raises(TypeError):
        domain.binary("+", given, 1)


def test_a_small_array_is_read_whole():
    value = np.ones(4, np.float32)
    assert type(Untouched.of(value)) is np.ndarray and both_ends(value) == value.tobytes()


def test_both_ends_of_a_large_array_are_compared():
    value = np.ones((3, 2), np.float32)
    large = Behind(value, ROWS).laid_out(value)
    before = both_ends(large)
    assert len(before) <= 1 << 22
    for place in (0, -1):
        large[place, 0] += 1
        assert both_ends(large) != before
        large[place, 0] -= 1
    assert both_ends(large) == before
