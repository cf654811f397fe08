"""What an id stands for, in a few lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from harness.contract.model import DeclaredAdder, DeclaredArithmetic, DeclaredSubject
from harness.contract.rules import DeclaredFault, Falsifier, Obligation
from harness.language.dtypes import FLOAT32
from harness.language.syntax import spell
from harness.program.model import Program


def explanations(programs: list[Program]) -> dict[str, list[str]]:
    """Every id with its explanation; `contract.name` for equations, inputs and subjects.

    What several contracts call by one name is told for each of them.
    """
    found: dict[str, list[str]] = {}
    for program in programs:
        for key, lines in _of(program):
            found.setdefault(key, []).extend(lines)
    return found


def _of(program: Program) -> Iterator[tuple[str, list[str]]]:
    contract = program.contract
    yield program.id, list(_contract(program))
    for falsifier in contract.falsifiers:
        yield falsifier.id, list(_falsifier(program, falsifier))
    for obligation in contract.obligations:
        yield obligation.id, list(_obligation(program, obligation))
    for fault in contract.faults:
        yield fault.id, list(_fault(program, fault))
    for name, source in contract.equations.items():
        told = f"{name} of {program.id} ({source.place}): {program.type_of(name)}"
        yield f"{program.id}.{name}", [told, f"  {name} = {_flat(source.text)}"]
    for name, part in contract.inputs.items():
        told = f"input {name} of {program.id} ({part.place}): {_input(program, name)}"
        yield f"{program.id}.{name}", [told]
    for name, subject in contract.subjects.items():
        yield f"{program.id}.{name}", [f"subject {name} of {program.id} ({subject.place})", _signature(name, subject)]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _signature(name: str, subject: DeclaredSubject) -> str:
    arguments = ", ".join(f"{argument}={source.text}" for argument, source in subject.arguments.items())
    told = {field: _returned(field, source.text, subject) for field, source in subject.returns.items()}
    returns = ", ".join(text for field, text in told.items() if field not in subject.updates)
    in_place = ", ".join(told[field] for field in subject.updates if field in subject.arguments)
    buffers = ", ".join(told[field] for field in subject.updates if field not in subject.arguments)
    written = f"{f'; updates {in_place}' if in_place else ''}{f'; fills {buffers}' if buffers else ''}"
    return f"  {name}({arguments}) -> {returns or 'nothing'}{written}"


def _returned(field: str, equation: str, subject: DeclaredSubject) -> str:
    """A result with its equation, its number format, and whether it may be left out: `y: x * 2, bf16, optional`."""
    declared = f", {subject.dtypes[field].text}" if field in subject.dtypes else ""
    declared += ", optional" if field in subject.optional else ""
    return f"{field}: {equation}{declared}"


def _input(program: Program, name: str) -> str:
    """The type of an input, with its number formats where they are others than float32: `real[n], f32 or bf16`.

    Of integers with a range its ends: `integer[n], i32, 0 to rows - 1`.
    """
    part = program.inputs[name]
    told = "" if part.formats or part.plain == (FLOAT32.name,) else f", {' or '.join(part.plain)}"
    told += f", {' to '.join(map(spell, part.range))}" if part.range else ""
    valid = program.contract.inputs[name].valid
    counts = "" if valid is None else f"; its entries count where {_flat(valid.text)}"
    return f"{program.type_of(name)}{told}{counts}"


def _arithmetic(part: DeclaredArithmetic | DeclaredAdder) -> str:
    """What is declared, as it is written: `exp_ulps: 4, adder: {terms: 8, bits: 24, rounding: truncate}`."""
    told = []
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, DeclaredAdder):
            value = f"{{{_arithmetic(value)}}}"
        if value is not None and field.name != "place":
            told.append(f"{field.name}: {str(value).lower() if isinstance(value, bool) else value}")
    return ", ".join(told)


def _contract(program: Program) -> Iterator[str]:
    contract = program.contract
    metadata = contract.metadata
    yield f"{metadata.id} {metadata.version} ({metadata.lifecycle}): {metadata.title}"
    if metadata.description:
        yield f"  {_flat(metadata.description)}"
    if contract.arithmetic is not None:
        yield f"  arithmetic: {_arithmetic(contract.arithmetic)}"
    for name in contract.inputs:
        yield f"  input {name}: {_input(program, name)}"
    for name, source in contract.equations.items():
        yield f"  {name} = {_flat(source.text)}    {program.type_of(name)}"
    yield from (_signature(name, subject) for name, subject in contract.subjects.items())
    counts = {"obligations": contract.obligations, "falsifiers": contract.falsifiers, "faults": contract.faults}
    yield "  " + ", ".join(f"{len(parts)} {name}" for name, parts in counts.items())


def _falsifier(program: Program, source: Falsifier) -> Iterator[str]:
    yield f"{source.id} of {program.id} ({source.place}): {source.rule}"
    yield f"  claim: {_flat(source.claim.text)}"
    for name, given in source.given.items():
        told = [f"values {', '.join(given.kinds)}"] if given.kinds else []
        told += [f"not {', '.join(given.excluded)}"] if given.excluded else []
        told += [f"dtype {', '.join(given.dtypes)}"] if given.dtypes else []
        told += [f"{', '.join(map(str, given.integers))}"] if given.integers else []
        told += [f">= {given.minimum.text}"] if given.minimum is not None else []
        told += [f"<= {given.maximum.text}"] if given.maximum is not None else []
        yield f"  given {name}: {'; '.join(told)}"
    if source.where is not None:
        yield f"  where: {source.where.text}"
    for name, values in source.for_each.items():
        yield f"  for each {name}: {', '.join(map(str, values))}"
    for part in source.cover:
        yield f"  covers {part.situation} in at least {part.least:.0%} of the cases: {_flat(part.when.text)}"
    if source.undecided is not None:
        yield f"  undecided: at most {source.undecided.max:.0%} of the cases, because {source.undecided.reason}"
    yield f"  discharges: {', '.join(source.discharges)}"
    yield f"  if it fails: {source.if_fails}"
    yield f"  run it alone: harness run --select {source.id}"


def _obligation(program: Program, obligation: Obligation) -> Iterator[str]:
    yield f"{obligation.id} of {program.id} ({obligation.type}): {obligation.property}"
    for falsifier in program.contract.falsifiers:
        if obligation.id in falsifier.discharges:
            yield f"  discharged by {falsifier.id}: {falsifier.rule}"


def _fault(program: Program, fault: DeclaredFault) -> Iterator[str]:
    yield f"{fault.id} of {program.id} ({fault.place})"
    yield f"  {fault.story}"
    for name, source in fault.replace.items():
        yield f"  {name}: {_flat(source.text)}"
    if fault.ignores:
        yield f"  swallows {', '.join(fault.ignores)}"
    yield f"  plant it: harness run --subject reference:{fault.id}"
