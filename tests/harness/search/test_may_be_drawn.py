"""What may stand in a smaller case: inputs stay what their kinds promise."""

import numpy as np
import pytest

from harness.language.dtypes import DTYPES
from harness.search.arrays import Draw, real_array
from harness.search.may_be_drawn import Rounding, is_promised

SHAPES = [(), (1,), (5,), (3, 4), (2, 3, 5), (2, 0)]
BROKEN = {
    "positive": [1.0, 0.0, 2.0, 1.0, 1.0],
    "probabilities": [0.25, 0.25, 0.25, 0.0, 0.0],
    "sorted": [0.0, 2.0, 1.0, 3.0, 4.0],
    "unit_pairs": [0.0, 1.0, 0.0, 0.0, 1.0],
}


def rounding(dtype):
    return Rounding(2.0 ** -DTYPES[dtype].numbers.digits, DTYPES[dtype].numbers.smallest)


@pytest.mark.parametrize("dtype", ["f32", "f64", "bf16", "f16", "f8_e4m3fn", "f8_e5m2"])
@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_drawn_keeps_its_promise(kind, dtype):
    for shape in SHAPES:
        for seed in range(40):
            made = real_array("x", Draw(kind, seed=seed, dtype=dtype), shape).astype(np.float64)
            assert is_promised(made, kind, np.ones(shape, np.bool_), rounding(dtype)), (shape, made)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_zero_or_an_exchange_breaks_it_where_entries_count_and_nothing_does_elsewhere(kind):
    broken = np.array(BROKEN[kind])
    assert not is_promised(broken, kind, np.ones(5, np.bool_), rounding("f32"))
    assert is_promised(np.full(5, np.nan), kind, np.zeros(5, np.bool_), rounding("f32"))


@pytest.mark.parametrize("kind", BROKEN)
def test_a_single_number(kind):
    wrong = {"positive": 0.0, "probabilities": 0.5, "unit_pairs": 0.0}
    one = np.ones((), np.bool_)
    assert is_promised(np.array(1.0), kind, one, rounding("f32"))
    assert kind == "sorted" or not is_promised(np.array(wrong[kind]), kind, one, rounding("f32"))
