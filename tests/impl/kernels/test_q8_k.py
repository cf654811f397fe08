import numpy as np
import pytest

from impl.kernels.q8_k import quantised_activations, rounded, sums_of


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.5, 1),
        (-0.5, -1),
        (1.5, 2),
        (2.5, 3),
        (-2.5, -3),
        (0.49999997, 0),
        (126.5, 127),
        (400.0, 127),
        (-400.0, -128),
    ],
)
def test_halves_round_away_from_zero(value, expected):
    assert rounded(np.float32(value)) == expected


def test_the_largest_magnitude_gets_127_and_its_own_sign():
    x = np.linspace(-3, 2, 256, dtype=np.float32)
    levels, scales = quantised_activations(x)
    assert scales[0] == np.float32(3) / np.float32(127)
    assert levels[0] == -127
    assert np.abs(levels * scales[0] - x).max() <= scales[0] * 0.5000001


def test_each_block_has_its_own_scale_and_the_last_is_padded():
    x = np.ones(300, np.float32)
    x[256:] = 1000
    levels, scales = quantised_activations(x)
    np.testing.assert_allclose(scales, [1 / 127, 1000 / 127], rtol=1e-6)
    assert levels.tolist() == [127] * 300 + [0] * 212


@pytest.mark.parametrize("tiny", [0.0, 1e-45, 2**-140])
def test_a_block_of_nothing_or_next_to_nothing_is_finite(tiny):
    levels, scales = quantised_activations(np.full(256, tiny, np.float32))
    assert np.isfinite(scales).all()
    if tiny == 0:
        assert not levels.any()
    assert np.abs(levels * scales[0]).max() <= 2 * tiny


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_never_erased(bad):
    x = np.ones(512, np.float32)
    x[7] = bad
    _, scales = quantised_activations(x)
    assert np.isnan(scales[0])
    assert np.isfinite(scales[1])


def test_sums_of_groups():
    assert sums_of(np.array([127, 127, -128, 1], np.int8), 2).tolist() == [254, -127]
