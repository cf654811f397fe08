"""What one falsifier narrows; the ways of being wrong are in tests/harness/contract/unsound/given.yaml."""

import pytest

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.findings import Refused
from harness.language.sizes import Range, Size
from harness.program.check import check

TEXT = """
metadata: {{id: small, version: 1.0.0, lifecycle: draft, title: A small contract, references: [none yet]}}
dimensions: {{rows: {{min: 2, max: 8}}, cols: {{values: [3, 5]}}, k: {{min: 1, max: rows}}}}
inputs: {{x: {{dtype: f32, shape: [rows, cols], values: [zeros, normal]}}, b: {{dtype: u8, shape: [k]}}}}
equations: {{y1: "sum(x, 1)", y2: b + 1}}
subjects: {{f: {{arguments: {{x: x, b: b, k: k}}, returns: {{y1: y1, y2: y2}}}}}}
proof_obligations: [{{id: SUM, type: equivalence, property: sums}}]
falsification_tests:
  - id: FALSIFY-SUM-001
    discharges: [SUM]
    rule: Sums
    claim: close(f().y1, y1) {claim}
    if_fails: They are not.
{extra}
"""


def program(extra: str, claim: str = ""):
    text = TEXT.format(extra=f"    {extra}", claim=claim)
    return check(contract_of(loads(text, "small.yaml")), {})


def narrowed_scope(given: str, name: str) -> Range:
    return program(f"given: {given}").falsifiers[0].scope.ranges[name]


@pytest.mark.parametrize(
    "given, name, low, high",
    [
        ("{rows: 3}", "rows", 3, 3),
        ("{rows: {min: 4}}", "rows", 4, 8),
        ("{rows: {values: [7, 4, 5]}}", "rows", 4, 7),
        ("{cols: {values: [5]}}", "cols", 5, 5),
        ("{k: {min: rows}}", "k", "rows", "rows"),
        ("{k: {min: 2}}", "k", 2, "rows"),
        ("{x: {values: normal}}", "k", 1, "rows"),
    ],
)
def test_narrowed(given, name, low, high):
    assert narrowed_scope(given, name) == Range(Size.of(low), Size.of(high))


def test_other_falsifiers_keep_the_declared_ranges():
    assert program("given: {rows: 3}").scope.ranges["rows"] == Range(Size.of(2), Size.of(8))


@pytest.mark.parametrize(
    "given, said",
    [
        ("{rows: 1}", "leaves the declared range"),
        ("{rows: {max: 9}}", "leaves the declared range"),
        ("{k: 9}", "leaves the declared range"),
        ("{k: {max: 0}}", "allows no value"),
        ("{cols: 4}", "not one of the declared values"),
        ("{k: {max: cols * y2}}", "unknown name 'y2'"),
        ("{x: {not: [zeros, normal]}}", "excludes every kind"),
        ("{b: {values: normal}}", "has no kind 'normal'"),
    ],
)
def test_what_does_not_narrow(given, said):
    with pytest.raises(Refused, match=said):
        program(f"given: {given}")
