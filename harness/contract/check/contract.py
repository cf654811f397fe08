"""One contract, section by section; and a set of contracts against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from harness.contract.check.cover import check_covered_inputs
from harness.contract.check.dependencies import check_dependencies, imported_formats
from harness.contract.check.desk import Desk
from harness.contract.check.dimensions import check_dimension
from harness.contract.check.equations import check_equation
from harness.contract.check.falsifiers import check_falsifier
from harness.contract.check.faults import check_fault
from harness.contract.check.formats import check_formats
from harness.contract.check.inputs import check_input
from harness.contract.check.naming import check_names
from harness.contract.check.provoked import check_provoked
from harness.contract.check.refusals import check_refusal
from harness.contract.check.subjects import check_subject
from harness.contract.check.tables import check_cells
from harness.contract.check.unused import check_unused
from harness.contract.check.waivers import check_waivers
from harness.contract.model import Contract
from harness.contract.program import Program
from harness.findings import Finding, Refused


def check_all(contracts: Iterable[Contract]) -> list[Program]:
    """Every contract of a set checked against the others; Refused with all findings."""
    contracts = list(contracts)
    by_id = {contract.metadata.id: contract for contract in contracts}
    programs: list[Program] = []
    findings: list[Finding] = []
    for contract in contracts:
        try:
            programs.append(check(contract, by_id))
        except Refused as refused:
            findings.extend(refused.findings)
    if findings:
        raise Refused(findings)
    return programs


def check(contract: Contract, others: Mapping[str, Contract]) -> Program:
    """One contract; `others` are those it may depend on. Raises Refused with every finding."""
    desk = Desk(contract)
    program = _program(desk, others)
    if desk.findings:
        raise Refused(sorted(desk.findings, key=lambda finding: finding.place))
    return program


def _program(desk: Desk, others: Mapping[str, Contract]) -> Program:
    """Every section in its order: each may use what stands before it."""
    contract = desk.contract
    check_dependencies(desk, others)
    check_names(desk)
    formats = {**imported_formats(contract, others), **check_formats(desk)}
    dimensions = {name: check_dimension(desk, name) for name in contract.dimensions}
    inputs = {name: check_input(desk, name, formats) for name in contract.inputs}
    for table in contract.tables.values():
        check_cells(desk, table)
    equations = {name: check_equation(desk, name) for name in contract.equations}
    subjects = {name: check_subject(desk, name) for name in contract.subjects}
    scope = desk.scope(subjects)
    refusals = [check_refusal(desk, index, scope) for index in range(len(contract.refusals))]
    falsifiers = [check_falsifier(desk, index, scope, inputs, dimensions) for index in range(len(contract.falsifiers))]
    check_provoked(desk, falsifiers, refusals)
    faults = {fault.id: check_fault(desk, index, equations, scope) for index, fault in enumerate(contract.faults)}
    check_unused(desk)
    program = Program(
        contract, scope, dimensions, inputs, formats, equations,
        tuple(part for part in falsifiers if part), tuple(part for part in refusals if part), faults,
    )  # fmt: skip
    check_covered_inputs(desk, program)
    check_waivers(desk, program)
    return program
