"""What an id stands for, in a few lines for a person."""

from __future__ import annotations

from collections.abc import Iterator

from harness.contract.program import Program


def explanations(programs: list[Program]) -> dict[str, list[str]]:
    """Every id with its explanation; `contract.name` for equations, inputs and subjects."""
    found: dict[str, list[str]] = {}
    for program in programs:
        found[program.id] = list(_contract(program))
        for falsifier in program.falsifiers:
            found[falsifier.source.id] = list(_falsifier(program, falsifier.source.id))
        for obligation in program.contract.obligations:
            found[obligation.id] = list(_obligation(program, obligation.id))
        for fault in program.contract.faults:
            replaced = [f"  {name}: {source.text}" for name, source in fault.replace.items()]
            found[fault.id] = [f"{fault.id} of {program.id} ({fault.place})", f"  {fault.story}", *replaced,
                               f"  plant it: harness run --subject reference:{fault.id}"]  # fmt: skip
        for name, source in program.contract.equations.items():
            found[f"{program.id}.{name}"] = [f"{name} of {program.id} ({source.place})",
                                             f"  {' '.join(source.text.split())}", f"  {program.type_of(name)}"]  # fmt: skip
    return found


def _contract(program: Program) -> Iterator[str]:
    contract = program.contract
    metadata = contract.metadata
    yield f"{metadata.id} {metadata.version} ({metadata.lifecycle}): {metadata.title}"
    if metadata.description:
        yield f"  {' '.join(metadata.description.split())}"
    for name in contract.inputs:
        yield f"  input {name}: {program.type_of(name)}"
    for name, source in contract.equations.items():
        yield f"  {name} = {' '.join(source.text.split())}    {program.type_of(name)}"
    for name, subject in contract.subjects.items():
        arguments = ", ".join(f"{argument}={source.text}" for argument, source in subject.arguments.items())
        returns = ", ".join(f"{field}: {source.text}" for field, source in subject.returns.items())
        yield f"  {name}({arguments}) -> {returns}"
    yield f"  {len(contract.obligations)} obligations, {len(contract.falsifiers)} falsifiers, {len(contract.faults)} faults"


def _falsifier(program: Program, identifier: str) -> Iterator[str]:
    source = next(part.source for part in program.falsifiers if part.source.id == identifier)
    yield f"{source.id} of {program.id} ({source.place}): {source.rule}"
    yield f"  claim: {' '.join(source.claim.text.split())}"
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
    yield f"  discharges: {', '.join(source.discharges)}"
    yield f"  if it fails: {source.if_fails}"
    yield f"  run it alone: harness run --select {source.id}"


def _obligation(program: Program, identifier: str) -> Iterator[str]:
    obligation = next(part for part in program.contract.obligations if part.id == identifier)
    yield f"{obligation.id} of {program.id} ({obligation.type}): {obligation.property}"
    for falsifier in program.contract.falsifiers:
        if identifier in falsifier.discharges:
            yield f"  discharged by {falsifier.id}: {falsifier.rule}"
