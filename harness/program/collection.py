"""Contracts of files and folders, loaded and checked together."""

from __future__ import annotations

from pathlib import Path

from harness.contract.digest import digest
from harness.contract.model import Contract
from harness.contract.read import read_contract, read_folder
from harness.findings import Refused
from harness.program.check import check_all, unjudged_kinds
from harness.program.model import Program
from harness.shipped import with_dependencies


def load(paths: tuple[str, ...]) -> list[Program]:
    """Every contract of the given files and folders, checked together.

    They may depend on each other, on a file's neighbours, and, where no folder has the id, on shipped contracts.
    """
    known, wanted = _read(paths)
    programs = [program for program in check_all(known.values()) if program.id in wanted]
    findings = [finding for program in programs for finding in unjudged_kinds(program)]
    if findings:
        raise Refused(findings)
    return programs


def digests(paths: tuple[str, ...]) -> dict[str, str]:
    """What these contracts, and those that they depend on, say: digests by file."""
    known, _ = _read(paths)
    return {contract.path: digest(contract) for contract in known.values()}


def _read(paths: tuple[str, ...]) -> tuple[dict[str, Contract], set[str]]:
    """The contracts by id with those that they may depend on, and the ids of those that were asked for."""
    wanted: dict[str, Contract] = {}
    around: dict[str, Contract] = {}
    for path in paths:
        for contract in read_folder(Path(path)):
            wanted[contract.metadata.id] = contract
        if Path(path).is_file() and contract.metadata.depends_on:
            around.update({part.metadata.id: part for part in read_folder(Path(path).parent)})
    known = with_dependencies({**around, **wanted}, lambda part: part.metadata.depends_on, read_contract)
    return known, set(wanted)
