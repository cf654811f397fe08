"""What kind of value something is."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.exact.choice import top_k
from harness.language.exact.kinds import is_whole
from harness.language.exact.region import Bounded
from harness.language.formats import BlockFormat
from harness.language.packed import Packed

REALS = Bounded(np.array([3.0, 1.0]), float32())
TENSOR = Packed(BlockFormat("q4", 4, 6, {}, {}, "w", ()), (2, 4), np.zeros((2, 1, 6), np.uint8))


@pytest.mark.parametrize("value", [3, np.int64(3), np.arange(3), np.zeros(2, np.uint8), top_k(REALS, 1)])
def test_integers(value):
    assert is_whole(value)


@pytest.mark.parametrize("value", [3.0, REALS, np.zeros(2), np.zeros(2, np.bool_), "3", TENSOR])
def test_not_integers(value):
    assert not is_whole(value)
