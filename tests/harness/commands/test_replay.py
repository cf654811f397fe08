"""`harness replay` far from where the case was found, on code that is right by now."""

import json
import sys
from pathlib import Path

import pytest

from harness import cli
from harness.run.plan import Order
from harness.session import run_session

TINY = Path(__file__).parents[1] / "search/tiny.yaml"


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """The bytes of a stored case; its report is gone."""
    folder = tmp_path_factory.mktemp("report")
    run_session(Order((str(TINY),), "reference:FAULT-TINY-001", 20, select="bound"), "20 cases", 1, folder)
    return (folder / "cases/tiny/FALSIFY-TINY-001.json").read_bytes()


@pytest.fixture
def call(tmp_path, monkeypatch, capsys, case):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.json").write_bytes(case)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["harness", "replay", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return run


def test_the_case_file_is_enough(call):
    code, out, err = call("case.json", str(TINY), "--subject", "reference:FAULT-TINY-001")
    assert (code, err) == (1, "")
    assert (
        "the subject DIFFERS HERE FIRST" in out
        and "Stages of staged(): out DIFFERS FIRST > squares ok > best ok" in out
    )


def test_on_code_that_is_right_by_now_it_holds(call):
    code, out, err = call("case.json", str(TINY), "--subject", "reference")
    assert (code, out) == (0, "SURVIVED: FALSIFY-TINY-001 holds on this case with reference\n")
    assert err == "note: this case was found with the subject reference:FAULT-TINY-001\n"


def test_what_a_case_says_of_its_subject_is_told_and_never_run(call, tmp_path):
    stored = json.loads((tmp_path / "case.json").read_text())
    (tmp_path / "evil.py").write_text("raise SystemExit('run')\n")
    (tmp_path / "case.json").write_text(json.dumps(stored | {"subject": "evil\x1b[2J"}))
    code, _, err = call("case.json", str(TINY), "--subject", "reference")
    assert code == 0 and err == "note: this case was found with the subject evil\\x1b[2J\n"


def test_a_refusal_has_an_end(call, tmp_path):
    stored = json.loads((tmp_path / "case.json").read_text())
    stored["inputs"]["x"]["shape"] = [1] * 30_000
    (tmp_path / "case.json").write_text(json.dumps(stored))
    code, _, err = call("case.json", str(TINY), "--subject", "reference")
    assert code == 2 and err.count("\n") == 1 and len(err) < 700
    stored["falsifier"] = "F" * 60_000
    (tmp_path / "case.json").write_text(json.dumps(stored))
    code, _, err = call("case.json", str(TINY), "--subject", "reference")
    assert code == 2 and len(err) < 900
