import numpy as np
from numba import njit

from impl.kernels.scalars import half_at, padded, sum_of_lanes


def test_every_half_is_decoded_exactly():
    @njit
    def all_halves(data, out):
        for i in range(out.size):
            out[i] = half_at(data, 2 * i)

    bits = np.arange(2**16, dtype="<u2")
    got = np.empty(2**16, np.float32)
    all_halves(bits.view(np.uint8), got)
    expected = bits.view("<f2").astype(np.float32)
    number = ~np.isnan(expected)
    np.testing.assert_array_equal(got[number].view(np.uint32), expected[number].view(np.uint32))
    assert np.isnan(got[~number]).all()


def test_lanes_are_added_by_halving():
    lanes = np.random.default_rng(0).standard_normal(32).astype(np.float32)
    expected = lanes.copy()
    while expected.size > 1:
        expected = expected[: expected.size // 2] + expected[expected.size // 2 :]
    assert sum_of_lanes(lanes.copy()) == expected[0]


def test_padding_is_zeros_up_to_a_whole_block():
    got = padded(np.ones(257, np.float32))
    assert got.size == 512
    assert got.sum() == 257
