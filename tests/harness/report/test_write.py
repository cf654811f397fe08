import json
import os
from pathlib import Path

import pytest

from harness.findings import HandledError
from harness.report import write


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_report_is_a_record_and_its_cases(record, tmp_path, validate):
    made = record("reference:FAULT-TINY-001")
    write.write_report(made, tmp_path / "deep" / "report")
    stored = json.loads((tmp_path / "deep/report/report.json").read_text(encoding="utf-8"))
    validate(stored)
    assert stored == made
    expected = [line["case"] for line in made["contracts"][0]["falsifiers"] if line["counterexample"]]
    assert files(tmp_path / "deep/report") == [*expected, "report.json"] and len(expected) >= 2


def test_an_earlier_report_does_not_outlive_the_start_of_a_run(record, tmp_path):
    write.write_report(record("reference:FAULT-TINY-001"), tmp_path)
    (tmp_path / "cases" / "notes.txt").write_text("mine")
    for name in (write.EVENTS, write.OLDER):
        (tmp_path / name).write_text("old")
    write.prepare(tmp_path)
    assert files(tmp_path) == ["cases/notes.txt"]


def test_the_same_record_is_the_same_bytes(record, tmp_path):
    for name in ("one", "two"):
        write.write_report(record(), tmp_path / name)
    assert (tmp_path / "one/report.json").read_bytes() == (tmp_path / "two/report.json").read_bytes()


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    write.write_json(path, {"old": 1})
    monkeypatch.setattr(os, "fdopen", lambda *arguments, **named: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space left"):
        write.write_json(path, {"new": 1})
    assert files(tmp_path) == ["report.json"] and json.loads(path.read_text()) == {"old": 1}


def test_what_json_cannot_hold_is_no_file(tmp_path):
    with pytest.raises(ValueError, match="JSON compliant"):
        write.write_json(tmp_path / "report.json", {"bound": float("inf")})
    assert files(tmp_path) == []


def test_files_can_be_read_by_others(tmp_path):
    write.write_json(tmp_path / "report.json", {})
    assert (tmp_path / "report.json").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("act", ["prepare", "write_report"])
def test_a_folder_that_cannot_be_one_is_the_users_mistake(record, tmp_path, act):
    (tmp_path / "file").write_text("")
    arguments = (record(),) if act == "write_report" else ()
    with pytest.raises(HandledError, match=r"the report cannot be written to .*file"):
        getattr(write, act)(*arguments, tmp_path / "file" / "report")


def test_a_lone_surrogate_is_written_as_json_spells_it(tmp_path):
    write.write_json(tmp_path / "report.json", {"folder": "r\udc80"})
    assert json.loads((tmp_path / "report.json").read_bytes()) == {"folder": "r\udc80"}


def test_the_case_of_a_survivor_is_no_file(record, tmp_path):
    for line in record()["contracts"][0]["falsifiers"]:
        write.write_case(line, tmp_path)
    assert files(tmp_path) == []


def test_texts_are_written_whole(tmp_path):
    write.write_text(tmp_path / "report.md", "so\n")
    assert (tmp_path / "report.md").read_text() == "so\n"


def test_what_the_system_refuses_is_told_in_a_line(tmp_path):
    with (
        pytest.raises(HandledError, match=r"cannot be written to .*: No space left"),
        write.handled_os_errors(tmp_path),
    ):
        raise OSError(28, "No space left")


def test_a_device_is_written_to_and_stays_one():
    """A rename would put a file in the place of /dev/null, for everybody."""
    master, slave = os.openpty()
    try:
        path = Path(os.ttyname(slave))
        write.write_text(path, "told")
        assert os.read(master, 4) == b"told" and path.is_char_device()
    finally:
        os.close(master)
        os.close(slave)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_left_alone(tmp_path, kind):
    path = tmp_path / kind
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    with pytest.raises(HandledError, match="something that is no file has this name"):
        write.write_views({path: "text"})
    assert list(tmp_path.iterdir()) == [path] and not path.is_file()


@pytest.mark.parametrize("link", ["cases", "cases/tiny"])
def test_folders_of_cases_that_lead_elsewhere_are_not_followed(record, tmp_path, link):
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "tiny").mkdir(parents=True)
    for folder in (elsewhere, elsewhere / "tiny"):
        (folder / "FALSIFY-TINY-001.json").write_text("precious")
    report = tmp_path / "report"
    (report / link).parent.mkdir(parents=True, exist_ok=True)
    (report / link).symlink_to(elsewhere if link == "cases" else elsewhere / "tiny")
    for act in (write.prepare, lambda folder: write.write_report(record("reference:FAULT-TINY-001"), folder)):
        with pytest.raises(HandledError, match=f"{link} is a symbolic link, which is not followed: remove it"):
            act(report)
    assert [path.read_text() for path in sorted(elsewhere.rglob("*.json"))] == ["precious"] * 2


def test_a_full_disk_is_told_with_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fdopen", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(HandledError, match=r"cannot be written to .*/report.html: No space left on device"):
        write.write_views({tmp_path / "report.html": "text"})
    assert files(tmp_path) == []
