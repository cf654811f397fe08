from pathlib import Path

import pytest

from harness.findings import HandledError
from harness.run.plan import Order
from harness.run.work import run_one, search_for, survey, work
from harness.search.outcome import ERROR, SURVIVED

TINY = str(Path(__file__).parents[1] / "search/tiny.yaml")


def test_an_undeclared_fault_is_the_users_mistake():
    with pytest.raises(HandledError, match="unknown fault 'FAULT-TINY-009'; did you mean 'FAULT-TINY-001'"):
        survey(Order((TINY,), "reference:FAULT-TINY-009"))


def test_work_is_a_survey_or_one_falsifier():
    order = Order((TINY,), "reference", 20)
    assert work(order).missing == {"tiny": ()}
    assert work((order, "tiny", "FALSIFY-TINY-005")).verdict == SURVIVED
    assert search_for(order, "tiny", "FALSIFY-TINY-005").cases == 20


def test_a_defect_of_the_harness_is_an_error_of_its_falsifier(monkeypatch):
    monkeypatch.setattr("harness.search.engine.Search.run", lambda self: 1 // 0)
    outcome = run_one(Order((TINY,), "reference", 20), "tiny", "FALSIFY-TINY-005")
    assert (outcome.verdict, outcome.reason) == (ERROR, "ZeroDivisionError: integer division or modulo by zero")
