"""What kind of value something is."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.exact.choice import top_k
from harness.language.exact.kinds import INTEGER, compare_integers, is_whole
from harness.language.exact.region import Bounded
from harness.language.formats import BlockFormat
from harness.language.packed import Packed
from harness.language.syntax import BINARY, COMPARE

REALS = Bounded(np.array([3.0, 1.0]), float32())
TENSOR = Packed(BlockFormat("q4", 4, 6, {}, {}, "w", ()), (2, 4), np.zeros((2, 1, 6), np.uint8))


@pytest.mark.parametrize("value", [3, np.int64(3), np.arange(3), np.zeros(2, np.uint8), top_k(REALS, 1)])
def test_integers(value):
    assert is_whole(value)


@pytest.mark.parametrize("value", [3.0, REALS, np.zeros(2), np.zeros(2, np.bool_), "3", TENSOR])
def test_not_integers(value):
    assert not is_whole(value)


def test_every_comparison_has_its_meaning():
    for op in COMPARE.values():
        assert compare_integers(op, 2, 3) == eval(f"2 {op} 3")
        assert compare_integers(op, np.array([1, 3]), 3).tolist() == [eval(f"1 {op} 3"), eval(f"3 {op} 3")]


def test_every_operator_on_integers_has_its_meaning():
    assert set(INTEGER) == set(BINARY.values()) - {"/", "@"}
    assert all(rule(13, 3) == eval(f"13 {op} 3") for op, rule in INTEGER.items())
