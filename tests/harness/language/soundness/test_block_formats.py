"""The equations and the kernels' own decoding must mean the same weights, or nothing else here means anything."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.evaluate import decode
from harness.language.exact.domain import Exact
from harness.language.packed import Packed
from tests.harness.language.soundness.block_formats import FORMATS, blocks, taken_apart


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("seed", range(20))
def test_equations_and_kernels_read_the_same_weights(name, seed):
    raw = blocks(name, np.random.default_rng(seed), (2, 3, 2))
    w = taken_apart(name, raw)
    exact = w.d[..., None, None].astype(np.float64) * w.sc[..., None] * (w.q - w.offset)
    if w.m is not None:
        exact = exact - w.dmin[..., None, None].astype(np.float64) * w.m[..., None]
    decoded = decode(Packed.of(FORMATS[name], (2, 3, 512), raw.reshape(-1)), Exact(float32()))
    assert np.array_equal(decoded.v, exact.reshape(2, 3, 512))
