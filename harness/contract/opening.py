"""The text of a file from outside: size and kind checked before a byte is read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from harness.contract.characters import place_of_index
from harness.findings import Finding, Place, Refused

MAX_BYTES = 1 << 20


def _refused(path: str, message: str, *, expected: str = "", got: str = "", hint: str = "") -> Refused:
    return Refused([Finding(Place(path), message, expected, got, hint)])


def _refuse_unfit(path: str, status: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        kinds = {
            stat.S_IFDIR: "a directory",
            stat.S_IFIFO: "a named pipe",
            stat.S_IFSOCK: "a socket",
            stat.S_IFCHR: "a device",
            stat.S_IFBLK: "a device",
        }
        got = kinds.get(stat.S_IFMT(status.st_mode), "something else")
        raise _refused(path, "not a regular file", expected="a YAML file", got=got)
    if status.st_size > most:
        raise _too_large(path, f"{status.st_size} bytes", most)


def _too_large(path: str, got: str, most: int) -> Refused:
    hint = "split the contract; one file describes one thing" if most == MAX_BYTES else ""
    return _refused(path, "file too large", expected=f"at most {most} bytes", got=got, hint=hint)


def _read_bytes(path: str, most: int) -> bytes:
    try:
        # Asked before opening: opening a device can already have an effect, and a pipe can block.
        _refuse_unfit(path, Path(path).stat(), most)
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            # Asked again of what was really opened: the path may have been exchanged in between.
            _refuse_unfit(path, os.fstat(file.fileno()), most)
            data = file.read(most + 1)
    except OSError as error:
        raise _refused(path, "cannot read the file", got=error.strerror or type(error).__name__) from None
    except ValueError:  # a NUL in the path
        raise _refused(repr(path), "cannot read the file", got="a path that no file can have") from None
    if len(data) > most:  # it grew while it was read
        raise _too_large(path, "more", most)
    return data


def is_there(path: Path) -> bool:
    """Whether anything has this name: a link that leads nowhere, too, or what may not be looked at."""
    try:
        path.lstat()
    except OSError as error:
        return not isinstance(error, (FileNotFoundError, NotADirectoryError))
    return True


def read_text(path: str | Path, most: int = MAX_BYTES) -> str:
    """The file's text; Refused unless it is a regular, readable UTF-8 file of at most so many bytes."""
    name = os.fspath(path)
    data = _read_bytes(name, most)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        place = place_of_index(before, len(before), name)
        got = f"byte 0x{data[error.start]:02x}"
        finding = Finding(place, "not UTF-8", "text in UTF-8", got, "save the file as UTF-8 without BOM")
        raise Refused([finding]) from None
