"""What kinds of real numbers promise of a row is kept by what is drawn, and by what a counterexample shrinks to."""

import numpy as np
import pytest

from harness.language.dtypes import DTYPES
from harness.program.collection import load
from harness.search.arrays import Draw, real_array
from harness.search.engine import Search
from harness.search.real_promises import PROMISES, may_be_of, simplest
from harness.search.stored_case import decode_case
from tests.edited import edited
from tests.harness.conftest import TINY

FORMATS = ("f64", "f32", "bf16", "f16", "f8_e4m3fn", "f8_e5m2")
SHAPES = [(), (1,), (7,), (3, 8), (2, 3, 40)]


def drawn(kind, dtype, shape, seed):
    return real_array("x", Draw(kind, seed=seed, dtype=dtype), shape)


@pytest.mark.parametrize("kind", PROMISES)
@pytest.mark.parametrize("dtype", FORMATS)
def test_what_is_drawn_keeps_the_promise(kind, dtype):
    for shape in SHAPES:
        for seed in range(20):
            assert may_be_of(drawn(kind, dtype, shape, seed), (kind,))


@pytest.mark.parametrize("kind", PROMISES)
@pytest.mark.parametrize("dtype", FORMATS)
def test_the_simplest_arrays_keep_the_promise_and_the_format(kind, dtype):
    for shape in SHAPES[1:]:
        value = drawn(kind, dtype, shape, 0)
        found = list(simplest(value, (kind, "zeros")))
        assert found
        assert all(one.dtype == value.dtype and one.shape == shape and may_be_of(one, (kind,)) for one in found)


WRONG = {
    "positive": [[1, 0, 1], [1, -1, 1]],
    "probabilities": [[0, 0, 0], [0.5, 0.25, 0], [1.5, -0.5, 0]],
    "sorted": [[0, 2, 1]],
    "unit_pairs": [[0, 0, 1], [1, 1, 1], [1, 0, 0]],
}


@pytest.mark.parametrize("kind", PROMISES)
def test_what_breaks_a_promise_is_seen(kind):
    for row in WRONG[kind]:
        array = np.array([row], DTYPES["f32"].numpy)
        assert not may_be_of(array, (kind,))
        assert may_be_of(array, (kind, "normal"))


def test_zeros_beside_a_promise_are_zeros_alone():
    assert may_be_of(np.zeros(3, np.float32), ("zeros", "positive"))
    assert not may_be_of(np.float32([0, 1, 1]), ("zeros", "positive"))


@pytest.mark.parametrize(
    ("kind", "least"), [("positive", [1, 1]), ("probabilities", [1, 0]), ("unit_pairs", [1, 0]), ("sorted", [0, 1])]
)
def test_a_counterexample_is_the_simplest_of_what_may_be_drawn(kind, least, tmp_path, subject):
    """The first two entries matter, and a right kernel could not be accused of what it is never given."""
    edits = [("x: {dtype: f32, shape: [size]}", f"x: {{dtype: f32, shape: [size], values: [{kind}]}}"),
             ("given: {x: {not: [large, heavy, subnormal]}, m: {not: [large]}}", "given: {m: {not: [large]}}")]  # fmt: skip
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
