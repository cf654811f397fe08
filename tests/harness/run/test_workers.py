import os
import signal
import time

import pytest

from harness.findings import HandledError
from harness.run.workers import Crew, Died, _Waiting


def work(task):
    kind, number = task
    match kind:
        case "exit":
            os._exit(number)
        case "kill":
            os.kill(os.getpid(), number)
        case "refuse":
            raise HandledError("not like this")
        case "slow":
            time.sleep(0.2)
        case "close":
            os.closerange(3, 64)
        case "waits":
            return os.environ.get("OMP_WAIT_POLICY")
        case "print":
            print("printed", flush=True)
        case "interrupt":
            os.kill(os.getpid(), signal.SIGINT)
    return number * number


@pytest.fixture(scope="module")
def answers():
    """Twelve tasks on two processes, three of which end theirs."""
    tasks = [("plain", number) for number in range(9)]
    tasks[2:2] = [("exit", 3)]
    tasks[5:5] = [("kill", signal.SIGKILL)]
    tasks.append(("exit", 0))
    with Crew(work, 2) as crew:
        return dict(crew.spread(tasks))


def test_every_task_is_answered(answers):
    assert {number: answers["plain", number] for number in range(9)} == {number: number**2 for number in range(9)}


def test_the_culprits_are_known(answers):
    died = {task: str(answer) for task, answer in answers.items() if isinstance(answer, Died)}
    assert died == {("exit", 3): "exit code 3", ("exit", 0): "exit code 0", ("kill", 9): "killed by SIGKILL"}


def test_a_mistake_of_the_user_is_raised_here_and_interrupts_do_not_reach_the_workers():
    with Crew(work, 1) as crew:
        assert crew.ask(("interrupt", 5)) == 25
        with pytest.raises(HandledError, match="not like this"):
            crew.ask(("refuse", 1))
        assert list(crew.spread([])) == []


@pytest.mark.parametrize(("said", "expected"), [(None, "passive"), ("active", "active")])
def test_threads_of_a_subject_do_not_spin_unless_somebody_says_so(monkeypatch, said, expected):
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    if said:
        monkeypatch.setenv("OMP_WAIT_POLICY", said)
    with Crew(work, 1) as crew:
        assert crew.ask(("waits", 0)) == expected


def test_leaving_ends_the_processes():
    with Crew(work, 2) as crew:
        spread = crew.spread([("slow", 1), ("slow", 2), ("slow", 3)])
        next(spread)
        workers = list(crew.workers)
    assert all(not worker.process.is_alive() for worker in workers)


def test_a_task_that_closes_the_pipe_is_a_culprit_without_a_traceback(capfd):
    with Crew(work, 1) as crew:
        found = dict(crew.spread([("close", 9)]))
    assert isinstance(found["close", 9], Died)
    assert "Traceback" not in capfd.readouterr().err


def test_what_a_task_prints_is_no_part_of_the_report(capfd):
    with Crew(work, 1) as crew:
        assert crew.ask(("print", 3)) == 9
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "printed\n")


def test_a_worker_stays_with_a_group_and_helps_where_most_is_left():
    waiting = _Waiting(["a1", "b1", "a2", "c1", "c2", "c3"], lambda task: task[0])
    assert [waiting.take("first"), waiting.take("second"), waiting.take("first")] == ["a1", "b1", "a2"]
    assert [waiting.take("second"), waiting.take("first"), waiting.take("second")] == ["c1", "c2", "c3"]
    assert not waiting
