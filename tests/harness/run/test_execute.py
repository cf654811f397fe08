"""Whole runs in worker processes, with subjects that do their worst."""

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from harness.findings import HandledError
from harness.run.execute import Order, execute, one_thread, run_one, search_for, survey, work
from harness.run.plan import dealt
from harness.run.watch import Watch
from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN, SURVIVED, UNDECIDED, VACUOUS

TINY = str(Path(__file__).parents[1] / "search/tiny.yaml")


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """A subject made of the correct functions, with some lines after them."""
    monkeypatch.chdir(tmp_path)

    def make(text="", name="engine"):
        here = str(Path(TINY).parent)
        source = f"import os, time, sys\nsys.path.insert(0, {here!r})\nfrom tiny_subject import product, staged\n"
        (tmp_path / f"{name}.py").write_text(source + text)
        return Order((TINY,), name, 20)

    return make


class Seen(Watch):
    """Remembers what it is told."""

    def __init__(self):
        self.begun_ones, self.ended_ones, self.all_news = [], [], []

    def begun(self, key):
        self.begun_ones.append(key)

    def news(self, key, news):
        self.all_news.append((key[1], news))

    def ended(self, outcome, total):
        self.ended_ones.append((outcome.falsifier, total))


def told(result):
    return [(outcome.falsifier[-3:], outcome.verdict) for outcome in result.outcomes]


EXPECTED = [SURVIVED] * 6 + [UNDECIDED, VACUOUS, ERROR, SURVIVED]


def stripped(result):
    return [
        (o.contract, o.falsifier, o.verdict, o.reason, o.tally, o.exhausted, o.counterexample) for o in result.outcomes
    ]


def test_one_process_and_two_give_equal_outcomes_in_the_order_of_the_contract(engine):
    order = engine("def staged(*, x, m, k): return {'out': x}\n")
    seen = Seen()
    one = execute(order, 1, seen)
    two = execute(order, 2)
    assert stripped(one) == stripped(two)
    assert len(seen.ended_ones) == 10 and {total for _, total in seen.ended_ones} == {10}
    assert seen.begun_ones == [(outcome.contract, outcome.falsifier) for outcome in one.outcomes] == one.tasks
    assert [verdict for _, verdict in told(one)] == [
        FALSIFIED if place in (2, 6) else verdict for place, verdict in enumerate(EXPECTED)
    ]


def test_a_subject_that_kills_its_process_is_an_error_of_those_falsifiers_alone(engine):
    order = engine("def staged(**arguments): os._exit(3)\n")
    result = execute(order, 2)
    by_id = {outcome.falsifier: outcome for outcome in result.outcomes}
    assert by_id["FALSIFY-TINY-003"].verdict == by_id["FALSIFY-TINY-007"].verdict == ERROR
    assert by_id["FALSIFY-TINY-003"].reason.startswith("the subject ended the process (exit code 3); ")
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
    timer = threading.Timer(60, os.kill, (os.getpid(), signal.SIGINT))  # in case the second falsifier never comes

    class Interrupting(Watch):
        def ended(self, outcome, total):
            if outcome.falsifier.endswith("002"):
                os.kill(os.getpid(), signal.SIGINT)

    timer.start()
    result = execute(order, 1, Interrupting())
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


@pytest.mark.parametrize(("said", "kept"), [(None, "1"), ("4", "4")])
def test_one_thread_unless_the_user_says_otherwise(monkeypatch, said, kept):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", said or "")
    if said is None:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    one_thread()
    assert os.environ["OPENBLAS_NUM_THREADS"] == kept


def test_work_is_a_survey_or_one_falsifier():
    order = Order((TINY,), "reference", 20)
    assert work(order).missing == {"tiny": ()}
    assert work((order, "tiny", "FALSIFY-TINY-005")).verdict == SURVIVED
    assert search_for(order, "tiny", "FALSIFY-TINY-005").cases == 20


def test_a_defect_of_the_harness_is_an_error_of_its_falsifier(monkeypatch):
    monkeypatch.setattr("harness.search.engine.Search.run", lambda self: 1 // 0)
    outcome = run_one(Order((TINY,), "reference", 20), "tiny", "FALSIFY-TINY-005")
    assert (outcome.verdict, outcome.reason) == (ERROR, "ZeroDivisionError: integer division or modulo by zero")


def test_a_subject_that_hangs_is_an_error_of_its_falsifiers_and_names_the_case(engine):
    order = engine("def staged(**arguments): time.sleep(600)\n")
    result = execute(replace(order, timeout=8.0), 2)
    by_id = {outcome.falsifier: outcome for outcome in result.outcomes}
    for number in ("003", "007"):
        hung = by_id[f"FALSIFY-TINY-{number}"]
        assert hung.verdict == ERROR
        assert hung.reason.startswith("the subject did not return within 8 s; the last case tried: rows=")
    assert by_id["FALSIFY-TINY-001"].verdict == SURVIVED and len(result.outcomes) == 10


def test_many_slow_cases_are_no_hanging(engine):
    order = engine("def product(*, x, m, size, f=product): time.sleep(0.4); return f(x=x, m=m, size=size)\n")
    seen = Seen()
    result = execute(replace(order, timeout=6.0, select="derived bound"), 1, seen)
    assert told(result) == [("001", SURVIVED)]
    assert result.outcomes[0].seconds > 6
    assert len(seen.all_news) >= 2 and 0 < seen.all_news[-1][1].cases <= 20


def test_a_subject_that_hangs_on_import_is_refused(engine, monkeypatch):
    monkeypatch.setattr("harness.run.workers.START_UP", 2.0)
    with pytest.raises(HandledError, match="cannot be imported: it did not return within 2 s"):
        execute(replace(engine("time.sleep(600)\n"), timeout=2.0), 1)


def test_a_crash_names_the_case(engine):
    result = execute(replace(engine("def product(**arguments): os._exit(3)\n"), select="derived bound"), 1)
    assert result.outcomes[0].reason.startswith("the subject ended the process (exit code 3); the last case tried: ")


@pytest.mark.parametrize("of", [1, 2, 3, 11])
def test_parts_are_a_partition(of):
    tasks = [("tiny", f"FALSIFY-TINY-{number:03}") for number in range(10)]
    parts = [dealt(tasks, (index, of)) for index in range(1, of + 1)]
    assert sorted(key for part in parts for key in part) == tasks
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_parts_together_have_the_outcomes_of_the_whole(engine):
    order = engine("def staged(*, x, m, k): return {'out': x}\n")
    whole = execute(order, 1)
    parts = [execute(replace(order, shard=(index, 3)), 1) for index in (1, 2, 3)]
    assert {part.of for part in parts} == {10} and [len(part.tasks) for part in parts] == [4, 3, 3]
    together = {line[1]: line for part in parts for line in stripped(part)}
    assert [together[line[1]] for line in stripped(whole)] == stripped(whole)
