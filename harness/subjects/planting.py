"""Faults planted into a contract's own equations: what a declared fault or a mutant changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from harness.findings import HandledError, nearest
from harness.language.formats import BlockFormat
from harness.language.mutate import Mutant
from harness.language.syntax import Node
from harness.program.model import Program
from harness.program.mutants import mutants


@dataclass(frozen=True)
class Edit:
    """What a fault changes: equations and block formats that are replaced, errors that are no longer raised."""

    equations: Mapping[str, Node] = field(default_factory=dict)
    formats: Mapping[str, BlockFormat] = field(default_factory=dict)
    ignores: frozenset[str] = frozenset()


NO_EDIT = Edit()


def edit_of(program: Program, fault: str) -> Edit:
    """The edit of a fault by its name, with or without `contract/` before it; NO_EDIT if the contract has none such."""
    contract, _, name = fault.rpartition("/")
    if not fault or contract not in ("", program.id):
        return NO_EDIT
    if name in program.faults:
        return edit_of_declared(program, name)
    mutant = mutants(program).get(name) if "@" in name else None
    return NO_EDIT if mutant is None else edit_of_mutant(program, mutant)


def edit_of_declared(program: Program, fault: str) -> Edit:
    """The edit of a fault that the contract declares."""
    return Edit(program.faults[fault], {}, program.ignored(fault))


def edit_of_mutant(program: Program, mutant: Mutant) -> Edit:
    """One edited equation, of the contract or of a block format."""
    if not mutant.format:
        return Edit({mutant.equation: mutant.node})
    format_ = program.formats[mutant.format]
    edited = replace(format_, equations={**format_.equations, mutant.equation: mutant.node})
    return Edit({}, {format_.name: edited})


def check_fault(fault: str, programs: list[Program]) -> None:
    """HandledError, with the nearest name, where no contract has the fault that the user asked for."""
    if not fault or any(edit_of(program, fault) is not NO_EDIT for program in programs):
        return
    known = [name for program in programs for name in program.faults]
    if "@" in fault:
        known += [name for program in programs for name in mutants(program)]
    raise HandledError(f"unknown fault {fault!r}; {nearest(fault, known) or 'the contracts declare none'}")
