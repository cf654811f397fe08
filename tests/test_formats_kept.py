"""Files as version 0.1.0 wrote them are read today; the same files from a later version are refused by its name."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from harness import cli
from harness.program.collection import load
from harness.teeth.record import read_kill_record, stale

KEPT = Path(__file__).parent / "data/0.1.0"
FAULT = "reference:FAULT-TINY-001"  # the subject that the case was found with


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Exit code, output and errors of one command, beside copies of the files."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(KEPT, tmp_path, dirs_exist_ok=True)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["harness", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return call


REPORT = "report/report.json"
LOG = "report/events.jsonl"
CASE = "report/cases/tiny/FALSIFY-TINY-001.json"
KILLS = "tiny/teeth/tiny-v1.json"
RELEASES = "tiny/released/digests.json"


@pytest.mark.parametrize("file", [REPORT, LOG])
def test_a_record_and_the_log_of_its_run_are_read(run, file):
    code, out, err = run("report", file)
    assert (code, err) == (0, "") and "FALSIFIED  FALSIFY-TINY-001  The products are within the derived bound" in out


def test_a_stored_case_is_replayed(run):
    code, out, err = run("replay", CASE, "tiny", "--subject", FAULT)
    assert (code, err) == (1, "") and out.startswith("FALSIFIED: FALSIFY-TINY-001 still fails on this case")
    code, out, _ = run("replay", CASE, "tiny", "--subject", "reference")
    assert (code, out) == (0, "SURVIVED: FALSIFY-TINY-001 holds on this case with reference\n")


def test_a_kill_record_is_made_anew():
    """It depended on the text of the code; nothing that it says can be held against a version."""
    (program,) = load((str(KEPT / "tiny"),))
    assert read_kill_record(program) is None and stale(program, None)


def test_a_frozen_release_is_compared_with(run, tmp_path):
    code, out, _ = run("gate", "tiny")
    assert code == 0
    contract = tmp_path / "tiny/tiny-v1.yaml"
    contract.write_text(contract.read_text().replace("size: {min: 1, max: 8}", "size: {min: 1, max: 7}"))
    code, out, _ = run("gate", "tiny")
    assert code == 1 and "tiny" in out


@pytest.mark.parametrize(
    ("file", "command"),
    [
        (REPORT, ("report", REPORT)),
        (CASE, ("replay", CASE, "tiny", "--subject", FAULT)),
        (RELEASES, ("gate", "tiny")),
    ],
)
def test_a_later_version_is_refused_by_its_name(run, tmp_path, file, command):
    path = tmp_path / file
    stored = json.loads(path.read_text())
    later = f"{stored.get('schema', 'contract-harness/case/1')[:-1]}99"
    path.write_text(json.dumps({**stored, "schema": later}))
    code, out, err = run(*command)
    assert (code, out) == (2, "")
    assert err.startswith(f"{file}:") and f"in the schema '{later}'" in err and len(err.splitlines()) == 1


def test_a_kill_record_of_a_later_version_is_stale_by_its_name(run, tmp_path):
    path = tmp_path / KILLS
    later = "contract-harness/teeth/99"
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema": later}))
    code, out, _ = run("teeth", "--check", "tiny", "--subject", "reference")
    assert code == 1 and f"in the schema {later!r}" in " ".join(out.split())


def test_a_log_of_a_later_version_is_refused_by_its_name(run, tmp_path):
    path = tmp_path / LOG
    path.write_text(path.read_text().replace("contract-harness/events/1", "contract-harness/events/99"))
    code, out, err = run("report", LOG)
    assert (code, out) == (2, "") and "contract-harness/events/99" in err and len(err.splitlines()) == 1
