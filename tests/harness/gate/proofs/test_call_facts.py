"""What is known of the calls of a subject."""

import pytest

from harness.contract.spans import loads
from harness.gate.proofs.call_facts import covered_calls, of_every_call
from harness.gate.proofs.conditions import possible
from harness.language.syntax import names, parse

CONTRACT = loads(
    """
dimensions: {k: {min: 1, max: rows}, rows: {min: 1, max: 6}, columns: {min: 1, max: 8}, wide: {min: 1, max: 100000}}
sizes: [{columns: 64}]
inputs:
  x: {dtype: f32, shape: [columns], values: [normal]}
  w: {dtype: f32, shape: [rows, columns], values: [normal, nonfinite]}
  t: {formats: [q4, q8], shape: [wide]}
equations: {scores: x * 2, shares: x / sum(x), inverses: reciprocal(x), half: columns // 2, both: half * k}
tables: {known: {columns: {name: text}, rows: [[a], [b]]}}
subjects:
  run: {arguments: {x: x, w: w, k: k, kind: text}, returns: {scores: scores}}
  count: {arguments: {k: k}, returns: {half: half}}
falsification_tests:
  - {id: F-1, claim: 'close(run(kind=name).scores, scores)'}
  - {id: F-2, claim: 'raises(run(kind="c", x=x[:-1]))', given: {x: {values: nonfinite}}}
  - {id: F-3, claim: 'close(run(kind="a", k=k - far).scores, scores)', for_each: {far: [2, 3]}, given: {k: 1}}
  - {id: F-4, claim: 'close(run(kind="a", x=-2 * x).scores, scores)'}
""",
    "c.yaml",
)


def every(*texts, subject="run"):
    return possible([parse(text) for text in texts], of_every_call(CONTRACT, subject))


def covered(text, subject="run"):
    node = parse(text)
    calls = covered_calls(CONTRACT, subject, names(node))
    return any(possible([part.decided(node)], part.facts) for part in calls)


def test_of_every_call():
    assert not every("rows != len(w)") and not every("columns < 0") and not every("columns != len(x, 0)")
    assert every("columns != len(w, 1)"), "the first array that names it says how many"
    assert every("k > rows") and every("k < 1") and every("len(x) > 8"), "nobody keeps a caller within the dimensions"
    assert not every("rows > 6", subject="count"), "no argument says how many: it is that of the case"
    assert every("columns > 8", subject="count"), "one of the sizes lies beyond the range"
    assert not every("half > columns") and not every("both != half * k")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("k > rows", False),
        ("k < 1", True),  # a claim passes k - far
        ("k < -2", False),
        ("rows < 1", False),
        ("columns > 8", True),  # a size
        ("columns > 64", False),
        ("columns > 8 and columns < 64", False),
        ("len(x) != columns", False),  # nor in -2 * x
        ("nbytes(w) != 4 * rows * columns", False),
        ("len(w, -1) > 64", False),
        ("not all(is_finite(x))", False),  # such x are drawn for a claim of an error alone
        ("not all(is_finite(w))", True),
        ("any(x != x)", False),
        ("any(x < 0)", True),
        ("not all(is_finite(scores))", False),
        ("not all(is_finite(shares))", True),  # by zero
        ("not all(is_finite(inverses))", True),
        ('not (has_type(t, "q4") or has_type(t, "q8"))', False),
        ('not has_type(t, "q4")', True),
        ('has_type(t, "q5")', False),
        ('kind == "b"', True),
        ('kind == "c"', False),  # a claim of an error passes it
        ("half > 32", False),
        ("half > 31", True),
    ],
)
def test_covered_calls(condition, expected):
    assert covered(condition) is expected


def test_each_subject_has_its_own_claims():
    assert covered("wide > 99999", subject="count")
    assert not covered("k < 1", subject="count"), "the claim that passes less calls the other"
