"""Files of a report, each written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.findings import HandledError

RECORD = "report.json"
EVENTS = "events.jsonl"
OLDER = "record.json"  # as reports of the first schema called it
CASES = "cases/*/FALSIFY-*.json"


def prepare(folder: Path) -> None:
    """Make room: a report of an earlier run must not outlive the start of this one. Other files are left alone."""
    with handled_os_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        check_no_links(folder)
        for old in (folder / RECORD, folder / EVENTS, folder / OLDER, *folder.glob(CASES)):
            old.unlink(missing_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass  # better to learn now that nothing can be written here than after the run


def write_report(record: Mapping[str, Any], folder: Path) -> None:
    """report.json, and one file per counterexample."""
    with handled_os_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for contract in record["contracts"]:
            for line in contract["falsifiers"]:
                write_case(line, folder)
        write_json(folder / RECORD, record)


def write_case(line: Mapping[str, Any], folder: Path) -> None:
    """The counterexample of a line, where it has one, as a file that `harness replay` reads."""
    if line["counterexample"] is not None:
        path = folder / line["case"]
        check_no_links(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, line["counterexample"])


def check_no_links(folder: Path) -> None:
    """HandledError where the folders of the stored cases lead elsewhere: what lies there belongs to somebody else."""
    cases = folder / "cases"
    inside = [] if cases.is_symlink() or not cases.is_dir() else list(cases.iterdir())
    for path in (cases, *inside):
        if path.is_symlink():
            raise HandledError(f"{path} is a symbolic link, which is not followed: remove it, or name another folder")


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Into a neighbour first, then renamed: a reader never sees half a file."""
    write_text(path, json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def write_text(path: Path, text: str) -> None:
    r"""The same for a text, as UTF-8; what UTF-8 cannot hold is written as `\udc80`, which JSON reads back.

    A device, such as /dev/null, is written to: a rename would put a file in its place. Other things are left alone.
    """
    if path.is_char_device():
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
        return
    if path.exists() and not path.is_file():
        raise OSError(errno.EEXIST, "something that is no file has this name")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # not the neighbour, and on a full disk none at all
        raise


def write_views(files: Mapping[Path, str]) -> None:
    """Texts by path; folders are made where they are missing."""
    for path, text in files.items():
        with handled_os_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(path, text)


@contextmanager
def handled_os_errors(path: Path) -> Iterator[None]:
    """Turn an OSError into a HandledError that names the file it is about, else this one."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        raise HandledError(f"the report cannot be written to {where}: {error.strerror or error}") from None
