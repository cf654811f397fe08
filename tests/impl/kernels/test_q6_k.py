"""Q6_K super-blocks against the gguf package."""

import gguf
import numpy as np

from impl.kernels import q6_k


def test_random_super_blocks_with_any_scale_bits():
    blocks = np.random.default_rng(1).integers(0, 256, (4096, 210)).astype(np.uint8)
    with np.errstate(all="ignore"):
        expected = gguf.quants.dequantize(blocks, gguf.GGMLQuantizationType.Q6_K)
    got = np.empty(expected.size, np.float32)
    q6_k.decode_rows(blocks.reshape(-1), 4096, 256, got)
    got = got.reshape(expected.shape)
    number = ~np.isnan(expected)
    np.testing.assert_array_equal(got[number].view(np.uint32), expected[number].view(np.uint32))
    assert np.isnan(got[~number]).all()


def test_scales_are_signed():
    block = np.zeros(210, np.uint8)
    block[192:208] = np.arange(-8, 8, dtype=np.int8).view(np.uint8)
    assert [q6_k.scale_at(block, 0, j) for j in range(16)] == list(range(-8, 8))
