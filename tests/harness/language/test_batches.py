"""Functions over many blocks at once."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.batches import aligned, along_axis, broadcast, entrywise
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.single import Single
from harness.language.syntax import parse

BLOCKS = np.arange(12, dtype=np.float32).reshape(3, 4)  # three blocks of four numbers
GIVEN = {
    "x": BLOCKS,
    "m": np.arange(48, dtype=np.float32).reshape(3, 4, 4) ** 2,
    "i": np.array([[3, 0, 1], [2, 2, 0], [1, 3, 3]]),  # places of each block
    "n": np.array([1, 0, 1]),
}


@pytest.mark.parametrize(
    "text",
    ["abs(x)", "where(x > 5, x, 1)", "arange(4) * x", "reshape(x, 2, 2)", "stack(x, x, axis=0)", "concat(x, x, axis=0)",
     "stack(x, x)", "stack(3, 1, 2) + 0 * x[0]", "stack(n, 7)", "concat(arange(2), i)", "stack(arange(3), i, axis=0)",
     "x[i]", "x[n]", "stack(5, 6, 7, 8)[i]", "stack(5, 6, 7, 8)[n]", "x[arange(2)] * n", "m[i]", "m[n]", "m[:, i]",
     "m[..., i]", "m[n, 1:]", "m[1:3, n]", "m[None, i, None]", "m[:, None, i]", "m[None, ..., i]", "m[i[:, None], i]",
     "m[i[:, None], arange(4)[None]]", "reshape(m, 2, 2, 4)[:, n - n]",
     "reshape(m, 2, 2, 4)[..., n, :]"],
)  # fmt: skip
@pytest.mark.parametrize("domain", [Single(), Exact(float32())], ids=["single", "exact"])
def test_a_batch_is_its_blocks_one_by_one(text, domain):
    whole = evaluate(parse(text), Bindings(domain, {}, {}, GIVEN), batched=True)
    blocks = [{name: part[block] for name, part in GIVEN.items()} for block in range(len(BLOCKS))]
    one_by_one = [evaluate(parse(text), Bindings(domain, {}, {}, block)) for block in blocks]
    whole, *one_by_one = (np.asarray(getattr(value, "v", value)) for value in (whole, *one_by_one))
    assert np.array_equal(np.broadcast_to(whole, (len(BLOCKS), *whole.shape[1:])), np.stack(one_by_one))


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
