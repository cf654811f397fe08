"""A counterexample is the simplest of what may be drawn, where kinds of real numbers promise something of whole rows."""

import numpy as np
import pytest

from harness.language.dtypes import DTYPES
from harness.program.collection import load
from harness.search.arrays import Draw, real_array
from harness.search.engine import Search
from harness.search.may_be_drawn import PROMISED, Rounding, is_promised
from harness.search.simplest_promised import simplest_of
from harness.search.stored_case import decode_case
from tests.edited import edited
from tests.harness.conftest import TINY

SHAPES = [(1,), (7,), (3, 8), (2, 3, 5)]


@pytest.mark.parametrize("kind", PROMISED)
@pytest.mark.parametrize("dtype", ["f64", "f32", "bf16", "f16", "f8_e4m3fn", "f8_e5m2"])
def test_the_simplest_arrays_keep_the_promise_and_the_format(kind, dtype):
    numbers = DTYPES[dtype].numbers
    rounding = Rounding(2.0**-numbers.digits, numbers.smallest)
    for shape in SHAPES:
        value = real_array("x", Draw(kind, seed=0, dtype=dtype), shape)
        found = list(simplest_of(value, (kind, "zeros")))
        assert found
        for one in found:
            assert one.dtype == value.dtype and one.shape == shape
            assert is_promised(one.astype(np.float64), kind, np.ones(shape, np.bool_), rounding)


def test_others_shrink_entry_by_entry():
    assert not list(simplest_of(np.ones(3, np.float32), ("zeros", "normal")))
    assert not list(simplest_of(np.ones(3, np.int32), ("sorted",)))


@pytest.mark.parametrize(
    ("kinds", "least"),
    [("positive", [1, 1]), ("probabilities", [1, 0]), ("zeros, probabilities", [1, 0]), ("unit_pairs", [1, 0]),
     ("sorted", [0, 1])],
)  # fmt: skip
def test_what_is_left_of_a_failing_case(kinds, least, tmp_path, subject):
    """The fault needs two entries that are not both zero."""
    rest = "given: {m: {not: [large]}}"
    edits = [
        ("x: {dtype: f32, shape: [size]}", f"x: {{dtype: f32, shape: [size], values: [{kinds}]}}"),
        ("given: {x: {not: [large, heavy, subnormal]}, m: {not: [large]}}", rest),
    ]
    path = tmp_path / "tiny-v1.yaml"
    path.write_text(edited(TINY.read_text(), edits))
    (program,) = load((str(path),))
    right = subject().module.product

    def product(*, x, m, size):
        out = right(x=x, m=m, size=size)["out"]
        return {"out": out + np.float32(size > 1 and (x[0] != 0 or x[1] != 0))}

    outcome = Search(program, program.falsifiers[0], subject(product=product), 60).run()
    case = decode_case(program, outcome.counterexample)
    assert case.inputs["x"].tolist() == least
