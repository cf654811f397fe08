"""Contracts of files and folders, loaded and checked together."""

from __future__ import annotations

from pathlib import Path

from harness.contract.model import Contract
from harness.contract.read import read_folder
from harness.program.check import check_all
from harness.program.model import Program


def load(paths: tuple[str, ...]) -> list[Program]:
    """Every contract of the given files and folders, checked together. A file's neighbours may be depended on."""
    wanted: dict[str, Contract] = {}
    around: dict[str, Contract] = {}
    for path in paths:
        for contract in read_folder(Path(path)):
            wanted[contract.metadata.id] = contract
        if Path(path).is_file() and contract.metadata.depends_on:
            around.update({part.metadata.id: part for part in read_folder(Path(path).parent)})
    return [program for program in check_all({**around, **wanted}.values()) if program.id in wanted]
