"""Files of a report, each written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.findings import HandledError
from harness.report.console import case_file


def write_report(record: Mapping[str, Any], folder: Path) -> None:
    """record.json and one file per counterexample; cases of an earlier report are removed."""
    try:
        cases = folder / "cases"
        cases.mkdir(parents=True, exist_ok=True)
        for old in cases.glob("FALSIFY-*.json"):
            old.unlink()
        for contract in record["contracts"]:
            for line in contract["falsifiers"]:
                if line["counterexample"] is not None:
                    write_json(folder / case_file(line), line["counterexample"])
        write_json(folder / "record.json", record)
    except OSError as error:
        raise HandledError(f"the report cannot be written to {folder}: {error.strerror or error}") from None


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Into a neighbour first, then renamed: a reader never sees half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(_finite(data), file, indent=1, ensure_ascii=False, allow_nan=False)
        file.write("\n")
    Path(name).chmod(0o644)
    Path(name).replace(path)


def _finite(value: Any) -> Any:
    """JSON has no infinity; a margin that is infinite is written as a text."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value
