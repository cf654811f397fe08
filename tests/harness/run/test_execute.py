"""Whole runs in worker processes, with subjects that do their worst."""

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from harness.findings import HandledError
from harness.run.execute import Searching, Started, execute, one_thread, prepare_plan
from harness.run.plan import Order, Result
from harness.run.work import work
from harness.run.workers import Crew
from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN, SURVIVED, UNDECIDED, VACUOUS, Outcome
from harness.subjects.interrupt import Interrupted, user_interrupts

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


def run(order, jobs, tell=lambda event: None):
    """A run of `jobs` processes, told of event by event: its plan and its outcomes."""
    outcomes = {}
    with user_interrupts(), Crew(work, jobs) as crew:
        plan = prepare_plan(order, crew)
        try:
            for event in execute(order, plan, crew):
                if isinstance(event, Outcome):
                    outcomes[event.contract, event.falsifier] = event
                tell(event)
        except Interrupted:
            return Result(plan, outcomes, interrupted=True)
    return Result(plan, {key: outcomes[key] for key in plan.tasks})


def told(result):
    return [(outcome.falsifier[-3:], outcome.verdict) for outcome in result.outcomes.values()]


EXPECTED = [SURVIVED] * 6 + [UNDECIDED, VACUOUS, ERROR, SURVIVED]


def first(result):
    return next(iter(result.outcomes.values()))


def stripped(result):
    return [
        (o.contract, o.falsifier, o.verdict, o.reason, o.tally, o.exhausted, o.counterexample)
        for o in result.outcomes.values()
    ]


def test_one_process_and_two_give_equal_outcomes_in_the_order_of_the_contract(engine):
    order = engine("def staged(*, x, m, k): return {'out': x}\n")
    events = []
    one = run(order, 1, events.append)
    two = run(order, 2)
    assert stripped(one) == stripped(two)
    assert len([event for event in events if isinstance(event, Outcome)]) == 10
    assert [event.key for event in events if isinstance(event, Started)] == list(one.outcomes) == list(one.plan.tasks)
    assert [verdict for _, verdict in told(one)] == [
        FALSIFIED if place in (2, 6) else verdict for place, verdict in enumerate(EXPECTED)
    ]


def test_a_subject_that_kills_its_process_is_an_error_of_those_falsifiers_alone(engine):
    order = engine("def staged(**arguments): os._exit(3)\n")
    result = run(order, 2)
    by_id = {outcome.falsifier: outcome for outcome in result.outcomes.values()}
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
        run(engine(text), 1)


def test_not_offered_and_claimed_but_missing(engine):
    nothing = run(engine("CLAIMS = []\n", "shy"), 1)
    assert (nothing.outcomes, nothing.plan.not_offered) == ({}, ["tiny"])
    lacking = run(engine("CLAIMS = ['tiny', 'tinny']\ndel staged\n", "boaster"), 1)
    assert {outcome.verdict for outcome in lacking.outcomes.values()} == {NOT_RUN}
    assert first(lacking).reason == "boaster claims tiny but offers no staged()"
    assert lacking.plan.unknown_claims == ["tinny"]


def test_ctrl_c_keeps_what_is_done_and_names_what_is_not_run(engine):
    order = engine("def staged(**arguments): time.sleep(60)\n")
    timer = threading.Timer(60, os.kill, (os.getpid(), signal.SIGINT))  # in case the second falsifier never comes

    def interrupting(event):
        if isinstance(event, Outcome) and event.falsifier.endswith("002"):
            os.kill(os.getpid(), signal.SIGINT)

    timer.start()
    result = run(order, 1, interrupting)
    timer.cancel()
    assert result.interrupted
    assert told(result) == [("001", SURVIVED), ("002", SURVIVED)] and len(result.plan.tasks) == 10


def test_a_selection_runs_alone(engine):
    result = run(Order((TINY,), "reference", 20, select="zero in"), 1)
    assert told(result) == [("005", SURVIVED)]


@pytest.mark.parametrize(("said", "kept"), [(None, "1"), ("4", "4")])
def test_one_thread_unless_the_user_says_otherwise(monkeypatch, said, kept):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", said or "")
    if said is None:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    one_thread()
    assert os.environ["OPENBLAS_NUM_THREADS"] == kept


def test_a_subject_that_hangs_is_an_error_of_its_falsifiers_and_names_the_case(engine):
    order = engine("def staged(**arguments): time.sleep(600)\n")
    result = run(replace(order, timeout=8.0), 2)
    by_id = {outcome.falsifier: outcome for outcome in result.outcomes.values()}
    for number in ("003", "007"):
        hung = by_id[f"FALSIFY-TINY-{number}"]
        assert hung.verdict == ERROR
        assert hung.reason.startswith("the subject did not return within 8 s; the last case tried: rows=")
    assert by_id["FALSIFY-TINY-001"].verdict == SURVIVED and len(result.outcomes) == 10


def test_many_slow_cases_are_no_hanging(engine):
    order = engine("def product(*, x, m, size, f=product): time.sleep(0.4); return f(x=x, m=m, size=size)\n")
    events = []
    result = run(replace(order, timeout=6.0, select="derived bound"), 1, events.append)
    news = [event.news for event in events if isinstance(event, Searching)]
    assert told(result) == [("001", SURVIVED)]
    assert first(result).seconds > 6
    assert len(news) >= 2 and 0 < news[-1].cases <= 20


def test_a_subject_that_hangs_on_import_is_refused(engine, monkeypatch):
    monkeypatch.setattr("harness.run.workers.START_UP", 2.0)
    with pytest.raises(HandledError, match="cannot be imported: it did not return within 2 s"):
        run(replace(engine("time.sleep(600)\n"), timeout=2.0), 1)


def test_a_crash_names_the_case(engine):
    result = run(replace(engine("def product(**arguments): os._exit(3)\n"), select="derived bound"), 1)
    assert first(result).reason.startswith("the subject ended the process (exit code 3); the last case tried: ")


def test_parts_together_have_the_outcomes_of_the_whole(engine):
    order = engine("def staged(*, x, m, k): return {'out': x}\n")
    whole = run(order, 1)
    parts = [run(replace(order, shard=(index, 3)), 1) for index in (1, 2, 3)]
    assert {part.plan.of for part in parts} == {10} and [len(part.plan.tasks) for part in parts] == [4, 3, 3]
    together = {line[1]: line for part in parts for line in stripped(part)}
    assert [together[line[1]] for line in stripped(whole)] == stripped(whole)


CHANGES_ITS_PROCESS = {
    "NumPy raises": "import numpy as np\nnp.seterr(all='raise')\n",
    "warnings raise": "import warnings\nwarnings.simplefilter('error')\n",
    "another folder": "os.chdir('/')\n",
    "no standard output": "sys.stdout.close()\nsys.stdout = None\n",
    "few levels of recursion": "sys.setrecursionlimit(sys.getrecursionlimit() // 4)\n",
    "no clock": "time.time = time.monotonic = time.perf_counter = lambda: -1e15\n",
}


@pytest.mark.parametrize("text", CHANGES_ITS_PROCESS.values(), ids=CHANGES_ITS_PROCESS)
def test_a_correct_subject_that_changes_its_process_is_judged_as_ever(engine, text):
    result = run(engine(text), 1)
    assert [verdict for _, verdict in told(result)] == EXPECTED
    assert all(0 <= outcome.seconds < 600 for outcome in result.outcomes.values())


def test_a_subject_that_forks_and_returns_is_judged_once(engine):
    text = """
whole = product
def product(**arguments):
    returned = whole(**arguments)
    os.fork()
    return returned
"""
    result = run(engine(text), 2)
    assert [verdict for _, verdict in told(result)] == EXPECTED


EDITS_AND_DIES = """
whole = product
def product(**arguments):
    if not os.path.exists("edited"):
        open("edited", "w").close()
        {edit}
        os.kill(os.getpid(), 9)
    return whole(**arguments)
"""


def edited_while_it_runs(engine, edit, contract=TINY):
    order = replace(engine(EDITS_AND_DIES.format(edit=edit)), contracts=(contract,))
    outcomes = list(run(order, 1).outcomes.values())
    dead = next(index for index, outcome in enumerate(outcomes) if "SIGKILL" in outcome.reason)
    assert dead < len(outcomes) - 1
    assert {outcome.verdict for outcome in outcomes[dead:]} == {ERROR}
    return {outcome.reason for outcome in outcomes[dead + 1 :]}


def test_a_subject_that_is_edited_is_not_tried_under_its_old_digest(engine):
    reasons = edited_while_it_runs(engine, "open(__file__, 'a').write('# edited')")
    assert reasons == {"engine.py changed after the run was planned: run again"}


def test_a_contract_that_is_edited_is_not_tried_under_its_old_digest(engine, tmp_path):
    path = tmp_path / "tiny-v1.yaml"
    path.write_text(Path(TINY).read_text())
    edit = (
        f"text = open({str(path)!r}).read(); open({str(path)!r}, 'w').write(text.replace('version: 1', 'version: 2'))"
    )
    reasons = edited_while_it_runs(engine, edit, str(path))
    assert reasons == {f"{path} changed after the run was planned: run again"}


def test_a_contract_that_is_broken_meanwhile_is_named(engine, tmp_path):
    path = tmp_path / "tiny-v1.yaml"
    path.write_text(Path(TINY).read_text())
    (reason,) = edited_while_it_runs(engine, f"open({str(path)!r}, 'w').write('x')", str(path))
    assert reason.startswith(f"cannot be loaded again as it was planned: {path}:1:1")


@pytest.mark.parametrize("text", [
    "class Claims(list):\n    def __iter__(self): raise SystemExit('no')\nCLAIMS = Claims(['tiny'])\n",
    "from itertools import *\nclass Claims(list):\n    def __iter__(self): return repeat('x')\nCLAIMS = Claims()\n",
    "def __getattr__(name): raise RuntimeError('no')\n",
])  # fmt: skip
def test_claims_that_cannot_be_read_are_one_line(engine, text):
    with pytest.raises(HandledError) as error:
        run(engine(text), 1)
    assert "cannot be read" in str(error.value) and "\n" not in str(error.value)
