"""What output buffers hold before a call cannot be taken for a result."""

import ml_dtypes
import numpy as np
import pytest

from harness.program.case import Case
from harness.subjects.poison import NAN, RANDOM, poison, poison_of, unwritten
from tests.harness.numpy_types import TRUTH

TYPES = [np.float32, np.float64, np.int64, np.uint8, ml_dtypes.int4, ml_dtypes.uint4, *TRUTH.values()]


@pytest.mark.parametrize("kind", [NAN, RANDOM])
@pytest.mark.parametrize("dtype", TYPES, ids=lambda dtype: np.dtype(dtype).name)
def test_the_second_poison_differs_in_every_entry(dtype, kind):
    first, second = (poison((3, 5), np.dtype(dtype), kind, other) for other in (False, True))
    assert first.dtype == second.dtype == dtype and first.shape == (3, 5)
    assert not unwritten(first, second).any() and unwritten(first, first.copy()).all()
    assert (first != second).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fnuz])
def test_nan_is_nan_in_every_format(dtype):
    assert np.isnan(poison((4,), np.dtype(dtype), NAN).astype(np.float64)).all()


def test_an_entry_counts_as_unwritten_by_its_bits():
    held = np.array([0.0, np.nan, 1], np.float32)
    assert unwritten(np.array([-0.0, np.nan, 1], np.float32), held).tolist() == [False, True, True]
    assert unwritten(np.float32(1).reshape(()), np.float32(1).reshape(())).tolist() is True


def test_a_case_has_the_same_again_and_both_occur():
    kinds = [poison_of(Case({}, {}, recipe=f"rows={n}")) for n in range(50)]
    assert kinds == [poison_of(Case({}, {}, recipe=f"rows={n}")) for n in range(50)]
    assert {NAN, RANDOM} == set(kinds) and 10 < kinds.count(NAN) < 40


def test_random_bits_are_others_in_each_case():
    held = [poison((3,), np.dtype(np.float32), RANDOM, seed=seed).tobytes() for seed in range(5)]
    assert len(set(held)) == 5
