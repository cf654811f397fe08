"""Functions over many blocks at once."""

import numpy as np
import pytest

from harness.language.batches import aligned, along_axis, broadcast, entrywise
from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.language.syntax import parse

BLOCKS = np.arange(12, dtype=np.float32).reshape(3, 4)  # three blocks of four numbers


@pytest.mark.parametrize(
    "text",
    ["abs(x)", "where(x > 5, x, 1)", "arange(4) * x", "reshape(x, 2, 2)", "stack(x, x, axis=0)", "concat(x, x, axis=0)",
     "stack(x, x)"],
)  # fmt: skip
def test_a_batch_is_its_blocks_one_by_one(text):
    whole = evaluate(parse(text), Bindings(Single(), {}, {}, {"x": BLOCKS}), batched=True)
    one_by_one = [evaluate(parse(text), Bindings(Single(), {}, {}, {"x": block})) for block in BLOCKS]
    assert np.array_equal(whole, np.stack(one_by_one))


def test_ranks_are_made_equal_behind_the_blocks():
    scales, numbers = np.ones(3), np.ones((3, 4))
    assert [value.shape for value in aligned(Single(), [scales, numbers])] == [(3, 1), (3, 4)]
    assert aligned(Single(), [2, numbers])[0] == 2


def test_how_a_call_is_passed_on():
    x = BLOCKS
    assert entrywise(Single(), "abs", [x], {}).shape == (3, 4)
    assert along_axis(Single(), "stack", [x, x], {"axis": 0}).shape == (3, 2, 4)
    assert along_axis(Single(), "stack", [x, x], {"axis": -1}).shape == (3, 4, 2)
    assert broadcast(Single(), "where", [x[:, 0] > 3, x, 0], {}).shape == (3, 4)
