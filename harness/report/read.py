"""A record from a file or a report's folder, checked against the published schema before it is used."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from harness.findings import HandledError
from harness.printable import printable
from harness.report.events import read_events, record_from_events
from harness.report.record import SCHEMA, Record, lines_of, summed_up
from harness.report.upgrade import FIRST, upgrade
from harness.report.write import EVENTS, OLDER, RECORD
from harness.strict_json import LARGEST, loads


def read_record(path: Path) -> Record:
    """The record in a file or folder; of a run that was killed, what its log tells.

    Raises HandledError in one line for what is no record, for schemas that are not known here, and for data that
    breaks the schema.
    """
    return validated(_read(_found(path)), path)


def validated(data: Any, path: Path) -> Record:
    """The data as a record of the newest schema, if the published schema says so.

    What follows from the lines is computed from them again: a header that says something else is not believed.
    """
    if not isinstance(data, dict) or not isinstance(data.get("schema"), str):
        raise HandledError(f"{path}: not a record: expected an object with `schema`, such as {SCHEMA!r}")
    if data["schema"] not in (SCHEMA, FIRST):
        raise HandledError(
            f"{path}: written in the schema {printable(data['schema'], 80)!r}; this version reads {SCHEMA!r} and "
            f"{FIRST!r}: use the version of harness that wrote it, or a newer one"
        )
    try:
        record = dict(upgrade(data))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise HandledError(f"{path}: not a record of {data['schema']}: {printable(repr(error), 120)}") from None
    _check(record, path)
    _check_lines(record, path)
    return summed_up(record, with_gaps=data["schema"] == SCHEMA)


def _found(path: Path) -> Path:
    """The file: of a folder its record, else the log of the run that did not come to write one."""
    if not path.is_dir():
        return path
    for name in (RECORD, EVENTS, OLDER):
        if (path / name).is_file():
            return path / name
    raise HandledError(f"{path}: no report in this folder: expected {RECORD} or {EVENTS}")


def _read(path: Path) -> Any:
    try:
        if path.exists() and not path.is_file():
            raise HandledError(f"{path}: not a file")
        if path.stat().st_size > LARGEST:
            raise HandledError(
                f"{path}: {path.stat().st_size} bytes are too many for a record, expected at most {LARGEST}"
            )
        text = path.read_bytes().decode("utf-8", "replace" if path.suffix == ".jsonl" else "strict")
        if path.suffix == ".jsonl":
            return _from_log(text, path)
        return loads(text)
    except OSError as error:
        raise HandledError(f"{path}: cannot be read: {error.strerror}") from None
    except RecursionError:
        raise HandledError(f"{path}: not a record: nested too deeply") from None
    except ValueError as error:
        raise HandledError(f"{path}: not a record: {printable(str(error), 120)}") from None


def _from_log(text: str, path: Path) -> Record:
    events = read_events(text, str(path))
    try:
        return record_from_events(events)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise HandledError(f"{path}: not the log of a run: {printable(repr(error), 120)}") from None


def _check(record: Mapping[str, Any], path: Path) -> None:
    try:
        error = next(_validator().iter_errors(record), None)
    except RecursionError:
        raise HandledError(f"{path}: not a record: nested too deeply") from None
    if error is not None:
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
        raise HandledError(f"{path}: breaks the schema at {where or 'its top'}: {printable(error.message, 160)}")


def _check_lines(record: Mapping[str, Any], path: Path) -> None:
    """HandledError where a contract or one of its falsifiers stands twice: it would be counted twice."""
    ids = [contract["id"] for contract in record["contracts"]]
    ids += [f"{contract} {line['id']}" for contract, line in lines_of(record)]
    doubled = next((name for name, count in Counter(ids).items() if count > 1), None)
    if doubled is not None:
        raise HandledError(f"{path}: not a record: {doubled} stands in it twice")


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(record_schema())


def record_schema() -> dict[str, Any]:
    """The published JSON Schema of records, as data."""
    text = files("harness.report").joinpath("record.schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document
