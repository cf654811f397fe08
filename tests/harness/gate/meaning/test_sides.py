from dataclasses import replace

import numpy as np

from harness.gate.meaning.cases import ComparisonCase
from harness.gate.meaning.equations.functions import Sharp
from harness.gate.meaning.sides import NoValue, Sides, as_returned, read_by, result_format, returned_format, valued
from harness.gate.meaning.view import view
from harness.language.arithmetic import float32
from harness.language.dtypes import DTYPES
from harness.language.exact.domain import Exact
from harness.language.packed import Packed
from harness.language.syntax import Name, parse

X, Z = np.array([1.0, 2.0], np.float32), np.array([3.0, 4.0], np.float32)
CASE = ComparisonCase({"size": 2}, {"x": X, "z": Z}, {}, {})


def test_versions_share_what_they_compute_alike(contract):
    first = view(contract({"a": "x + z", "b": "a * 2", "c": "b - 1"}))
    other = first.with_equations({**first.equations, "b": parse("a * 3")})
    sides = Sides(Sharp(), CASE)
    assert sides.value(first, Name("c"), {}).v.tolist() == [7, 11]
    assert sides.value(other, Name("c"), {}).v.tolist() == [11, 17]
    assert sides.bindings(other, {}).known["a"] is sides.bindings(first, {}).known["a"]
    given = {"a": np.array([1.0, 1.0], np.float32)}
    assert sides.value(other, Name("c"), given).v.tolist() == [2, 2]
    assert sides.value(first, Name("c"), given).v.tolist() == [1, 1]
    assert sides.value(first, Name("c"), {}).v.tolist() == [7, 11]


def test_why_there_is_no_value(contract):
    sides = Sides(Exact(float32()), CASE)
    made = view(contract({"e": "x + z"}))
    doubt = valued(parse("(x * 0.1)[top_k(x * 0.1 - 0.1 * x, 1)]"), sides.bindings(made, {}))
    assert isinstance(doubt, NoValue) and doubt.open_
    wrong = valued(parse("reshape(x, 7)"), sides.bindings(made, {}))
    assert isinstance(wrong, NoValue) and not wrong.open_


def test_as_a_subject_returns_it(contract):
    sides = Sides(Sharp(), CASE)
    made = view(contract({"e": "x + z"}))
    third = as_returned(sides.value(made, parse("x / 3"), {}))
    assert third.dtype == np.float32 and third[0] == np.float32(1 / 3)
    assert as_returned(sides.value(made, parse("top_k(x, 1)"), {})).tolist() == [1]


def test_blocks_are_read_by_each_versions_own_format(real):
    old = real("ggml-blocks").formats["q4_k"]
    new = replace(old, equations={**old.equations, "w": parse("2 * d * sc[..., None] * q")})
    packed = Packed(old, (1, 256), np.zeros((1, 1, 144), np.uint8))
    assert read_by(packed, {"q4_k": new}).format is new
    assert read_by(packed, {"q4_k": replace(old)}) is packed and read_by(packed, {}) is packed
    assert read_by(packed, {"q4_k": replace(new, size=150)}) is packed and read_by(3, {}) == 3


def test_as_a_subject_returns_it_in_a_number_format(contract):
    inputs = {"x": {"dtype": ["bf16", "f16"], "shape": ["size"]}}
    returns = {"plain": "e", "narrow": {"equation": "e", "dtype": "f16"}, "like": {"equation": "f", "dtype": "as x"}}
    made = view(contract({"e": "x / 3", "f": "x / 7"}, {"F-1": "finite(run().plain)"}, inputs=inputs, returns=returns,
                         dimensions={"size": {"min": 1, "max": 3}}))  # fmt: skip
    case = ComparisonCase({"size": 1}, {"x": np.ones(1, DTYPES["bf16"].numpy)}, {}, {})
    assert [result_format(made, "run", field, case).name for field in returns] == ["f32", "f16", "bf16"]
    assert [returned_format(made, name, case).name for name in ("e", "f", "none")] == ["f16", "bf16", "f32"]
    value = Sides(Sharp(), case).value(made, parse("x / 3"), {})
    assert as_returned(value, DTYPES["f16"]).tolist() == [float(np.float16(1 / 3))]
