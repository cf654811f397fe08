"""Computed indices that leave their axis have no value, in either way of evaluating; none counts from the end."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.places import OutsideAxis, check_places
from harness.language.single import Single
from harness.language.syntax import parse

SHAPE = (4, 3, 2)


@pytest.mark.parametrize("items", [
    (np.array([0, 3]),), (slice(None), np.array([2])), (..., np.array([1])), (None, np.array([3])),
    (np.array([[3]]), np.array([0, 2])), (np.array([], np.int64),), (-1,), (slice(0, 9),),
])  # fmt: skip
def test_inside(items):
    check_places(SHAPE, items)
    np.zeros(SHAPE)[items]


@pytest.mark.parametrize("items, said", [
    ((np.array([0, 4]),), "an index of 4 into an axis of 4"),
    ((np.array([0, -1]),), "an index of -1 into an axis of 4"),
    ((slice(None), np.array([3])), "an index of 3 into an axis of 3"),
    ((..., np.array([2])), "an index of 2 into an axis of 2"),
    ((None, np.array([3]), np.array([3])), "an index of 3 into an axis of 3"),
])  # fmt: skip
def test_outside(items, said):
    with pytest.raises(OutsideAxis, match=said):
        check_places(SHAPE, items)


@pytest.mark.parametrize("domain", [Exact(float32()), Single()])
@pytest.mark.parametrize("ids", [[0, 5], [-1, 0]])
def test_both_domains_say_so(domain, ids):
    given = {"x": np.zeros(5, np.float32), "i": np.arange(5), "ids": np.array(ids)}
    for text in ("x[ids]", "(i * 2)[ids]", "(x > 0)[ids]", "x[None][:, ids]"):
        with pytest.raises(OutsideAxis):
            evaluate(parse(text), Bindings(domain, {}, {}, given))
