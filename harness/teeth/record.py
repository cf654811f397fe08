"""The kill record: one readable JSON file per contract, beside the contracts, in the folder `teeth`."""

from __future__ import annotations

import json
import os
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from harness.findings import HandledError
from harness.printable import printable
from harness.program.model import Program
from harness.shipped import is_installed
from harness.teeth.keys import keys
from harness.teeth.versions import VERSIONS

SCHEMA = "contract-harness/teeth/2"
EARLIER = "contract-harness/teeth/1"
FOLDER = "teeth"
DECLARED, MUTANT, SABOTEUR = KINDS = ("declared", "mutant", "saboteur")  # of faults
WIDTH = 118
LARGEST = 1 << 26  # bytes of the file

KillRecord = Mapping[str, Any]


def kill_record_path(program: Program) -> Path:
    """Where the record lies: contracts/moe-router-v2.yaml -> contracts/teeth/moe-router-v2.json."""
    return record_path(program, Path(program.contract.path).parent)


def record_path(program: Program, folder: Path) -> Path:
    """Where the record of a contract lies below a folder."""
    return folder / FOLDER / f"{Path(program.contract.path).stem}.json"


def read_kill_record(program: Program, path: Path | None = None) -> KillRecord | None:
    """The kill record, current or not; None where there is none, or one of an earlier format.

    HandledError for a file that is no kill record.

    `path`: where it lies if not beside the contract.
    """
    path = path or kill_record_path(program)
    try:
        if path.exists() and not path.is_file():
            raise HandledError(f"{path}: the kill record cannot be read: not a file")  # reading a pipe would wait
        if path.stat().st_size > LARGEST:
            raise HandledError(f"{path}: {path.stat().st_size} bytes are too many for a kill record")
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HandledError(f"{path}: the kill record cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise HandledError(f"{path}: no kill record: {error}; {_todo(program)}") from None
    if isinstance(stored, dict) and stored.get("schema") == EARLIER:
        return None  # of no use: what it depended on was said in another way
    if not _has_shape_of_record(stored):
        raise HandledError(f"{path}: {_unread(stored)}; {_todo(program)}")
    record: KillRecord = stored
    return record


def errors_of(record: KillRecord) -> dict[str, str]:
    """By falsifier, why its claim could not be evaluated with a fault planted; such a record shows nothing."""
    found = {}
    for name, row in record["falsifiers"].items():
        for fault, reason in islice(row.get("errors", {}).items(), 1):
            more = f" and {len(row['errors']) - 1} more" if len(row["errors"]) > 1 else ""
            found[name] = f"{name} cannot be evaluated with {fault}{more}: {reason}"
    return found


def _todo(program: Program) -> str:
    if is_installed(program.contract.path):
        return f"it is part of the installed harness: install that anew, or {how_to_make(program)}"
    return f"remove the file and {how_to_make(program)}"


def how_to_make(program: Program) -> str:
    """What makes a kill record of a contract: beside it, unless it is an installed one."""
    return "run without --no-teeth" if is_installed(program.contract.path) else "run `harness teeth`"


def _unread(stored: Any) -> str:
    """Why what was stored cannot be read: the schema that it names, or that it is in none."""
    schema = stored.get("schema") if isinstance(stored, dict) else None
    if not isinstance(schema, str) or schema == SCHEMA:
        return f"no kill record in the schema {SCHEMA!r}"
    return f"written in the schema {printable(schema, 80)!r}; this version reads {SCHEMA!r}"


def _has_shape_of_record(stored: Any) -> bool:
    """Whether the record has every part that its readers use."""
    if not isinstance(stored, dict) or stored.get("schema") != SCHEMA:
        return False
    parts = ("keys", "faults", "falsifiers", "summary")
    if not all(isinstance(stored.get(part), dict) for part in parts) or not isinstance(stored.get("lives"), list):
        return False
    lines = stored["falsifiers"].values()
    return all(isinstance(line, dict) and isinstance(line.get("kills"), dict) for line in lines)


def stale(program: Program, record: KillRecord | None) -> str:
    """Why a record is not current, or ""."""
    if record is None:
        return "there is no kill record"
    now, stored = keys(program), record["keys"]
    if stored.get("contract") != now["contract"]:
        return "the kill record is of another version of the contract"
    for name in VERSIONS:
        if stored.get(name) != now[name]:
            return f"the kill record was made by version {stored.get(name)} of the {name}, and this is {now[name]}"
    return ""


def write_kill_record(program: Program, record: KillRecord, path: Path | None = None) -> None:
    """Write the record whole or not at all: to a temporary file beside it, which is then renamed."""
    path = path or kill_record_path(program)
    try:
        path.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(as_text(record))
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise HandledError(f"the kill record cannot be written to {path}: {error.strerror or error}") from None


def as_text(record: KillRecord) -> str:
    """The record as JSON with short lines: every value that fits into one line is on one, so that diffs are small."""
    return "\n".join(_lines(record, 0, "")) + "\n"


def _lines(value: Any, depth: int, lead: str, tail: str = "") -> Iterator[str]:
    indent = " " * depth
    flat = indent + lead + json.dumps(value, ensure_ascii=False, allow_nan=False) + tail
    if len(flat) <= WIDTH or not isinstance(value, dict | list) or not value:
        yield flat
        return
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    if isinstance(value, dict) and all(isinstance(item, int) for item in value.values()):
        inner = json.dumps(value, ensure_ascii=False)[1:-1]
        yield indent + lead + opening
        yield from textwrap.wrap(inner, WIDTH, initial_indent=indent + " ", subsequent_indent=indent + " ",
                                 break_long_words=False, break_on_hyphens=False)  # fmt: skip
        yield indent + closing + tail
        return
    yield indent + lead + opening
    pairs = list(value.items()) if isinstance(value, dict) else [("", item) for item in value]
    for number, (key, item) in enumerate(pairs):
        named = json.dumps(key, ensure_ascii=False) + ": " if isinstance(value, dict) else ""
        yield from _lines(item, depth + 1, named, "," if number < len(pairs) - 1 else "")
    yield indent + closing + tail
