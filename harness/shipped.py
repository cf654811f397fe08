"""The contracts and the pages of the manual that are installed with harness.

A wheel holds copies of them in harness/data. A checkout, and so an editable install, has the originals instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

PACKAGE = Path(__file__).resolve().parent
DATA = PACKAGE / "data"
TOPICS = ("language", "bound", "mutants", "gate", "gate-evidence", "report")

C = TypeVar("C")


def shipped_contracts() -> Path:
    """The folder of the contracts, with their kill records in `teeth`."""
    return DATA / "contracts" if DATA.is_dir() else PACKAGE.parent / "contracts"


def is_installed(path: str) -> bool:
    """Whether a contract is one of an installed copy: its files are nobody's to edit."""
    return DATA.is_dir() and Path(path).resolve().is_relative_to(DATA.resolve())


def shipped_contract(id: str) -> Path | None:
    """The file of one contract; None where no contract of this id is shipped."""
    files = sorted(shipped_contracts().glob("*.yaml"))
    return next((file for file in files if file.name.rpartition("-v")[0] == id), None)


def manual_page(topic: str) -> str:
    """The text of a page, in Markdown; `topic` is one of TOPICS."""
    folder = DATA / "manual" if DATA.is_dir() else PACKAGE.parent / "docs"
    return (folder / f"{topic}.md").read_text(encoding="utf-8")


def with_dependencies(
    known: Mapping[str, C], needs: Callable[[C], Iterable[str]], read: Callable[[Path], C]
) -> dict[str, C]:
    """The known contracts by id, and the shipped ones that they depend on, directly or not, and that are not known.

    `needs` returns the ids that a contract depends on, `read` the contract in a file. Ids that are not shipped either
    stay unknown: whoever checks dependencies reports them.
    """
    found = dict(known)
    pending = list(known.values())
    while pending:
        for id in needs(pending.pop()):
            file = None if id in found else shipped_contract(id)
            if file is not None:
                found[id] = read(file)
                pending.append(found[id])
    return found
