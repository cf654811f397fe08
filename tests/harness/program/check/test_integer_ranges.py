"""Ranges of integers that mean nothing, each told in one line at its place."""

import pytest

from harness.findings import HandledError
from tests.harness.integers import RULE, looking_up, program


@pytest.mark.parametrize("ids, said", [
    ("range: [0, rows]", "these indices are not known to lie in their axis; expected integers from 0 to rows - 1"),
    ("range: [0, 200]", "range of ids does not fit in i8; expected -128 to 127, got 0 to 200; take a wider dtype"),
    ("range: [n, rows - 1]", "range of ids may be empty; expected low <= high whatever the dimensions are, got n to"),
    ("range: [0, table]", "range of ids: not an integer"),
    ("range: [0]", "expected the low and the high end of a range, got a list of 1"),
    ("range: [0, rows - 1], values: [bytes]", "i8 with a range has no kind 'bytes'; known: distinct, ends, equal"),
    ("values: [distinct]", "i8 without a range has no kind 'distinct'; known: bytes, small, zeros"),
    ("range: [0, rows - 1], values: [distinct]", "distinct numbers do not fit; expected a range of n numbers or more"),
    ("range: [0, rows - 1], values: [permutation]", "permutation numbers do not fit; expected the range 0 to n - 1"),
    ("range: [1, rows], values: [offsets]", "offsets numbers do not fit; expected a range from 0, got 1 to rows"),
    ("range: [0, rows - 1], values: [offsets]", "offsets numbers do not fit; expected an axis of 2 numbers or more"),
])  # fmt: skip
def test_a_range_that_means_nothing_is_said_in_one_line(ids, said):
    with pytest.raises(HandledError) as refused:
        looking_up(ids)
    assert said in str(refused.value)


def test_a_range_is_one_of_integers():
    text = "dimensions: {{n: {{min: 1, max: 9}}}}\ninputs: {{x: {{dtype: {}, shape: [n], {}}}}}\n"
    for dtype, more, said in [
        ("f32", "range: [0, 1]", "input x: a range is one of integers; expected a dtype of integers, got f32"),
        ("f32", "values: [permutation]", "input x: f32 has no kind 'permutation'"),
    ]:
        with pytest.raises(HandledError) as refused:
            program(
                text.format(dtype, more)
                + f"""
equations: {{y: 2 * x}}
subjects: {{twice: {{arguments: {{x: x}}, returns: {{y: y}}}}}}
falsification_tests: [{{id: {RULE}, claim: "close(twice().y, y)"}}]
"""
            )
        assert said in str(refused.value)
