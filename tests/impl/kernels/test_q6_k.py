"""Q6_K super-blocks against the gguf package."""

import gguf
import numpy as np
import pytest

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


@pytest.mark.parametrize("product", [q6_k.row_products_f32, q6_k.row_products_q8_k])
def test_one_value_meets_one_activation_at_every_position(truth, product):
    blocks = truth.random_blocks(np.random.default_rng(2), 14, 1)
    weights = truth.dequantised(14, blocks, 1, 256)[0]
    for i in range(256):
        x = np.zeros(256, np.float32)
        x[i] = 1
        out = np.empty(1, np.float32)
        product(blocks.reshape(-1), x, 0, 1, out)
        np.testing.assert_allclose(out[0], weights[i], rtol=3e-7)


@pytest.mark.parametrize("product", [q6_k.row_products_f32, q6_k.row_products_q8_k])
def test_a_range_writes_its_own_rows_only(truth, product):
    data = truth.random_rows(np.random.default_rng(3), 14, 5, 256)
    out = np.full(5, -1, np.float32)
    product(data, np.ones(256, np.float32), 2, 4, out)
    assert out[[0, 1, 4]].tolist() == [-1, -1, -1]
    assert (out[2:4] != -1).all()
