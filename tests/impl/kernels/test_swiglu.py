import numpy as np

from impl.kernels.swiglu import swiglu


def silu_times(gate, up):
    gate, up = (np.array(values, np.float32) for values in (gate, up))
    out = np.empty(gate.size, np.float32)
    swiglu(gate, up, out)
    return out


def test_it_meets_float64():
    rng = np.random.default_rng(0)
    gate, up = rng.standard_normal((2, 4096)).astype(np.float32) * 5
    exact = gate.astype(np.float64) / (1 + np.exp(-gate.astype(np.float64))) * up
    np.testing.assert_allclose(silu_times(gate, up), exact, rtol=6e-7)


def test_edges():
    got = silu_times([0.0, -200.0, 200.0, 1.0], [3.0, 1.0, 1.0, 0.0])
    assert got.tolist() == [0, 0, 200, 0]
    assert np.signbit(got[1])


def test_what_is_not_a_number_stays_so():
    assert np.isnan(silu_times([np.nan, -np.inf], [1.0, 1.0])).all()
