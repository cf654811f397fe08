"""`harness teeth` as a user meets it."""

import json
import sys

import click
import pytest

from harness import cli
from harness.commands.teeth import teeth


@pytest.fixture
def run(tmp_path, monkeypatch, capsys, small_contract):
    """Exit code, output and errors of `harness teeth ...` in a folder with a small contract."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "rows-v1.yaml").write_text(small_contract())

    def call(*arguments, command="teeth"):
        monkeypatch.setattr(sys, "argv", ["harness", command, *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return call


def test_teeth_then_check_then_run(run, tmp_path, small_contract):
    claim = ["--subject", "reference", "--cases", "20", "--select", "ROWS-001"]
    code, out, _ = run(*claim, "--no-teeth", command="run")
    assert code == 1 and "no kill on record for this version; run `harness teeth`" in " ".join(out.split())
    assert run("--check", "--subject", "reference")[0] == 1

    code, out, err = run("--subject", "reference")
    assert (code, err) == (0, "") and "PASSED  3 of 3 falsifiers kill something" in out
    code, out, _ = run("--check", "--subject", "reference")
    assert (code, out) == (0, "CURRENT  1 kill record, of these contracts and this version of language and teeth\n")

    code, out, _ = run(*claim, command="run")
    record = json.loads((tmp_path / "build/report/report.json").read_text())
    (line,) = record["contracts"][0]["falsifiers"]
    assert code == 0 and line["verdict"] == "survived" and line["kills"]["count"] > 10
    assert record["teeth"]["rows"]["state"] == "current" and record["teeth"]["rows"]["summary"]["holds"]

    (tmp_path / "contracts" / "rows-v1.yaml").write_text(small_contract("close(rows().total, total)"))
    code, out, _ = run("--check", "--subject", "reference")
    assert code == 1 and "another version of the contract" in out and "STALE" in out
    assert run(*claim, "--no-teeth", command="run")[0] == 1


@pytest.mark.parametrize(
    "claim, told",
    [
        ("rows().total == rows().total", "noticed none of them"),
        ("accurate(rows().total, total, 1e300)", "nearly any result would pass"),
    ],
)
def test_an_empty_claim_fails_both_commands(run, tmp_path, small_contract, claim, told):
    (tmp_path / "contracts" / "rows-v1.yaml").write_text(small_contract(claim))
    code, out, _ = run("--subject", "reference")
    assert code == 1 and "VACUOUS  2 of 3" in out and "Vacuous: FALSIFY-ROWS-001" in " ".join(out.split())
    code, out, _ = run("--subject", "reference", "--cases", "20", command="run")
    assert code == 1 and "VACUOUS  FALSIFY-ROWS-001" in out and told in " ".join(out.split())


def test_what_is_current_starts_no_process(run, monkeypatch):
    assert run("--subject", "reference")[0] == 0
    monkeypatch.setattr("harness.teeth.run.Crew", None)
    code, out, _ = run("--subject", "reference")
    assert code == 0 and "0 made anew" in out
    code, out, _ = run("--subject", "reference", "--explain", "both:drop-factor@1")
    assert code == 0 and "killed by FALSIFY-ROWS-001" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere", "--subject", "reference"], "nowhere"),
        (["--jobs", "0"], "0 is not in the range"),
        (["--subject", "reference", "--explain", "both:drop-factor@7"], "did you mean 'both:drop-factor@"),
        (["--subject", "reference", "--select", "xyz"], "--select 'xyz' matches no falsifier"),
    ],
)
def test_mistakes_end_in_a_line_and_exit_code_2(run, arguments, told):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and told in err and "Traceback" not in err


def test_a_record_that_is_none_is_told_and_made_anew(run, tmp_path):
    (tmp_path / "contracts" / "teeth").mkdir()
    (tmp_path / "contracts" / "teeth" / "rows-v1.json").write_text("{")
    code, out, _ = run("--check")
    assert code == 1 and "rows-v1.json: no kill record" in " ".join(out.split())
    code, out, _ = run("--subject", "reference", "--cases", "5", "--no-teeth", command="run")
    assert code == 1 and "rows-v1.json: no kill record" in " ".join(out.split())
    assert run("--subject", "reference")[0] == 0


def test_options_are_described():
    assert all(part.help for part in teeth.params if isinstance(part, click.Option))
