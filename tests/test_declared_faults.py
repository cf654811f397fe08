"""Every declared fault, planted in the reference, is falsified; the falsifier that kills it is named here."""

from pathlib import Path

import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED
from harness.subjects.reference import Reference

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = {program.id: program for program in load((str(ROOT / "contracts"),))}
CASES = 200

KILLED_BY = {
    "FAULT-SLICE-001": "FALSIFY-SLICE-001",
    "FAULT-SLICE-002": "FALSIFY-SLICE-003",
    "FAULT-SWIGLU-003": "FALSIFY-SWIGLU-010",
    "FAULT-SWIGLU-004": "FALSIFY-SWIGLU-002",
    "FAULT-SWIGLU-005": "FALSIFY-SWIGLU-041",
    "FAULT-SWIGLU-001": "FALSIFY-SWIGLU-005",
    "FAULT-SWIGLU-002": "FALSIFY-SWIGLU-002",
    "FAULT-BLOCKS-003": "FALSIFY-BLOCKS-010",
    "FAULT-BLOCKS-004": "FALSIFY-BLOCKS-040",
    "FAULT-BLOCKS-001": "FALSIFY-BLOCKS-004",
    "FAULT-BLOCKS-002": "FALSIFY-BLOCKS-008",
    "FAULT-ROUTER-003": "FALSIFY-MOE-ROUTER-002",
    "FAULT-ROUTER-004": "FALSIFY-MOE-ROUTER-002",
    "FAULT-ROUTER-005": "FALSIFY-MOE-ROUTER-013",
    "FAULT-ROUTER-006": "FALSIFY-MOE-ROUTER-012",
    "FAULT-ROUTER-007": "FALSIFY-MOE-ROUTER-001",
    "FAULT-ROUTER-008": "FALSIFY-MOE-ROUTER-041",
    "FAULT-ROUTER-001": "FALSIFY-MOE-ROUTER-001",
    "FAULT-ROUTER-002": "FALSIFY-MOE-ROUTER-001",
    "FAULT-FFN-003": "FALSIFY-QW3-MOE-002",
    "FAULT-FFN-004": "FALSIFY-QW3-MOE-003",
    "FAULT-FFN-005": "FALSIFY-QW3-MOE-002",
    "FAULT-FFN-006": "FALSIFY-QW3-MOE-019",
    "FAULT-FFN-007": "FALSIFY-QW3-MOE-016",
    "FAULT-FFN-008": "FALSIFY-QW3-MOE-014",
    "FAULT-FFN-001": "FALSIFY-QW3-MOE-002",
    "FAULT-FFN-002": "FALSIFY-QW3-MOE-002",
    "FAULT-Q8K-001": "FALSIFY-Q8K-001",
    "FAULT-Q8K-002": "FALSIFY-Q8K-001",
    "FAULT-Q8K-003": "FALSIFY-Q8K-001",
    "FAULT-Q8K-004": "FALSIFY-Q8K-007",
    "FAULT-APRT-001": "FALSIFY-APRT-001",
    "FAULT-TOKENS-001": "FALSIFY-TOKENS-001",
    "FAULT-TOKENS-002": "FALSIFY-TOKENS-005",
    "FAULT-TOKENS-003": "FALSIFY-TOKENS-006",
}
FAULTS = [(program.id, fault.id) for program in PROGRAMS.values() for fault in program.contract.faults]


@pytest.mark.usefixtures("quick_shrink")
@pytest.mark.parametrize(("contract", "fault"), FAULTS, ids=[fault for _, fault in FAULTS])
def test_a_declared_fault_is_falsified(contract, fault):
    program = PROGRAMS[contract]
    falsifier = next(part for part in program.falsifiers if part.source.id == KILLED_BY[fault])
    outcome = Search(program, falsifier, Reference(fault), CASES).run()
    assert outcome.verdict == FALSIFIED
    assert outcome.counterexample is not None and outcome.counterexample["evidence"]["got"]


def test_the_table_names_every_fault_and_no_other():
    assert sorted(KILLED_BY) == sorted(fault for _, fault in FAULTS)
