"""`where` of integers: integers as long as it is certain which, else a real number that covers both."""

import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.single import Single
from harness.language.syntax import parse
from harness.language.undecided import Undecided

GIVEN = {
    "x": np.array([0.1, 3, -2], np.float32), "y": np.array([7, 1, 1], np.float32),  # 0.1 * 7 is nearly 0.7
    "i": np.array([4, 3, 2]), "u": np.array([2**64 - 1, 1, 2], np.uint64),
}  # fmt: skip
DOUBT = "x * y > 0.7"


def values(text):
    return [evaluate(parse(text), Bindings(domain, {}, {}, GIVEN)) for domain in (Exact(float32()), Single())]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("where(x > 0, i, 0)", [4, 3, 0]),
        ("where(x > 0, 1, 0) * i // 2", [2, 1, 0]),
        ("where(i > 3, u, 5)", [2**64 - 1, 5, 5]),
        (f"where({DOUBT}, 6, 6)", [6, 6, 6]),
        ("y[where(x > 0, 1, 0)]", [1, 1, 7]),
    ],
)
def test_integers_are_exact(text, expected):
    for value in values(text):
        got = value.v if isinstance(value, Bounded) else value
        assert got.tolist() == expected


def test_in_doubt_both_are_covered():
    exact, single = values(f"where({DOUBT}, 1, 0)")
    assert exact.bound().tolist() == [1, 0, 0]
    assert (abs(exact.v - single) <= exact.bound()).all()


@pytest.mark.parametrize("text", [f"y[where({DOUBT}, 1, 0)]", f"where({DOUBT}, 3, 0) // 2", f"~where({DOUBT}, 3, 0)"])
def test_what_needs_the_integer_itself_is_undecided(text):
    with pytest.raises(Undecided, match="comparison closer than the bound"):
        evaluate(parse(text), Bindings(Exact(float32()), {}, {}, GIVEN))
