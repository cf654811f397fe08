"""Faults that are planted into a contract's own equations: declared ones, and mutants."""

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
class Planted:
    """What is wrong: equations and block formats that are replaced, errors that are swallowed."""

    equations: Mapping[str, Node] = field(default_factory=dict)
    formats: Mapping[str, BlockFormat] = field(default_factory=dict)
    ignores: frozenset[str] = frozenset()


NOTHING = Planted()


def planted(program: Program, fault: str) -> Planted:
    """A fault by its name, `contract/` before it or not; nothing where this contract has no such fault."""
    contract, _, name = fault.rpartition("/")
    if not fault or contract not in ("", program.id):
        return NOTHING
    if name in program.faults:
        return declared(program, name)
    mutant = mutants(program).get(name) if "@" in name else None
    return NOTHING if mutant is None else mutated(program, mutant)


def declared(program: Program, fault: str) -> Planted:
    """One of the contract's own faults."""
    return Planted(program.faults[fault], {}, program.ignored(fault))


def mutated(program: Program, mutant: Mutant) -> Planted:
    """One edited equation, of the contract or of a block format."""
    if not mutant.format:
        return Planted({mutant.equation: mutant.node})
    format_ = program.formats[mutant.format]
    edited = replace(format_, equations={**format_.equations, mutant.equation: mutant.node})
    return Planted({}, {format_.name: edited})


def check_fault(fault: str, programs: list[Program]) -> None:
    """A fault that no contract has is the user's mistake."""
    if not fault or any(planted(program, fault) is not NOTHING for program in programs):
        return
    known = [name for program in programs for name in program.faults]
    if "@" in fault:
        known += [name for program in programs for name in mutants(program)]
    raise HandledError(f"unknown fault {fault!r}; {nearest(fault, known) or 'the contracts declare none'}")
