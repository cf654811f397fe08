"""The products of one path, called on NumPy arrays, and what they should be."""

from functools import cache

import numpy as np
import pytest
from numba import njit


@cache
def caller(native):
    """A Python function that calls a native product."""

    @njit
    def call(weights, first, last, blocks, values, scales, sums, inputs, outputs, out):
        native(weights.ctypes, first, last, blocks, values.ctypes, scales.ctypes, sums.ctypes, inputs.ctypes,
               outputs.ctypes, inputs.size, out.ctypes, out.shape[1])  # fmt: skip

    return call


def prepared(orders, qtype, x, dtype):
    """Vectors [n, cols] as the docstring of ``impl.kernels.activations`` says, in float64 where sums may differ."""
    n, cols = x.shape
    blocks = -(-cols // 256)
    natural = np.zeros((n, blocks, 256))
    natural.reshape(n, -1)[:, :cols] = x
    scales = np.ones((n, blocks), np.float32)
    if dtype == np.int8:
        scales = (np.abs(natural).max(axis=2) / 127).astype(np.float32)
        natural = np.rint(natural / np.where(scales == 0, 1, scales)[..., None])
    values = np.ascontiguousarray(natural[:, :, orders[0 if qtype == 12 else 1]], dtype)
    sums = np.zeros((n, blocks, 16), np.float32)
    if qtype == 12:
        sums[:, :, 8:] = natural.reshape(n, blocks, 8, 32).sum(axis=3)
    else:
        sums[:] = 32 * natural.reshape(n, blocks, 16, 16).sum(axis=3)
    meant = (natural * scales[..., None]).reshape(n, -1)[:, :cols]
    return values.reshape(n, -1).view(np.uint8), scales, sums.reshape(n, -1), meant


def check(truth, native, orders, qtype, dtype, cols, pairs, seed=0):
    """Rows 1..5 of 6, vectors out of order: against float64, and against each row and vector by itself."""
    rng = np.random.default_rng(seed)
    weights = truth.random_rows(rng, qtype, 6, cols)
    x = rng.standard_normal((pairs + 1, cols)).astype(np.float32)
    values, scales, sums, meant = prepared(orders, qtype, x, dtype)
    inputs, outputs = rng.permutation(pairs + 1)[:pairs], rng.permutation(pairs)
    blocks = scales.shape[1]
    call = caller(native)
    out = np.full((pairs, 6), 7, np.float32)
    call(weights, 1, 6, blocks, values, scales, sums, inputs, outputs, out)
    alone = np.full((pairs, 6), 7, np.float32)
    for p in range(pairs):
        for row in range(1, 6):
            call(weights, row, row + 1, blocks, values, scales, sums, inputs[p : p + 1], outputs[p : p + 1], alone)
    matrix = truth.dequantised(qtype, weights, 6, cols).astype(np.float64)
    exact = meant[inputs] @ matrix.T
    size = np.abs(meant[inputs]) @ np.abs(matrix.T) + 1e-30
    assert (out[:, 0] == 7).all()
    assert (np.abs(out[outputs] - exact)[:, 1:] / size[:, 1:]).max() < 1e-6
    assert out.tobytes() == alone.tobytes()


@pytest.fixture(scope="session")
def check_products():
    """``check``, for tests: files here cannot import one another."""
    return check
