"""What a file may not be, and that this is found out before it can do harm."""

import os
from pathlib import Path

import pytest

from harness.contract import opening
from harness.contract.spans import load
from harness.findings import Refused
from tests.hanging import no_hang


def refused_file(path):
    with no_hang(), pytest.raises(Refused) as refused:
        load(path)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_missing(tmp_path):
    assert "cannot read the file; got No such file or directory" in refused_file(tmp_path / "no.yaml")


def test_directory(tmp_path):
    assert "not a regular file; expected a YAML file, got a directory" in refused_file(tmp_path)


def test_a_path_that_cannot_be():
    assert "cannot read the file" in refused_file("a\0b.yaml")


def test_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "got a named pipe" in refused_file(tmp_path / "pipe.yaml")


def test_a_name_that_is_taken(tmp_path, monkeypatch):
    """What may not be looked at is taken to be there: reading it says why it cannot be read."""
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "file").touch()
    assert [opening.is_there(tmp_path / name) for name in ("link", "file", "none", "file/x")] == [
        True, True, False, False,
    ]  # fmt: skip

    def refuse(path):
        raise PermissionError

    monkeypatch.setattr(Path, "lstat", refuse)
    assert opening.is_there(tmp_path / "none")


def test_device():
    assert "got a device" in refused_file("/dev/zero")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable(tmp_path):
    (tmp_path / "c.yaml").write_text("a: b\n")
    (tmp_path / "c.yaml").chmod(0)
    assert "cannot read the file; got Permission denied" in refused_file(tmp_path / "c.yaml")


def test_size_is_asked_before_reading(tmp_path):
    path = tmp_path / "c.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert "file too large; expected at most 1048576 bytes, got 1099511627776 bytes" in refused_file(path)


def test_the_largest_file_is_read(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("a: " + "b" * (opening.MAX_BYTES - 3))
    assert len(load(path).value["a"].value) == opening.MAX_BYTES - 3


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a: b\nc: \xff\n", ":2:4: not UTF-8; expected text in UTF-8, got byte 0xff"),
        ("a: b\n".encode("utf-16"), ":1:1: not UTF-8; expected text in UTF-8, got byte 0xff"),
        (b"a: \xc3\xa9 \xed\xa0\x80\n", ":1:6: not UTF-8"),
        (b"\xef\xbb\xbfa: b\n", ":1:1: a byte order mark is not allowed; save the file as UTF-8 without BOM"),
        (b"a: b\x00\n", ":1:5: a NUL character is not allowed"),
        (b"a: b\n\x1b[31m\n", ":2:1: the control character U+001B is not allowed"),
        (b"a: b\rc: d\n", ":1:5: a carriage return without a line feed is not allowed"),
        ("a: b\u2028c: d\n".encode(), ":1:5: the control character U+2028 is not allowed"),
    ],
)
def test_not_plain_text(tmp_path, data, expected):
    (tmp_path / "c.yaml").write_bytes(data)
    assert expected in refused_file(tmp_path / "c.yaml")
