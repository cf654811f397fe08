"""Whole runs in worker processes, with subjects that do their worst."""

import os
import signal
import threading
from pathlib import Path

import pytest

from harness.findings import HandledError
from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN, SURVIVED, UNDECIDED, VACUOUS
from harness.search.run import Order, execute, run_one, search_for, survey, work

TINY = str(Path(__file__).with_name("tiny.yaml"))
HERE = Path(__file__).parent


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """A subject made of the correct functions, with some lines after them."""
    monkeypatch.chdir(tmp_path)

    def make(text="", name="engine"):
        source = f"import os, time, sys\nsys.path.insert(0, {str(HERE)!r})\nfrom conftest import product, staged\n"
        (tmp_path / f"{name}.py").write_text(source + text)
        return Order((TINY,), name, 20)

    return make


def told(result):
    return [(outcome.falsifier[-3:], outcome.verdict) for outcome in result.outcomes]


EXPECTED = [SURVIVED] * 6 + [UNDECIDED, VACUOUS, ERROR, SURVIVED]


def stripped(result):
    return [
        (o.contract, o.falsifier, o.verdict, o.reason, o.tally, o.exhausted, o.counterexample) for o in result.outcomes
    ]


def test_one_process_and_two_give_equal_outcomes_in_the_order_of_the_contract(engine):
    order = engine("def staged(*, x, m, k): return {'out': x}\n")
    seen = []
    one = execute(order, 1, lambda outcome, total: seen.append((outcome.falsifier, total)))
    two = execute(order, 2)
    assert stripped(one) == stripped(two)
    assert len(seen) == 10 and {total for _, total in seen} == {10}
    assert [verdict for _, verdict in told(one)] == [
        FALSIFIED if place in (2, 6) else verdict for place, verdict in enumerate(EXPECTED)
    ]


def test_a_subject_that_kills_its_process_is_an_error_of_those_falsifiers_alone(engine):
    order = engine("def staged(**arguments): os._exit(3)\n")
    result = execute(order, 2)
    by_id = {outcome.falsifier: outcome for outcome in result.outcomes}
    assert by_id["FALSIFY-TINY-003"].verdict == by_id["FALSIFY-TINY-007"].verdict == ERROR
    assert by_id["FALSIFY-TINY-003"].reason == "the subject ended the process (exit code 3)"
    assert by_id["FALSIFY-TINY-001"].verdict == SURVIVED


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("os._exit(0)", "ends the process that imports it"),
        ("raise SystemExit(0)", "cannot be imported: SystemExit: 0"),
        ("CLAIMS = 'tiny'", "CLAIMS is 'tiny', expected a list"),
    ],
)
def test_a_subject_that_cannot_be_loaded(engine, text, told):
    with pytest.raises(HandledError, match=told):
        execute(engine(text), 1)


def test_not_offered_and_claimed_but_missing(engine):
    nothing = execute(engine("CLAIMS = []\n", "shy"), 1)
    assert (nothing.outcomes, nothing.not_offered) == ([], ["tiny"])
    lacking = execute(engine("CLAIMS = ['tiny', 'tinny']\ndel staged\n", "boaster"), 1)
    assert {outcome.verdict for outcome in lacking.outcomes} == {NOT_RUN}
    assert lacking.outcomes[0].reason == "boaster claims tiny but offers no staged()"
    assert lacking.unknown_claims == ["tinny"]


def test_ctrl_c_keeps_what_is_done_and_names_what_is_not_run(engine):
    order = engine("def staged(**arguments): time.sleep(60)\n")
    timer = threading.Timer(5, os.kill, (os.getpid(), signal.SIGINT))  # in case the second falsifier never comes

    def interrupt(outcome, total):
        if outcome.falsifier.endswith("002"):
            os.kill(os.getpid(), signal.SIGINT)

    timer.start()
    result = execute(order, 1, interrupt)
    timer.cancel()
    assert result.interrupted
    assert [verdict for _, verdict in told(result)] == [SURVIVED] * 2 + [NOT_RUN] * 8
    assert {outcome.reason for outcome in result.outcomes[2:]} == {"interrupted"}


def test_a_selection_runs_alone(engine):
    result = execute(Order((TINY,), "reference", 20, select="zero in"), 1)
    assert told(result) == [("005", SURVIVED)]


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
