import numpy as np
import pytest

from impl.activations import float_vector, refuse_non_finite
from impl.errors import InvalidShape, NonFiniteValue


def test_a_float_vector_is_taken_as_it_is():
    x = np.arange(3, dtype=np.float32)
    assert np.shares_memory(float_vector("f", "hidden", x), x)


def test_a_strided_vector_is_made_contiguous():
    x = np.arange(8, dtype=np.float32)[::2]
    got = float_vector("f", "hidden", x)
    assert got.flags.c_contiguous
    assert got.tolist() == [0, 2, 4, 6]


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (np.zeros(3), "float64"),
        (np.zeros((1, 3), np.float32), r"\(1, 3\)"),
        (np.float32(1), "float32"),
        (("q4_k", (1, 256), b""), "tuple"),
        (None, "NoneType"),
    ],
)
def test_anything_else_is_refused_not_converted(value, named):
    with pytest.raises(InvalidShape, match=f"f: hidden must be a float32 vector, got .*{named}"):
        float_vector("f", "hidden", value)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_the_first_value_that_is_not_finite_is_named(bad):
    x = np.zeros(5, np.float32)
    x[[2, 4]] = bad
    with pytest.raises(NonFiniteValue, match=rf"f: hidden\[2\] = {bad} is not finite"):
        refuse_non_finite("f", "hidden", x)
