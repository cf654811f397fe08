"""The number format of a result in two versions, for whoever calls with the formats that the old one has."""

import pytest

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.gate.evaluation import program_of
from harness.gate.result_formats import compare_result_format
from tests.edited import edited
from tests.harness.gate.pairs import BASES

OLD = BASES["number-formats"]


def told(subject, field, *edits):
    programs = [program_of(contract_of(loads(text, "c.yaml")), {}) for text in (OLD, edited(OLD, edits))]
    found = compare_result_format(*programs, subject, field)
    return found.relation, found.told, found.why


X = "  x: {dtype: bf16,"
W = "  w: {dtype: [bf16, f16],"
GIVEN = "    given: {w: {dtype: [bf16, f16]}}\n"
Y = "      y: {equation: y, dtype: bf16}"
LIKE = "      like_w: {equation: y, dtype: as w}"


@pytest.mark.parametrize(
    ("field", "edits", "expected"),
    [
        ("y", [(Y, "      y: {equation: y, dtype: as x}")], ("same", "", "")),
        ("y", [(Y, "      y: {equation: y, dtype: as w}")], ("different", "bf16 -> f16", "with w in f16")),
        ("y", [(Y, "      y: y")], ("different", "bf16 -> f32", "")),
        ("square", [("square: square", "square: {equation: square, dtype: f32}")], ("same", "", "")),
        ("square", [("square: square", "square: {equation: square, dtype: f64}")], ("different", "f32 -> f64", "")),
        ("like_w", [(W, "  w: {dtype: [bf16, f16, f32],")], ("same", "", "")),
        ("like_w", [(W, "  w: {dtype: bf16,"), (GIVEN, "")], ("same", "", "")),
        ("like_w", [(W, "  w: {dtype: f32,"), (GIVEN, "")], ("same", "", "")),
        ("like_w", [(LIKE, "      like_w: {equation: y, dtype: as x}")],
         ("different", "f16 -> bf16", "with w in f16, x in bf16")),
        ("y", [(X, "  x: {dtype: f16,"), (Y, "      y: {equation: y, dtype: as x}")],
         ("different", "bf16 -> as x", "no call has the formats of both versions")),
    ],
)  # fmt: skip
def test_a_result_of_multiply(field, edits, expected):
    assert told("multiply", field, *edits) == expected


def test_a_result_in_the_format_of_its_equation():
    hidden = "  hidden: stored(gain * y, bf16)"
    assert told("gate", "hidden", (hidden, "  hidden: stored(y * gain, bf16)")) == ("same", "", "")
    assert told("gate", "hidden", (hidden, "  hidden: gain * y"))[:2] == ("different", "bf16 -> f32")
    assert told("small", "head", ("head: x[0:1]", "head: codes[0:1]"))[:2] == ("reshaped", "bf16 -> i8")
    assert told("small", "head", (X, "  x: {dtype: [bf16, f16],"))[:2] == ("different", "bf16 -> f32")
    assert told("small", "steps", ("dtype: i8}", "dtype: i64}"))[:2] == ("different", "i8 -> i64")
