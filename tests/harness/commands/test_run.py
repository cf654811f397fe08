"""`harness run` in processes of its own: killed at any moment, in parts, against an earlier report."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.report.read import read_record
from harness.report.record import lines_of

ROOT = Path(__file__).resolve().parents[3]
TINY = ROOT / "tests/harness/search/tiny.yaml"
SLOW = """
import sys, time
sys.path.insert(0, {folder!r})
from tiny_subject import product as right, staged

def product(*, x, m, size):
    time.sleep(0.003)
    return {{"out": right(x=x, m=m, size=size)["out"] * 2}}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch, write_kill_records):
    """A working directory with the tiny contract, its kill record, and an engine that is slow and wrong."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts/tiny-v1.yaml").write_text(TINY.read_text())
    write_kill_records(tmp_path / "contracts/tiny-v1.yaml")
    (tmp_path / "slow.py").write_text(SLOW.format(folder=str(TINY.parent)))
    return tmp_path


def started(*arguments):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-m", "harness", *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )


def ended(*arguments):
    command = started(*arguments)
    out, err = command.communicate(timeout=120)
    return command.returncode, out, err


RUN = ("run", "--subject", "slow", "--cases", "20", "--jobs", "2")


def children_of(process):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in listed.stdout.split()]


def running(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def all_end(processes):
    """Whether all have ended ten seconds from now; what helps them to end ends after them."""
    end = time.monotonic() + 10
    while any(map(running, processes)) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(map(running, processes))


def test_killed_at_five_random_moments_it_leaves_a_report_without_a_false_survivor(folder):
    """The moments are spread over the time that the run takes on this machine now."""
    code, _, err = ended(*RUN, "--report", "whole")
    assert (code, err) == (2, "")  # the contract has a falsifier that is an error
    whole = read_record(folder / "whole")
    truth = {line["id"]: line["verdict"] for _, line in lines_of(whole)}
    assert {"survived", "falsified", "error"} <= set(truth.values())
    interrupted = 0
    for number in range(5):
        command = started(*RUN, "--report", f"killed{number}")
        log = folder / f"killed{number}/events.jsonl"
        while not log.exists() or not log.stat().st_size:  # from here on there is something to report
            time.sleep(0.005)
        time.sleep(random.uniform(0, 0.9 * whole["run"]["seconds"]))
        workers = children_of(command.pid)
        command.kill()
        command.communicate()
        made = read_record(folder / f"killed{number}")
        verdicts = {line["id"]: line["verdict"] for _, line in lines_of(made)}
        assert all(verdict in (truth[name], "not run") for name, verdict in verdicts.items())
        assert set(verdicts) in (set(truth), set())
        if "not run" in verdicts.values() or not verdicts:
            interrupted += 1
            assert made["interrupted"] and made["exit_code"] == 2 and made["verdict"] != "survived"
            unrun = [gap for gap in made["not_tested"] if gap["what"] == "falsifiers that were not run"]
            named = sorted(name for name, verdict in verdicts.items() if verdict == "not run")
            assert sorted(shown.split()[1] for gap in unrun for shown in gap["shown"]) == named
        for path in (folder / f"killed{number}").glob("cases/*/*.json"):
            json.loads(path.read_text())
        assert all_end(workers)
    assert interrupted >= 2


def outside_run(path):
    record = json.loads(path.read_text())
    record.pop("run")
    return json.dumps(record, indent=1).splitlines()


def test_three_parts_merged_are_the_whole_run(folder):
    code, _, _ = ended(*RUN, "--report", "whole")
    for index in (1, 2, 3):
        assert ended(*RUN, "--report", f"part{index}", "--shard", f"{index}/3")[0] in (0, 1, 2)
    merged = ended("merge", "part3", "part1/report.json", "part2", "--report", "merged")
    assert (merged[0], merged[2]) == (code, "")
    assert outside_run(folder / "merged/report.json") == outside_run(folder / "whole/report.json")
    cases = {path.relative_to(folder / "whole") for path in (folder / "whole").glob("cases/*/*.json")}
    assert cases and cases == {path.relative_to(folder / "merged") for path in (folder / "merged").glob("cases/*/*")}
    for path in cases:
        assert (folder / "whole" / path).read_bytes() == (folder / "merged" / path).read_bytes()


def test_a_part_that_is_missing_is_named_and_nothing_is_written(folder):
    ended(*RUN, "--report", "part1", "--shard", "1/3", "--select", "bound")
    code, out, err = ended("merge", "part1", "--report", "merged")
    assert (code, out) == (2, "") and err == "of 3 parts, --shard 2/3, 3/3 is missing\n"
    assert not (folder / "merged").exists()


def test_a_killed_part_can_be_merged_and_names_what_it_did_not_run(folder):
    ended(*RUN, "--report", "part1", "--shard", "1/2")
    command = started(*RUN, "--report", "part2", "--shard", "2/2", "--jobs", "1")
    log = folder / "part2/events.jsonl"
    while not log.exists() or '"begun"' not in log.read_text():
        time.sleep(0.003)
    command.kill()
    command.communicate()
    code, out, _ = ended("merge", "part1", "part2", "--report", "merged")
    made = read_record(folder / "merged")
    assert code == 2 and made["interruption"].startswith("part 2: interrupted")
    assert "NOT RUN" in out and len(lines_of(made)) == 10


def test_against_an_earlier_report_in_the_very_folder_that_is_written_to(folder):
    arguments = ("--cases", "20", "--jobs", "1", "--select", "bound", "--report", "r")
    ended("run", "--subject", "reference", *arguments)
    code, out, err = ended("run", "--subject", "reference:FAULT-TINY-001", *arguments, "--baseline", "r")
    assert (code, err) == (1, "")
    assert "since the baseline (reference, survived): 1 new, 0 known, 0 changed, 0 fixed, 0 gone" in " ".join(
        out.split()
    )
    code, out, _ = ended("run", "--subject", "reference", *arguments, "--baseline", "r/report.json")
    assert code == 0 and "fixed: FALSIFY-TINY-001" in out


def test_ctrl_c_leaves_a_report_and_no_process(folder):
    command = started(*RUN, "--cases", "2000", "--report", "r")
    while not (folder / "r/events.jsonl").exists() or '"begun"' not in (folder / "r/events.jsonl").read_text():
        time.sleep(0.003)
    workers = children_of(command.pid)
    os.killpg(command.pid, signal.SIGINT)
    _, err = command.communicate(timeout=30)
    assert (command.returncode, err) == (2, "")
    assert read_record(folder / "r")["interruption"] == "interrupted"
    assert all_end(workers)
