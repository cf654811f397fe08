"""Which files of a folder are contracts. Light: the gate asks it of folders in which it then parses hardly anything."""

from __future__ import annotations

import os
from pathlib import Path

from harness.findings import Finding, Place, Refused


def files_in(folder: Path) -> list[Path]:
    """The contract files directly in a folder; Refused where there are none, or one that would be overlooked."""
    name = os.fspath(folder)
    try:
        inside = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    except OSError as error:
        got = error.strerror or type(error).__name__
        raise Refused([Finding(Place(name), "cannot read the folder", got=got)]) from None
    # A contract that is overlooked would be green by absence.
    other = [file for file in inside if file.suffix.lower() in (".yml", ".yaml") and file.suffix != ".yaml"]
    if other:
        raise Refused([Finding(Place(os.fspath(file)), "contracts end in '.yaml'", hint="rename it") for file in other])
    found = [file for file in inside if file.suffix == ".yaml"]
    if not found:
        hint = "contracts are files <id>-v<major>.yaml directly in it"
        raise Refused([Finding(Place(name), "no contracts in this folder", "*.yaml", "none", hint)])
    return found
