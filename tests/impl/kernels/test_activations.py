"""Prepared vectors, against what their docstring says, in NumPy."""

import numpy as np
import pytest
from numba import njit

from impl.kernels.activations import prepare_floats, prepare_levels
from impl.kernels.chosen import FLOAT_ORDERS, LEVEL_ORDERS


@njit
def floats(qtype, x, values, scales, sums):
    prepare_floats(qtype, x.ctypes, x.size, values.ctypes, scales.ctypes, sums.ctypes)


@njit
def levels(qtype, x, values, scales, sums):
    prepare_levels(qtype, x.ctypes, x.size, values.ctypes, scales.ctypes, sums.ctypes)


def prepared(call, qtype, x, dtype):
    blocks = -(-x.size // 256)
    values = np.full(blocks * 256 * np.dtype(dtype).itemsize, 77, np.uint8)
    scales, sums = np.full(blocks, np.nan, np.float32), np.full(blocks * 16, np.nan, np.float32)
    call(qtype, x, values, scales, sums)
    return values.view(dtype).reshape(blocks, 256), scales, sums.reshape(blocks, 16)


def expected_sums(qtype, natural):
    if qtype == 12:
        return np.hstack([np.zeros((natural.shape[0], 8)), natural.reshape(-1, 8, 32).sum(axis=2)])
    return 32 * natural.reshape(-1, 16, 16).sum(axis=2)


@pytest.mark.parametrize("qtype", [12, 14])
@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_floats_are_permuted_and_summed(qtype, size):
    x = np.random.default_rng(size).integers(-1000, 1000, size).astype(np.float32)
    values, scales, sums = prepared(floats, qtype, x, np.float32)
    natural = np.zeros((values.shape[0], 256))
    natural.reshape(-1)[:size] = x
    np.testing.assert_array_equal(values, natural[:, FLOAT_ORDERS[0 if qtype == 12 else 1]])
    np.testing.assert_array_equal(sums, expected_sums(qtype, natural))
    assert (scales == 1).all()


@pytest.mark.parametrize("qtype", [12, 14])
@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_levels_are_permuted_and_summed_with_a_scale_for_each_block(qtype, size):
    x = np.random.default_rng(size).standard_normal(size).astype(np.float32)
    x[256:] *= 1000
    values, scales, sums = prepared(levels, qtype, x, np.int8)
    natural = np.zeros((values.shape[0], 256))
    natural.reshape(-1)[:size] = x
    np.testing.assert_allclose(scales, np.abs(natural).max(axis=1) / 127, rtol=2e-7)
    rounded = np.rint(natural / scales[:, None])
    np.testing.assert_array_equal(values, rounded[:, LEVEL_ORDERS[0 if qtype == 12 else 1]])
    np.testing.assert_array_equal(sums, expected_sums(qtype, rounded))


@pytest.mark.parametrize("order", [*FLOAT_ORDERS, *LEVEL_ORDERS])
def test_orders_lose_and_repeat_nothing(order):
    assert sorted(order) == list(range(256))
