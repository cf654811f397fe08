import numpy as np
import pytest

from harness.search.shown import show


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.array([1.0, -0.5], np.float32), "[ 1. , -0.5]"),
        (np.zeros(40), "40 zeros"),
        (np.eye(5), "5 of 25 not zero: [0, 0] = 1, [1, 1] = 1, [2, 2] = 1, [3, 3] = 1, [4, 4] = 1"),
        (np.array(3), "3"),
        (np.zeros(0), "[]"),
    ],
)
def test_show(value, shown):
    assert show(value) == shown


def test_show_says_how_much_it_leaves_out():
    assert show(np.ones(100)).endswith("[11] = 1, ... 88 more")
