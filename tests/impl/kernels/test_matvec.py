"""A matrix times a vector as the rest of the package calls it: prepared, multiplied, on any number of threads."""

import numpy as np
import pytest

from impl.kernels.matvec import run_matvec


@pytest.mark.parametrize("qtype", [12, 14])
@pytest.mark.parametrize("cols", [1, 31, 256, 300, 2048])
def test_floats_meet_float64(truth, qtype, cols):
    rng = np.random.default_rng(cols)
    weights = truth.random_rows(rng, qtype, 7, cols)
    x = rng.standard_normal(cols).astype(np.float32)
    out = np.empty(7, np.float32)
    run_matvec(False, qtype, weights, x, out)
    matrix = truth.dequantised(qtype, weights, 7, cols).astype(np.float64)
    assert (np.abs(out - matrix @ x) <= 2e-6 * (np.abs(matrix) @ np.abs(x)) + 1e-30).all()


@pytest.mark.parametrize("levels", [False, True])
@pytest.mark.parametrize("qtype", [12, 14])
def test_one_value_meets_one_activation_at_every_position(truth, qtype, levels):
    # Levels, too, are exact here: 127 times a scale of 1/127.
    blocks = truth.random_blocks(np.random.default_rng(2), qtype, 1)
    weights = truth.dequantised(qtype, blocks, 1, 256)[0]
    for i in range(256):
        x = np.zeros(256, np.float32)
        x[i] = 1
        out = np.empty(1, np.float32)
        run_matvec(levels, qtype, blocks.reshape(-1), x, out)
        np.testing.assert_allclose(out[0], weights[i], rtol=1e-5, atol=2e-7)


@pytest.mark.parametrize("qtype", [12, 14])
def test_a_scale_that_is_not_finite_poisons_its_row_and_no_other(truth, qtype):
    weights = truth.random_rows(np.random.default_rng(0), qtype, 3, 512)
    at = 0 if qtype == 12 else 208
    size = weights.size // 3
    weights[size + at : size + at + 2] = np.array([np.inf], np.float16).view(np.uint8)
    for levels in (False, True):
        out = np.empty(3, np.float32)
        run_matvec(levels, qtype, weights, np.ones(512, np.float32), out)
        assert np.isfinite(out).tolist() == [True, False, True]
