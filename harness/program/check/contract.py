"""One contract, section by section; and a set of contracts against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from harness.contract.model import Contract
from harness.findings import Finding, Refused
from harness.program.check.case_sizes import check_case_sizes
from harness.program.check.checker import Checker
from harness.program.check.cover import check_covered_inputs
from harness.program.check.dependencies import check_dependencies, imported_formats
from harness.program.check.dimensions import check_dimension
from harness.program.check.equations import check_equation
from harness.program.check.falsifiers import check_falsifier
from harness.program.check.faults import check_fault
from harness.program.check.formats import check_formats
from harness.program.check.inputs import check_input
from harness.program.check.naming import check_names
from harness.program.check.padding import check_padding
from harness.program.check.refusal_coverage import check_refusal_coverage
from harness.program.check.refusals import check_refusal
from harness.program.check.sizes import check_sizes
from harness.program.check.subjects import check_subject
from harness.program.check.tables import check_cells
from harness.program.check.unused import check_unused
from harness.program.check.waivers import check_waivers
from harness.program.model import Program


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
    checker = Checker(contract)
    program = _program(checker, others)
    if checker.findings:
        raise Refused(sorted(checker.findings, key=lambda finding: finding.place))
    return program


def _program(checker: Checker, others: Mapping[str, Contract]) -> Program:
    """Every section in its order: each may use what stands before it."""
    contract = checker.contract
    check_dependencies(checker, others)
    check_names(checker)
    formats = {**imported_formats(contract, others), **check_formats(checker)}
    dimensions = {name: check_dimension(checker, name) for name in contract.dimensions}
    check_sizes(checker, dimensions)
    inputs = {name: check_input(checker, name, formats) for name in contract.inputs}
    for table in contract.tables.values():
        check_cells(checker, table)
    equations = {name: check_equation(checker, name) for name in contract.equations}
    inputs = check_padding(checker, inputs)
    subjects = {name: check_subject(checker, name) for name in contract.subjects}
    scope = checker.scope(subjects)
    refusals = [check_refusal(checker, index, scope) for index in range(len(contract.refusals))]
    falsifiers = [
        check_falsifier(checker, index, scope, inputs, dimensions) for index in range(len(contract.falsifiers))
    ]
    check_refusal_coverage(checker, falsifiers, refusals)
    faults = {fault.id: check_fault(checker, index, equations, scope) for index, fault in enumerate(contract.faults)}
    check_unused(checker)
    program = Program(
        contract, scope, dimensions, contract.sizes, inputs, formats, equations,
        tuple(part for part in falsifiers if part), tuple(part for part in refusals if part), faults, checker.held,
        checker.by_rows, checker.held_by_rows,
    )  # fmt: skip
    check_covered_inputs(checker, program)
    check_waivers(checker, program)
    check_case_sizes(checker, program)
    return program
