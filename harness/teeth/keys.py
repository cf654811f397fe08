"""The digests in a kill record: the contract, the code of harness that decides kills, the subject under saboteurs."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

from harness.contract.digest import digest
from harness.language.syntax import spell
from harness.program.model import Program

PACKAGE = Path(__file__).resolve().parent.parent
# The packages of harness that decide what kills what; the others start runs or show results.
DECIDING = ("contract", "judge", "language", "program", "search", "subjects", "teeth")


@cache
def harness_digest() -> str:
    """SHA-256 over the source text that decides what kills what."""
    files = [path for name in DECIDING for path in (PACKAGE / name).rglob("*") if path.suffix in (".py", ".json")]
    return _digest(PACKAGE, files)


def contract_digest(program: Program) -> str:
    """The contract, with the block formats that it has from others."""
    sha = hashlib.sha256(digest(program.contract).encode())
    for name, format_ in sorted(program.formats.items()):
        equations = {key: spell(node) for key, node in format_.equations.items()}
        sha.update(repr((name, format_.values, format_.size, sorted(format_.fields.items()), list(equations.items()),
                          format_.weights, format_.scales)).encode())  # fmt: skip
    return sha.hexdigest()


@cache
def subject_digest(name: str) -> str:
    """SHA-256 over the source text of the package that a subject is in, "" where there is none. Imports nothing."""
    top = name.partition(":")[0].partition(".")[0]
    found = PathFinder.find_spec(top, [str(Path.cwd()), *sys.path])
    if top == "reference" or found is None:
        return ""
    if found.submodule_search_locations:
        folder = Path(next(iter(found.submodule_search_locations)))
        return _digest(folder, folder.rglob("*.py"))
    file = Path(found.origin or "")
    return _digest(file.parent, [file]) if file.is_file() else ""


def _digest(root: Path, files: Iterable[Path]) -> str:
    """SHA-256 over names and texts, the same on every machine: files sorted, line ends as on Unix."""
    sha = hashlib.sha256()
    for path in sorted(files):
        text = path.read_bytes().replace(b"\r\n", b"\n")
        sha.update(f"{path.relative_to(root).as_posix()}\0{len(text)}\0".encode())
        sha.update(text)
    return sha.hexdigest()
