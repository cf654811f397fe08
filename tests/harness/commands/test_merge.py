"""What `harness merge` says of things that are no parts; parts of real runs are in test_run.py."""

import json
import sys

import pytest

from harness import cli

OTHER = {
    "a folder without a report": ("empty", "empty: no report in this folder"),
    "a file that is no record": ("other.json", "other.json: not a record"),
    "a record of the future": ("future.json", "written in the schema 'contract-harness/record/9'"),
    "nothing there": ("absent", "absent: cannot be read: No such file"),
}


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "other.json").write_text("{}")
    (tmp_path / "future.json").write_text(json.dumps({"schema": "contract-harness/record/9"}))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["harness", "merge", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return run


@pytest.mark.parametrize("name", OTHER)
def test_what_is_no_part_is_refused_in_a_line(call, tmp_path, name):
    path, told = OTHER[name]
    code, out, err = call(path, "--report", "merged")
    assert (code, out) == (2, "") and told in err and len(err.splitlines()) == 1
    assert not (tmp_path / "merged").exists()


def test_no_part_at_all(call):
    code, _, err = call()
    assert code == 2 and "Missing argument 'PART...'" in err


@pytest.mark.parametrize("part", ["parts/1", "parts/1/report.json"])
def test_a_part_is_not_written_over(call, tmp_path, part):
    folder = tmp_path / "parts" / "1"
    folder.mkdir(parents=True)
    (folder / "report.json").write_text("the part")
    code, out, err = call(part, "--report", "parts/../parts/1")
    assert (code, out) == (2, "") and "would be lost" in err and len(err.splitlines()) == 1
    assert (folder / "report.json").read_text() == "the part"
