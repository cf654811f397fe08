import json
import os

import pytest

from harness.findings import HandledError
from harness.teeth.keys import keys
from harness.teeth.record import (
    SCHEMA,
    as_text,
    errors_of,
    kill_record_path,
    read_kill_record,
    record_path,
    stale,
    write_kill_record,
)


@pytest.fixture
def program(rows, tmp_path):
    return rows(path=tmp_path / "rows-v1.yaml")


def record(program):
    return {"schema": SCHEMA, "keys": keys(program), "summary": {"holds": True}, "lives": [], "faults": {},
            "falsifiers": {"F": {"cases": 1, "kills": {f"mutant-{n}": n for n in range(40)}}}}  # fmt: skip


def test_beside_the_contract(program, tmp_path):
    assert kill_record_path(program) == tmp_path / "teeth" / "rows-v1.json"
    assert read_kill_record(program) is None
    write_kill_record(program, record(program))
    assert read_kill_record(program) == record(program)
    assert [path.name for path in (tmp_path / "teeth").iterdir()] == ["rows-v1.json"]


def test_the_same_text_for_the_same_record_and_readable(program):
    text = as_text(record(program))
    assert text == as_text(json.loads(text)) and json.loads(text) == record(program)
    assert max(map(len, text.splitlines())) <= 120


def test_current_and_stale(program, rows):
    assert stale(program, None) == "there is no kill record"
    assert stale(program, record(program)) == ""
    other = record(rows("rows().total >= 5"))
    assert stale(program, other) == "the kill record is of another version of the contract"
    for name in ("language", "teeth"):
        older = record(program)
        older["keys"][name] -= 1
        now = keys(program)[name]
        assert (
            stale(program, older) == f"the kill record was made by version {now - 1} of the {name}, and this is {now}"
        )


def test_in_another_folder(program, tmp_path):
    path = record_path(program, tmp_path / "report")
    path.parent.parent.mkdir()
    write_kill_record(program, record(program), path)
    assert path == tmp_path / "report/teeth/rows-v1.json" and read_kill_record(program, path) == record(program)
    assert read_kill_record(program) is None


def test_errors_by_falsifier():
    rows = {"F-1": {"errors": {"a:b@1": "TypeError: no", "a:b@2": "TypeError: no"}}, "F-2": {"kills": {}}}
    assert errors_of({"falsifiers": rows}) == {"F-1": "F-1 cannot be evaluated with a:b@1 and 1 more: TypeError: no"}


@pytest.mark.parametrize("text", ["", "{", "[]", "1", '{"schema": "another"}', "\xff", "[" * 100_000,
                                  json.dumps({"schema": SCHEMA, "keys": {}, "falsifiers": []}),
                                  json.dumps({"schema": SCHEMA, "keys": {}, "faults": {}, "summary": {}, "lives": [],
                                              "falsifiers": {"F": 1}})])  # fmt: skip
def test_what_is_no_record_is_told(program, text):
    path = kill_record_path(program)
    path.parent.mkdir()
    path.write_text(text, encoding="latin-1")
    with pytest.raises(HandledError, match="run `harness teeth`") as refused:
        read_kill_record(program)
    assert str(refused.value).startswith(str(path)) and "\n" not in str(refused.value)


def test_a_folder_that_cannot_be_written_to(program, tmp_path):
    (tmp_path / "teeth").write_text("a file")
    with pytest.raises(HandledError, match="cannot be written to"):
        write_kill_record(program, record(program))
    with pytest.raises(HandledError, match="cannot be read"):
        read_kill_record(program)


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop"])
def test_what_is_no_file_is_told_and_not_waited_for(program, kind):
    path = kill_record_path(program)
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    {"folder": path.mkdir, "pipe": lambda: os.mkfifo(path), "loop": lambda: path.symlink_to(path)}[kind]()
    with pytest.raises(HandledError, match="the kill record cannot be read") as refused:
        read_kill_record(program)
    assert "\n" not in str(refused.value)
