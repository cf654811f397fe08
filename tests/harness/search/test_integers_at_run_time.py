"""Integers that a kernel makes, gets and looks up, run against subjects of plain NumPy."""

import numpy as np
import pytest

from harness.findings import HandledError
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.search.stored_case import decode_case, encode
from tests.harness.integers import RULE, looking_up, outcome, program


def marking(returns):
    """A contract whose subject says which scores are positive, in the way of `returns`."""
    return program(f"""
dimensions: {{n: {{min: 1, max: 20}}}}
inputs: {{x: {{dtype: f32, shape: [n]}}}}
equations: {{mask: "where(x > 0, 1, 0)"}}
subjects: {{mark: {{arguments: {{x: x}}, returns: {{mask: {returns}}}}}}}
falsification_tests: [{{id: {RULE}, claim: "close(mark().mask, mask)"}}]
""")


@pytest.mark.parametrize("returns, right, wrong", [
    ("mask", np.int8, np.float32), ("{equation: mask, dtype: f32}", np.float32, np.int64),
])  # fmt: skip
def test_a_mask_is_returned_as_integers_or_as_the_contract_says(returns, right, wrong):
    made = marking(returns)
    assert outcome(made).verdict == SURVIVED
    assert outcome(made, mark=lambda x: {"mask": (x > 0).astype(right)}).verdict == SURVIVED
    assert outcome(made, mark=lambda x: {"mask": (x >= 0).astype(right)}).verdict == FALSIFIED
    found = outcome(made, mark=lambda x: {"mask": (x > 0).astype(wrong)})
    assert (found.verdict, found.counterexample["evidence"]["reason"]) == (FALSIFIED, "mark().mask has another type")


def test_only_integers_may_be_declared_as_real_numbers():
    with pytest.raises(HandledError, match=r"x as 'i8'.*expected one of f32, f64, bf16"):
        program(f"""
dimensions: {{n: {{min: 1, max: 20}}}}
inputs: {{x: {{dtype: f32, shape: [n]}}}}
equations: {{y: 2 * x}}
subjects: {{mark: {{arguments: {{x: x}}, returns: {{x: {{equation: y, dtype: i8}}}}}}}}
falsification_tests: [{{id: {RULE}, claim: "close(mark().x, y)"}}]
""")


# --- integers with a range -------------------------------------------------------------------------------------------


REFUSES = '[{subject: look, when: "any(ids < 0) or any(ids >= rows)", error: OutOfRange, message: "of {rows}"}]'


class OutOfRange(Exception):
    pass


def look(table, ids, size):
    if (ids < 0).any() or (ids >= size).any():
        raise OutOfRange(f"of {size}")
    return {"rows": table[ids]}


def test_ids_of_a_range_are_looked_up():
    made = looking_up("range: [0, rows - 1]")
    assert outcome(made).verdict == SURVIVED
    assert outcome(made, look=look).verdict == SURVIVED
    last = outcome(made, look=lambda table, ids, size: look(table, np.minimum(ids, max(0, size - 2)), size))
    assert last.verdict == FALSIFIED and last.counterexample["dimensions"]["n"] == 1
    assert outcome(made, look=lambda table, ids, size: look(table, ids[:1].repeat(len(ids)), size)).verdict == FALSIFIED


def test_ids_out_of_range_are_claimed_to_be_refused_on_both_sides():
    for claim in ("raises(look(ids=ids + rows))", "raises(look(ids=ids - rows))"):
        made = looking_up("range: [0, rows - 1]", claim, REFUSES)
        assert outcome(made, look=look).verdict == SURVIVED
        wraps = outcome(made, look=lambda table, ids, size: {"rows": table[ids % size]})
        assert (wraps.verdict, wraps.counterexample["evidence"]["reason"]) == (FALSIFIED, "no error")


def test_what_replaces_ids_keeps_to_their_range():
    with pytest.raises(HandledError, match=r"ids may leave its range.*expected 0 to rows - 1, got 1 to rows"):
        looking_up("range: [0, rows - 1]", "identical(look(ids=ids + 1).rows, rows(ids=ids + 1))")
    with pytest.raises(HandledError, match=r"ids may leave its range.*got integer\[n\] of any size"):
        looking_up("range: [0, rows - 1]", "identical(look(ids=ids // (1 + ids)).rows, rows)")
    made = looking_up(
        "range: [0, rows - 1]", "identical(look(ids=rows - 1 - ids).rows, rows_of_ids(ids=rows - 1 - ids))"
    )
    assert outcome(made, look=look).verdict == SURVIVED


def test_an_argument_that_its_type_does_not_hold_is_not_judged():
    made = looking_up("range: [0, rows - 1]", "raises(look(ids=ids + 100), 'OutOfRange')", REFUSES)
    found = outcome(made, look=look)
    assert "i8 does not hold 128, which the claim passes" in set(found.tally.doubts)


def test_no_call_gets_ids_beyond_their_range():
    """Nor those that follow, with other values in the same arrays: a kernel may read wherever an id points."""
    made = looking_up("range: [1, rows]", "identical(look().rows, rows)", equation="table[ids - 1]")
    asked = set()

    def kernel(most):
        def seen(table, ids, size):
            asked.update((number, size) for number in ids.tolist())
            return {"rows": table[ids - 1] * (size < most)}

        return seen

    assert outcome(made, look=kernel(20)).verdict == FALSIFIED  # with shrinking
    assert outcome(made, look=kernel(100)).verdict == SURVIVED
    assert all(1 <= number <= size for number, size in asked)


def test_the_padding_of_ids_keeps_to_the_range():
    """A kernel may look padded ids up, and leave unused what it finds."""
    made = program(f"""
dimensions: {{n: {{min: 1, max: 9}}, rows: {{min: 1, max: 9}}}}
inputs:
  table: {{dtype: i16, shape: [rows]}}
  length: {{dtype: i32, shape: [], range: [0, n]}}
  ids: {{dtype: i8, shape: [n], range: [1, rows], valid: arange(n) < length}}
equations: {{found: "where(arange(n) < length, table[ids - 1], 0)"}}
subjects: {{look: {{arguments: {{table: table, ids: ids, length: length}}, returns: {{found: found}}}}}}
falsification_tests: [{{id: {RULE}, claim: "identical(look().found, found)"}}]
""")
    assert outcome(made).verdict == SURVIVED
    asked = set()

    def look(counted):
        def kernel(table, ids, length):
            asked.update((number, len(table)) for number in ids.tolist())
            return {"found": np.where(np.arange(len(ids)) < length + counted, table[ids - 1], 0)}

        return kernel

    assert outcome(made, look=look(0)).verdict == SURVIVED
    assert outcome(made, look=look(1)).verdict == FALSIFIED
    assert all(1 <= number <= rows for number, rows in asked)


def test_a_stored_case_keeps_to_the_range():
    made = looking_up("range: [0, rows - 1]")
    ids, table = np.array([0, 4], np.int8), np.zeros((5, 2), np.int16)
    stored = {"dimensions": {"n": 2, "rows": 5}, "inputs": {"table": encode(table), "ids": encode(ids)}}
    assert decode_case(made, stored).inputs["ids"].tolist() == [0, 4]
    stored["inputs"]["ids"] = encode(np.array([0, 5], np.int8))
    with pytest.raises(HandledError, match="ids has numbers from 0 to 5, its range is 0 to 4"):
        decode_case(made, stored)


def test_a_permutation_and_its_inverse():
    made = program(f"""
dimensions: {{n: {{min: 1, max: 12}}}}
inputs: {{x: {{dtype: i16, shape: [n]}}, order: {{dtype: i32, shape: [n], values: [permutation]}}}}
equations: {{y: "x[order]"}}
subjects: {{reorder: {{arguments: {{x: x, order: order}}, returns: {{y: y}}}}}}
falsification_tests: [{{id: {RULE}, claim: "identical(reorder().y, y)"}}]
""")
    assert outcome(made, reorder=lambda x, order: {"y": x[order]}).verdict == SURVIVED
    inverse = outcome(made, reorder=lambda x, order: {"y": x[np.argsort(order)]})
    assert inverse.verdict == FALSIFIED and inverse.counterexample["dimensions"]["n"] == 3  # of two it is the same
