""""""

import pytest

from harness.gate.meaning.domains.containment import (
    DomainDiff,
    case_text,
    compared_rows,
    contained,
    row_key,
    where_admits,
)
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import view

COLUMNS = {"a": "integer", "word": "text", "note": "text"}


def space(contract, rows, where="a > 1"):
    rule = {"claim": 'run().e == e and "x" != word', "over": ["pairs"], "where": where}
    tests = {"F-1": {**rule, "claim": 'all(run().e == 0 * a + e) and word != "w"'}}
    return_ = contract({"e": "size + 1"}, tests, tables={"pairs": {"columns": COLUMNS, "rows": rows}})
    made = view(return_)
    return Space(made, made.rules["FALSIFY-F-1"])


def test_rows_are_compared_by_the_columns_that_are_read(contract):
    pair = space(contract, [[1, "x", "one"], [2, "v", "two"]]), space(contract, [[2, "v", "zwei"], [1, "x", "eins"]])
    rows, columns, same = compared_rows(pair)
    assert columns == {"a", "word"} and same and len(rows[0]) == len(rows[1]) == 2
    assert row_key(rows[0][0], columns) == row_key({"word": "x", "a": 1, "note": "other"}, columns)
    assert case_text({"k": 3}, {"a": 1, "word": "x", "note": "n"}, columns) == "k = 3, a = 1, word = 'x'"


def test_where_takes_numbers_and_rows(contract):
    made = space(contract, [[1, "x", "one"], [2, "v", "two"]])
    assert [where_admits(made, {}, row) for row in made.rule.rows] == [False, True]


def between(contract, least, most):
    dimensions = {"size": {"min": 1, "max": 24}, "rows": {"min": 1, "max": 10**6}, "k": {"min": least, "max": most}}
    return Space(view(contract({"e": "x + z"}, dimensions=dimensions)))


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ((1, "rows"), (1, "rows + 1"), False, True),
        ((1, "rows + 1"), (1, "rows"), True, False),
        ((1, "rows"), (0, "rows + 2"), False, True),
        ((1, "2 * rows"), (1, "rows + rows"), False, False),
        ((1, "rows"), (2, "rows + 1"), True, True),
    ],
)
def test_ranges_with_ends_in_other_dimensions(contract, old, new, gone, come):
    balance = DomainDiff()
    pair = between(contract, *old), between(contract, *new)
    contained(pair, [("rows", "k")] * 2, [[{}], [{}]], set(), True, balance)
    assert (bool(balance.gone), bool(balance.come)) == (gone, come)
    assert not balance.open_ and balance.n > 1000


def test_what_is_only_sampled_stays_open(contract):
    balance = DomainDiff()
    pair = between(contract, 1, "rows"), between(contract, 1, "rows")
    contained(pair, [("rows", "k")] * 2, [[{}], [{}]], set(), False, balance)
    assert balance.open_ and balance.evidence(False).relation == "undecidable"
