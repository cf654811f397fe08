"""Q4_K super-blocks, every packing of scale and minimum included, against the gguf package."""

import gguf
import numpy as np
import pytest

from impl.kernels import q4_k


def packed_scales(scale, minimum, others):
    """12 bytes for 8 (scale, minimum) pairs, packed from ggml's description, not by the code under test."""
    packed = np.zeros(12, np.uint8)
    for j, (sc, m) in enumerate(zip(scale, minimum, strict=True)):
        if j < 4:
            packed[j] |= sc
            packed[j + 4] |= m
        else:
            packed[j + 4] |= (sc & 15) | ((m & 15) << 4)
            packed[j - 4] |= (sc >> 4) << 6
            packed[j] |= (m >> 4) << 6
    return packed


def decode(blocks):
    out = np.empty(blocks.shape[0] * 256, np.float32)
    q4_k.decode_rows(blocks.reshape(-1), blocks.shape[0], 256, out)
    return out.reshape(-1, 256)


@pytest.mark.parametrize("j", range(8))
def test_every_scale_and_minimum_of_every_sub_block(j):
    rng = np.random.default_rng(j)
    blocks = rng.integers(0, 256, (64 * 64, 144)).astype(np.uint8)
    blocks[:, :4] = np.array([1.5, 0.375], np.float16).view(np.uint8)
    for i, block in enumerate(blocks):
        scale, minimum = rng.integers(0, 64, (2, 8))
        scale[j], minimum[j] = divmod(i, 64)
        block[4:16] = packed_scales(scale, minimum, rng)
        if i % 512 == 0:
            assert [q4_k.scale_at(block, 0, k) for k in range(8)] == scale.tolist()
            assert [q4_k.minimum_at(block, 0, k) for k in range(8)] == minimum.tolist()
    expected = gguf.quants.dequantize(blocks, gguf.GGMLQuantizationType.Q4_K)
    got = decode(blocks)
    np.testing.assert_array_equal(got.view(np.uint32), expected.view(np.uint32))
    low = got[:, 32 * j : 32 * j + 32].min(axis=1)
    assert np.unique(low).size > 64  # the pairs really differ in that sub-block


def test_random_super_blocks_with_any_scale_bits():
    blocks = np.random.default_rng(1).integers(0, 256, (4096, 144)).astype(np.uint8)
    with np.errstate(all="ignore"):
        expected = gguf.quants.dequantize(blocks, gguf.GGMLQuantizationType.Q4_K)
    got = decode(blocks)
    number = ~np.isnan(expected)
    np.testing.assert_array_equal(got[number].view(np.uint32), expected[number].view(np.uint32))
    assert np.isnan(got[~number]).all()
