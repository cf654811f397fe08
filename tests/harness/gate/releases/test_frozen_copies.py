"""Frozen copies on their own: bytes, line endings, what is inside, what is listed."""

import os
from pathlib import Path

import pytest

from harness.findings import HandledError, Refused
from harness.gate.releases.freeze import freeze
from harness.gate.releases.frozen_copies import copy_problems, intact_bytes
from harness.gate.releases.listed import ReleaseFolder
from harness.gate.version import Version
from tests.hanging import no_hang
from tests.harness.gate.projects import TODAY

VERSION = Version(1, 0, 0)


@pytest.fixture
def copy(project):
    freeze(("contracts",), TODAY)
    return project / "contracts/released/best-scores/1.0.0.yaml"


def problems(project, ids=None):
    return [problem.id for problem in copy_problems(ReleaseFolder(project / "contracts"), ids, {})]


EDITS = {
    "nothing": (lambda data: data, []),
    "line endings": (lambda data: data.replace(b"\n", b"\r\n"), []),
    "a space": (lambda data: data + b" ", ["release-edited"]),
    "no YAML": (lambda data: data + b"\n  - [", ["release-edited"]),
    "no UTF-8": (lambda data: data + b"# \xff\n", ["release-edited"]),
    "empty": (lambda data: b"", ["release-edited"]),
}


@pytest.mark.parametrize("name", EDITS)
def test_bytes(name, copy, project):
    change, expected = EDITS[name]
    copy.write_bytes(change(copy.read_bytes()))
    assert problems(project) == expected
    release = ReleaseFolder(project / "contracts").of("best-scores")[VERSION]
    assert (intact_bytes(release) is None) == bool(expected)


def test_a_release_made_with_other_line_endings(project):
    """Released where lines end in CRLF, checked out where they end in LF."""
    path = project / "contracts/best-scores-v1.yaml"
    text = path.read_bytes()
    path.write_bytes(text.replace(b"\n", b"\r\n"))
    freeze(("contracts",), TODAY)
    (project / "contracts/released/best-scores/1.0.0.yaml").write_bytes(text)
    assert problems(project) == []


def test_what_is_not_listed(copy, project):
    for name in ("1.0.1.yaml", "1.0.1.yml", "latest.yaml"):
        (copy.parent / name).write_bytes(copy.read_bytes())
    (copy.parent.parent / "README.md").write_text("what this folder is")
    assert problems(project) == ["release-unlisted"] * 3
    assert problems(project, {"best-scores"}) == ["release-unlisted"] * 3
    assert problems(project, {"other"}) == []


def test_a_list_that_cannot_be_written_leaves_no_copies(project, monkeypatch):
    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("harness.gate.releases.listed.write_json", full)
    with pytest.raises(HandledError, match=r"released/digests\.json: cannot be written: No space left"):
        freeze(("contracts",), TODAY)
    assert [path for path in (project / "contracts/released").rglob("*") if path.is_file()] == []


LISTS = {"a pipe": os.mkfifo, "a folder": Path.mkdir, "a link to nowhere": lambda path: path.symlink_to("nowhere")}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_no_file(name, project):
    path = project / "contracts/released/digests.json"
    path.parent.mkdir()
    LISTS[name](path)
    with no_hang(), pytest.raises(Refused, match=r"released/digests\.json:1:1: "):
        ReleaseFolder(project / "contracts")


def test_a_folder_in_its_place(copy, project):
    copy.unlink()
    copy.mkdir()
    assert problems(project) == ["release-missing"]
