"""What is known of an input."""

import pytest

from harness.program.check.dimensions import check_dimension
from harness.program.check.formats import check_formats
from harness.program.check.inputs import check_input

FORMATS = """{q8: {values: 4, bytes: 6, fields: {d: {dtype: f16, at: [0, 2]}, q: {dtype: u8, at: [2, 6]}},
  equations: {w: d * q}, weights: w, scales: [d]}}"""


@pytest.fixture
def checked(checker):
    def make(written: str):
        one = checker(inputs=f"{{x: {written}}}", formats=FORMATS)
        for name in one.contract.dimensions:
            check_dimension(one, name)
        return one, check_input(one, "x", check_formats(one))

    return make


@pytest.mark.parametrize(
    "written, kind, formats",
    [
        ("{dtype: f32, shape: []}", "real number", ()),
        ("{dtype: u8, shape: [2 * count + 1]}", "integer[2*count + 1]", ()),
        ("{dtype: [q8], shape: [layer, count]}", "q8 tensor[layer, count]", ("q8",)),
    ],
)
def test_known(checked, written, kind, formats):
    one, program = checked(written)
    assert (one.findings, str(one.names["x"]), program.formats) == ([], kind, formats)


def test_dimensions_of_a_shape_are_used_and_shape_it(checked):
    one, _ = checked("{dtype: f32, shape: [2 * count]}")
    assert one.shaping == {"count"} and "count" in one.used


@pytest.mark.parametrize(
    "written, said",
    [
        ("{dtype: f32, shape: [count - 2]}", "shape of x: not a size"),
        ("{dtype: [f32, q8], shape: [count, count]}", "input x: types of different kinds"),
        ("{dtype: q8, shape: [count]}", "input x: a quantised tensor has rows and columns"),
    ],
)
def test_broken(checked, written, said):
    one, _ = checked(written)
    assert [finding.message for finding in one.findings] == [said]
    assert one.broken == {"x"} and "x" not in one.names


def test_a_kind_that_the_type_has_not_breaks_nothing(checked):
    one, _ = checked("{dtype: u8, shape: [count], values: [zeros, normal]}")
    assert [finding.message for finding in one.findings] == ["input x: u8 has no kind 'normal'"]
    assert "x" in one.names
