"""Functions of one small number: the truth is that of all its numbers, compared by NumPy and ml_dtypes."""

import ml_dtypes
import numpy as np
import pytest

from harness.gate.meaning.equations.every_number import whole_cases
from harness.gate.meaning.points import Points, Wanted
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import views

INPUTS = {
    "f": {"dtype": "f8_e5m2", "shape": ["size"]},
    "h": {"dtype": ["f16", "bf16"], "shape": ["rows", "size"]},
    "s": {"dtype": "f8_e4m3fn", "shape": []},
    "x": {"dtype": "f32", "shape": ["size"]},
    "z": {"dtype": "f8_e5m2", "shape": ["size"], "values": ["zeros"]},
}


def whole(contract, old, new):
    sides = views(*(contract({"e": text}, inputs=INPUTS, dimensions={"size": {"min": 1, "max": 3},
                                                                    "rows": {"min": 1, "max": 2}})
                    for text in (old, new)))  # fmt: skip
    read = frozenset({"e", *sides[0].depends["e"], *sides[1].depends["e"]})
    wanted = Wanted(read, (), "")
    return whole_cases(sides, "e", Points(Space(sides[0]), Space(sides[1]), wanted, wanted.rng()))


def test_a_case_has_every_finite_number_of_each_type(contract):
    (case,) = whole(contract, "exp(f)", "exp(2 * f)")
    patterns = np.arange(256, dtype=np.uint8).view(ml_dtypes.float8_e5m2)
    finite = patterns[np.isfinite(patterns.astype(np.float32))]
    assert case.arrays["f"].dtype == finite.dtype and len(case.arrays["f"]) == len(finite) == 248
    assert set(case.arrays["f"].astype(float)) == set(finite.astype(float))
    first, second = whole(contract, "where(h > 0.5, h, 0)", "h")
    assert first.arrays["h"].shape == (1, 2**16 - 2**11) and second.arrays["h"].shape == (1, 2**16 - 2**8)
    assert len(whole(contract, "s + 1", "s")) == 254, "of a single number, one case each"


@pytest.mark.parametrize("text", ["x + 1", "f + x", "f[0] + f", "sum(f)", "f * size", "z + 1", "f @ f", "softmax(f)"])
def test_entries_that_are_made_of_more_have_none(contract, text):
    assert whole(contract, text, text) == []


# 0.71 lies between two numbers of each format: a threshold is the same anywhere between them, and no other.
@pytest.mark.parametrize(("name", "below", "above"), [("f", 0.6250, 0.75), ("h", 0.70996, 0.7105), ("s", 0.6876, 0.75)])
def test_thresholds_between_two_numbers(compared, name, below, above):
    inputs = {"inputs": INPUTS}
    text = f"where({name} > 0.71, {name}, 0.0)"
    lowest = {"f": 0.63, "h": 0.70999, "s": 0.69}[name]
    assert compared(text, f"where({name} > {lowest}, {name}, 0.0)", **inputs).relation == "respelled"
    assert compared(text, f"where({name} > {below - 0.03}, {name}, 0.0)", **inputs).relation == "different"
    assert compared(text, f"where({name} > {above}, {name}, 0.0)", **inputs).relation == "different"
