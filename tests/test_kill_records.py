"""What lies in contracts/teeth/: every falsifier has killed something. Is it current? `harness teeth --check`."""

from pathlib import Path

import pytest

from harness.program.collection import load
from harness.teeth.record import read_kill_record

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = {program.id: program for program in load((str(ROOT / "contracts"),))}


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_falsifier_of_every_contract_kills_something(name):
    record = read_kill_record(PROGRAMS[name])
    assert record is not None
    vacuous = [
        part.source.id
        for part in PROGRAMS[name].falsifiers
        if not record["falsifiers"].get(part.source.id, {}).get("kills")
    ]
    assert vacuous == [] == record["summary"]["vacuous"]


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_declared_fault_is_killed_by_a_claim(name):
    record = read_kill_record(PROGRAMS[name])
    for fault in PROGRAMS[name].contract.faults:
        assert [line for line in record["falsifiers"].values() if fault.id in line["kills"]], fault.id


@pytest.mark.parametrize("name", PROGRAMS)
def test_of_the_mutants_that_differ_nearly_all_are_killed_and_each_survivor_has_its_reason(name):
    record = read_kill_record(PROGRAMS[name])
    mutants = record["summary"]["mutants"]
    assert mutants["killed"] >= 0.95 * mutants["distinguishable"]
    assert all(entry["reason"].strip() for entry in record["lives"])
    killed = {fault for line in record["falsifiers"].values() for fault in {**line["kills"], **line.get("checks", {})}}
    alive = {entry["fault"] for entry in record["lives"] if entry["fate"] != "stale waiver"}
    assert killed | alive == set(record["faults"]) and not killed & alive


def test_no_record_without_its_contract():
    stems = {Path(program.contract.path).stem for program in PROGRAMS.values()}
    assert {path.stem for path in (ROOT / "contracts" / "teeth").iterdir()} == stems
