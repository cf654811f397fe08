import json
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness import cli
from harness.report.views import VIEWS
from tests.harness.report import stored

STORED = stored.HERE / "second" / "faulty.json"


@pytest.fixture
def folder(tmp_path):
    """A report's folder."""
    (tmp_path / "r").mkdir()
    shutil.copy(STORED, tmp_path / "r" / "report.json")
    return tmp_path / "r"


@pytest.fixture
def harness(monkeypatch, capfdbinary):
    """The command as a user runs it: exit code, standard output, standard error."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["harness", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfdbinary.readouterr()
        return ended.value.code, out.decode(), err.decode()

    return call


@pytest.mark.parametrize("name", VIEWS)
def test_every_format_goes_to_standard_output(harness, folder, name):
    code, out, err = harness("report", folder, "--format", name)
    assert (code, err) == (0, "")
    assert "FAULT-TINY-001" in out


def test_the_default_is_the_console(harness, folder):
    assert harness("report", folder) == harness("report", folder, "--format", "console")
    assert harness("report", folder)[1].startswith("ERROR")


def test_a_record_is_a_file_or_a_folder(harness, folder):
    assert harness("report", folder) == harness("report", folder / "report.json")


def test_json_to_standard_output_is_the_record(harness, folder):
    assert json.loads(harness("report", folder, "--format", "json")[1]) == stored.second("faulty")


def test_several_formats_go_into_a_folder(harness, folder, tmp_path):
    formats = [part for name in VIEWS for part in ("--format", name)]
    code, out, err = harness("report", folder, *formats, "--output", tmp_path / "out")
    assert (code, out) == (0, "")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {view.file for view in VIEWS.values()}
    assert err.count("written: ") == len(VIEWS)
    assert "\x1b" not in (tmp_path / "out" / "report.txt").read_text()


def test_one_format_goes_into_a_file(harness, folder, tmp_path):
    assert harness("report", folder, "--format", "junit", "--output", tmp_path / "new" / "x.xml")[0] == 0
    assert (tmp_path / "new" / "x.xml").read_text().startswith("<?xml")


def test_or_into_a_folder_that_exists(harness, folder, tmp_path):
    assert harness("report", folder, "--format", "sarif", "--output", tmp_path)[0] == 0
    assert (tmp_path / "report.sarif").is_file()


@pytest.mark.parametrize("name", ["mixed", "falsified", "interrupted"])
def test_records_of_the_first_schema_are_shown(harness, name):
    for form in VIEWS:
        code, out, err = harness("report", stored.HERE / "first" / f"{name}.json", "--format", form)
        assert (code, err) == (0, ""), form
        assert out


def test_an_earlier_report_tells_what_changed(harness, folder):
    code, out, _ = harness("report", folder, "--baseline", stored.HERE / "second" / "sound.json")
    assert code == 0
    assert "3 new" in out


def refused(harness, *arguments):
    code, out, err = harness("report", *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize("schema", ["contract-harness/record/3", "other\n\x1b[31m/1", ""])
def test_unknown_schemas_are_refused_in_one_line(harness, folder, schema):
    record = stored.second("faulty") | {"schema": schema}
    (folder / "report.json").write_text(json.dumps(record))
    err = refused(harness, folder)
    assert "'contract-harness/record/2'" in err
    assert "'contract-harness/record/1'" in err
    assert "\x1b" not in err


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'"text"', b"[" * 100_000, b'{"schema": NaN}']
)
def test_what_is_no_record_is_refused_in_one_line(harness, folder, content):
    (folder / "report.json").write_bytes(content)
    assert str(folder) in refused(harness, folder)


def test_a_damaged_record_is_refused_with_its_place(harness, folder):
    record = stored.second("faulty")
    record["contracts"][0]["falsifiers"][0]["cases"] = "many"
    (folder / "report.json").write_text(json.dumps(record))
    assert ".contracts[0].falsifiers[0].cases" in refused(harness, folder)


def test_other_mistakes_are_told_in_one_line(harness, folder, tmp_path):
    assert "cannot be read" in refused(harness, tmp_path / "nothing.json")
    (tmp_path / "empty").mkdir()
    assert "report.json" in refused(harness, tmp_path / "empty")
    assert "--output" in refused(harness, folder, "--format", "html", "--format", "json")
    assert "cannot be read" in refused(harness, folder, "--baseline", tmp_path / "nothing.json")
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refused(harness, folder, "--format", "html", "--output", tmp_path / "file" / "x.html")


def test_an_unknown_format_is_refused_with_the_known_ones(harness, folder):
    code, _, err = harness("report", folder, "--format", "pdf")
    assert code == 2
    assert "'html'" in err


def test_nothing_is_written_where_a_view_cannot_be_made(harness, folder, tmp_path, monkeypatch):
    from harness.report import sarif

    monkeypatch.setattr(sarif, "render", lambda record, folder: 1 / 0)
    harness("report", folder, "--format", "html", "--format", "sarif", "--output", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_killed_run_is_shown_from_its_log(harness, tmp_path):
    """What was begun and not ended was not run; never a `survived` for it."""
    events = [
        line for line in (stored.HERE / "second" / "events.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        if '"event": "finished"' not in line
    ]  # fmt: skip
    (tmp_path / "events.jsonl").write_text("".join(events[:9]) + events[9][:40], encoding="utf-8")
    for form in VIEWS:
        code, out, err = harness("report", tmp_path, "--format", form)
        assert (code, err) == (0, ""), form
        assert "interrupted" in out.lower()
    record = json.loads(harness("report", tmp_path, "--format", "json")[1])
    assert record["counts"]["not run"] + sum('"ended"' in line for line in events[:9]) == 10
    assert record["exit_code"] == 2


def test_help_names_every_format():
    shown = CliRunner().invoke(cli.harness, ["report", "--help"]).output
    assert all(f"  {name} " in shown for name in VIEWS)
    assert max(map(len, shown.splitlines())) <= 80


def test_the_step_summary_is_appended(harness, folder, tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    out = harness("report", folder, "--format", "github")[1]
    assert all(line.startswith("::") for line in out.splitlines())
    assert summary.read_text().startswith("before\n## ERROR: ")
    harness("report", folder, "--format", "html")
    assert summary.read_text().count("## ERROR") == 1
    assert Path(summary).is_file()
