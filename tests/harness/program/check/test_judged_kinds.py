"""Which kinds of an input no rule about a value is tried on."""

import pytest

from harness.findings import Refused
from harness.program.collection import load

CONTRACT = """
metadata: {id: rows, version: 1.0.0, lifecycle: draft, title: Two sums, references: [written for these tests]}
dimensions: {size: {min: 1, max: 4}}
inputs:
  x: {dtype: f32, shape: [size], values: [zeros, normal, large]}
  v: {dtype: f32, shape: [size], values: [zeros, normal, large]}
equations: {total: sum(x * v)}
subjects:
  one: {arguments: {x: x, v: v}, returns: {total: total}}
  two: {arguments: {x: x, v: v}, returns: {total: total}}
proof_obligations: [{id: SUM, type: equivalence, property: sums}]
falsification_tests:
"""
RULE = "  - {id: FALSIFY-R-%03d, discharges: [SUM], rule: A rule, if_fails: Look., %s, claim: '%s'}\n"
ALL, NORMAL = "given: {size: {min: 1}}", "given: {x: {values: normal}}"
NOT_LARGE, NO_ZEROS = "given: {x: {not: [large]}}", "given: {x: {not: [zeros]}}"
ZERO_V = "given: {v: {values: zeros}}"
TWO = "close(two().total, total)"


def findings(tmp_path, *rules):
    path = tmp_path / "rows-v1.yaml"
    path.write_text(CONTRACT + "".join(RULE % (number, *rule) for number, rule in enumerate(rules, 1)))
    try:
        load((str(path),))
    except Refused as refused:
        return [str(finding).partition(": ")[2].partition(";")[0] for finding in refused.findings]
    return []


X_OF_ONE = "input x: no rule about the value of one().total is tried on "


@pytest.mark.parametrize(
    "rules, said",
    [
        ([(ALL, "close(one().total, total)")], []),
        ([(NOT_LARGE, "close(one().total, total)")], [X_OF_ONE + "large"]),
        ([(NORMAL, "close(one().total, total)")], [X_OF_ONE + "zeros, large"]),
        ([(NOT_LARGE, "close(one().total, total)"), (NO_ZEROS, "accurate(one().total, total, 8)")], []),
        ([(NOT_LARGE, "close(one().total, total)"), (ALL, "finite(one().total)")], [X_OF_ONE + "large"]),
        ([(NOT_LARGE, "close(one().total, total)"), (ALL, "identical(one().total, again(one()).total)")],
         [X_OF_ONE + "large"]),
        ([(NOT_LARGE, "close(one().total, total)"), (ALL, "identical(one(x=2 * x).total, 2 * one().total)")],
         [X_OF_ONE + "large"]),
        ([(NOT_LARGE, "close(one().total, total)"), (ALL, "close(one(x=0 * v).total, 0 * total)")],
         [X_OF_ONE + "large"]),
        ([(NOT_LARGE, "close(one().total, total)"), (ALL, "raises_or(one(), close(one().total, total))")], []),
        ([(NOT_LARGE, "close(one().total, total)"), (ALL, "stagewise(one())")], []),
        ([(NOT_LARGE, "close(one().total, total)"), (ZERO_V, "close(one().total, total)")], [X_OF_ONE + "large"]),
        ([(ALL, "finite(one().total)")], []),
    ],
)  # fmt: skip
def test_of_one_result(tmp_path, rules, said):
    assert findings(tmp_path, *rules, (ALL, TWO)) == said


def test_a_twin_carries_what_is_judged_of_the_other(tmp_path):
    judged = (NOT_LARGE, "close(one().total, total)")
    assert findings(tmp_path, judged, (ALL, TWO), (ALL, "identical(one().total, two().total)")) == []
    assert findings(tmp_path, judged, (ALL, TWO), (NORMAL, "identical(one().total, two().total)")) == [
        X_OF_ONE + "large"
    ]


def test_results_without_each_other_are_told_in_one_line(tmp_path):
    (said,) = findings(tmp_path, (NOT_LARGE, "close(one().total, total) and close(two().total, total)"))
    assert said == "input x: no rule about the value of one().total, two().total is tried on large"
