from harness.language.dtypes import DTYPES
from harness.language.mutate.digits import Digits
from harness.language.mutate.number_formats import NumberFormats
from harness.language.mutate.precision import spoken

NARROW = NumberFormats(
    inputs={"x": ("bf16",), "y": ("bf16", "f32")}, returned={"e": frozenset({"bf16"})}, mixed=True,
    digits={"x": Digits.of(DTYPES["bf16"])},
)  # fmt: skip


def test_operands_of_products(edits):
    found = edits("m @ x")
    assert found["bf16-operand"] == ["faulty.bf16(m) @ x", "m @ faulty.bf16(x)"]
    assert found["f16-operand"] == ["faulty.f16(m) @ x", "m @ faulty.f16(x)"]
    assert edits("matvec(w, m)")["bf16-operand"] == ["matvec(faulty.bf16(w), m)", "matvec(w, faulty.bf16(m))"]


def test_whole_results(edits):
    assert edits("x * y")["bf16-result"] == ["faulty.bf16(x * y)"]
    assert "bf16-result" not in edits("b + b")


def test_where_everything_is_float32_nothing_else_is_planted(edits):
    found = edits("rms_norm(x, y, 1e-6) + sum(m, 0)")
    assert not [edit for edit in found if "input" in edit or "intermediate" in edit or "accumulator" in edit]


def test_what_is_narrow_already_is_read_in_another_format(edits):
    found = edits("m @ x", NARROW)
    assert found["bf16-operand"] == ["faulty.bf16(m) @ x"]
    assert found["f16-operand"] == ["faulty.f16(m) @ x", "m @ faulty.f16(x)"]
    assert found["f8-e4m3fn-operand"] == ["m @ faulty.f8_e4m3fn(x)"]
    found = edits("x + y", NARROW)
    assert found["f16-input"] == ["faulty.f16(x) + y", "x + faulty.f16(y)"]
    assert found["bf16-input"] == ["x + faulty.bf16(y)"]  # y is float32 in some cases


def test_a_result_is_not_rounded_to_its_own_format(edits):
    found = edits("x + y", NARROW)
    assert found["f16-result"] == ["faulty.f16(x + y)"] and found["f8-e4m3fn-result"] == ["faulty.f8_e4m3fn(x + y)"]
    assert "bf16-result" not in found
    assert "bf16-result" in edits("x + y", NumberFormats(returned={"e": frozenset({"bf16", "f32"})}, mixed=True))


def test_intermediate_values(edits):
    found = edits("(x + y) * exp(x)", NARROW)
    assert found["bf16-intermediate"] == ["faulty.bf16(x + y) * exp(x)", "(x + y) * faulty.bf16(exp(x))"]
    assert "bf16-intermediate" not in edits("max(x, 0) * 2", NARROW)  # one of the numbers of x
    assert "bf16-intermediate" not in edits("stored(x + y, bf16)", NARROW)
    (before,) = edits("rms_norm(x, y, 1e-6)", NARROW)["bf16-intermediate"]
    assert before == "faulty.bf16(x / sqrt(mean(x * x, -1)[..., None] + 1e-06)) * y"


def test_names_of_formats_in_ids():
    assert spoken("f8_e4m3fn") == "f8-e4m3fn"
