"""Workers end with the process that leads them, even when that is killed in the middle of their work."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.run.parent_death import end_with_parent

ROOT = Path(__file__).parents[3]
LEADER = """
import sys, time
from pathlib import Path
from harness.run.workers import Begun, Crew

def work(task):
    Path(task).write_text(str(__import__("os").getpid()))
    {hang}

if __name__ == "__main__":
    with Crew(work, 2) as crew:
        for _ in crew.spread(sys.argv[1:]):
            pass
"""


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def waited_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


@pytest.mark.parametrize(
    "hang", ["time.sleep(600)", "[None for _ in iter(int, 1)]", "__import__('re').match('(a*)*b', 'a' * 60)"],
    ids=["asleep", "busy in Python", "busy in C, which lets no other thread run"],
)  # fmt: skip
def test_workers_end_when_their_leader_is_killed(tmp_path, hang):
    (tmp_path / "leader.py").write_text(LEADER.format(hang=hang))
    files = [tmp_path / "one", tmp_path / "two"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    leader = subprocess.Popen([sys.executable, tmp_path / "leader.py", *files], env=environment)
    try:
        assert waited_for(lambda: all(path.exists() and path.read_text() for path in files))
        workers = [int(path.read_text()) for path in files]
        assert all(map(alive, workers))
    finally:
        leader.send_signal(signal.SIGKILL)
        leader.wait()
    assert waited_for(lambda: not any(map(alive, workers)))


def test_the_leading_process_itself_goes_on():
    end_with_parent()
