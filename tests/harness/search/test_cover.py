"""Which situations a case is; how often each must occur is for the engine."""

from dataclasses import replace

import numpy as np
import pytest

from harness.language.packed import Packed
from harness.language.syntax import parse
from harness.program.model import CoverProgram
from harness.search.cover import situations

CONDITIONS = {
    "zero input": "all(x == 0)",
    "one row": "rows == 1",
    "a tie": "rows > 1 and out[0] == out[rows - 1]",
    "every row ranked": "k == rows",
    "of type q8": 'has_type(m, "q8")',
}


@pytest.fixture
def met(tiny, rule):
    """The situations of a case."""
    cover = tuple(CoverProgram(name, parse(text), 0.1) for name, text in CONDITIONS.items())
    return lambda case: set(situations(tiny, replace(rule(1), cover=cover), case))


def test_each_condition_is_read_with_the_values_of_the_case(met, make_case):
    assert met(make_case([0, 0], [[1, 2]])) == {"zero input", "one row", "every row ranked", "of type q8"}
    assert met(make_case([1, 2], [[1, 2], [0, 0]])) == {"of type q8"}
    assert met(make_case([1, 2], [[2, 1], [0, 2]], k=2)) == {"a tie", "every row ranked", "of type q8"}


def test_columns_of_tables_are_read_too(tiny, rule, make_case):
    falsifier = replace(rule(6), cover=(CoverProgram("fourfold", parse("factor == 4"), 0.1),))
    case = make_case([1], [[1]])
    assert list(situations(tiny, falsifier, replace(case, table={"factor": 4}))) == ["fourfold"]
    assert list(situations(tiny, falsifier, replace(case, table={"factor": 2}))) == []


def test_overflow_is_no_reason_to_complain(met, make_case, recwarn):
    case = make_case([3e38, 3e38], [[250, 250], [250, 250]])
    assert "a tie" in met(case) and not recwarn.list  # infinity is infinity


def test_without_any_nothing_is_evaluated(tiny, rule, make_case):
    case = make_case([1], [[1]])
    broken = replace(case, inputs={"x": np.zeros(0), "m": Packed(None, (), np.zeros(0))})
    assert list(situations(tiny, rule(1), broken)) == []
