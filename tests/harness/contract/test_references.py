"""Names that must be declared, here or by a dependency."""

import pytest

from harness.contract.references import dtypes, faults, model, refusals
from harness.contract.spans import loads

ALONE = "metadata: {id: a}\n"
DEPENDENT = "metadata: {depends_on: {b: '>=1'}}\n"


def test_dtypes_and_equations_may_come_from_a_dependency():
    text = "inputs: {x: {dtype: q4_k}}\nfaults: [{replace: {y1: x}}]\n"
    assert [finding.message for finding in dtypes(loads(ALONE + text, "c"))] == ["unknown dtype 'q4_k'"]
    assert [finding.message for finding in faults(loads(ALONE + text, "c"))] == ["no equation 'y1' to replace"]
    assert not [*dtypes(loads(DEPENDENT + text, "c")), *faults(loads(DEPENDENT + text, "c"))]


def test_a_format_that_is_no_input_is_told_where_it_may_stand():
    (finding,) = dtypes(loads(ALONE + "inputs: {x: {dtype: f8_e8m0fnu}}\n", "c"))
    assert finding.hint == "'f8_e8m0fnu' may stand only as field"


def test_equations_of_a_format_can_be_replaced():
    text = "formats: {f: {equations: {y1: x}}}\nfaults: [{replace: {y1: x}}]\n"
    assert not list(faults(loads(ALONE + text, "c")))


@pytest.mark.parametrize(
    ("message", "column"),
    [
        ("plain", None),
        ("{a} and {b[0]}", None),
        ("{{literal}} {a != b}", None),
        ("{a", 1),
        ("a}", 2),
        ("x {a} {", 7),
        ("{a {b}}", 4),
        ("{}", 1),
        ("}}}", 3),
    ],
)
def test_braces(message, column):
    text = f"{ALONE}subjects: {{s: 1}}\nrefuses:\n- subject: s\n  message: '{message}'\n"
    places = [(finding.place.line, finding.place.column) for finding in refusals(loads(text, "c"))]
    assert places == ([] if column is None else [(5, 12 + column)] if message != "{}" else [(5, 13)])


def test_model():
    text = "model: {dimensions: {a: k}, tensors: {b: t}}\ndimensions: {}\ninputs: {b: 1}\n"
    assert [finding.message for finding in model(loads(ALONE + text, "c"))] == ["no dimension 'a'"]
