import numpy as np
import pytest

from impl.kernels.q8_k import quantise, rounded


def quantised(values):
    part = np.array(values, np.float32)
    levels = np.full(part.size, 99, np.int8)
    return levels, quantise(part, levels)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.5, 1),
        (-0.5, -1),
        (1.5, 2),
        (2.5, 3),
        (-2.5, -3),
        (0.49999997, 0),
        (-0.49999997, 0),
        (126.5, 127),
        (400.0, 127),
        (-400.0, -127),
    ],
)
def test_halves_round_away_from_zero(value, expected):
    assert rounded(np.float32(value)) == expected


def test_every_half_and_its_neighbours():
    for level in range(127):
        half = np.float32(level + 0.5)
        for value, expected in ((half, level + 1), (np.nextafter(half, np.float32(0)), level)):
            assert rounded(value) == expected
            assert rounded(-value) == -expected


def test_the_largest_magnitude_gets_127_and_its_own_sign():
    x = np.linspace(-3, 2, 256, dtype=np.float32)
    levels, scale = quantised(x)
    assert scale == np.float32(3) / np.float32(127)
    assert levels[0] == -127
    assert np.abs(levels * scale - x).max() <= scale * 0.5000001


@pytest.mark.parametrize("tiny", [0.0, 1e-45, 2**-140])
def test_a_block_of_nothing_or_next_to_nothing_is_finite(tiny):
    levels, scale = quantised([tiny] * 256)
    assert np.isfinite(scale)
    if tiny == 0:
        assert not levels.any()
    assert np.abs(levels * scale).max() <= 2 * tiny


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("at", [0, 7, 255])
def test_a_value_that_is_not_finite_is_never_erased(bad, at):
    x = np.ones(256)
    x[at] = bad
    levels, scale = quantised(x)
    assert np.isnan(scale)
    assert not levels.any()
