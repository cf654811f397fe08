import copy
import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator, ValidationError

from harness.language.syntax import parse
from harness.program.model import CoverProgram
from harness.report.record import EXIT_CODES, SCHEMA, assemble, exit_code, header, lines_of, overall
from harness.report.record import unplanned as made_before_planning
from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN, SURVIVED, UNDECIDED, VACUOUS, VERDICTS

OPTIONAL = {"teeth_seconds", "format", "declared", "memory", "sharpness", "compared", "sampled"}


def test_the_schema_is_a_schema_and_names_this_record(schema):
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == schema["properties"]["schema"]["const"] == SCHEMA


def objects(schema):
    if isinstance(schema, dict):
        if "properties" in schema and "type" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)


def test_the_schema_is_closed_and_asks_for_every_key(schema):
    for part in objects(schema):
        assert part["additionalProperties"] is False
        assert set(part["properties"]) - OPTIONAL == set(part["required"]) - OPTIONAL


@pytest.mark.parametrize("subject", ["reference", "reference:FAULT-TINY-001"])
def test_records_of_runs_fit_the_schema(record, validate, subject):
    made = record(subject)
    validate(made)
    validate(json.loads(json.dumps(made, allow_nan=False)))
    assert {line["verdict"] for contract in made["contracts"] for line in contract["falsifiers"]} >= {
        SURVIVED, UNDECIDED, VACUOUS, ERROR,
    }  # fmt: skip


def test_an_interrupted_run_fits_the_schema_and_is_not_complete(interrupted, validate):
    validate(interrupted)
    assert (interrupted["interrupted"], interrupted["verdict"], interrupted["exit_code"]) == (True, NOT_RUN, 2)
    assert interrupted["counts"] == {NOT_RUN: 8, SURVIVED: 2}


def test_the_record_says_what_was_tried(record):
    made = record()
    (contract,) = made["contracts"]
    first = contract["falsifiers"][0]
    assert made["counts"] == {ERROR: 1, VACUOUS: 1, UNDECIDED: 1, SURVIVED: 7}
    assert first["cases"] == first["wanted"] == 20
    assert sum(part["cases"] for part in first["tried"]["dimensions"]["rows"]) == 20
    assert sum(first["tried"]["kinds"]["x"].values()) == 20
    assert 15 <= first["distinct"] <= 20 and first["functions"] == ["product"]
    assert 0 < first["margin"] <= 1 and 1 <= first["margin_number"] <= 20
    worst = max(first["series"], key=lambda point: point["error"] / point["bound"] if point["error"] else 0)
    assert worst["case"] == first["margin_number"] and worst["error"] / worst["bound"] == first["margin"]
    assert next(iter(made["run"]["falsifier_seconds"])) == "tiny FALSIFY-TINY-001"


def test_the_record_says_what_was_covered_and_what_was_declined(order, validate, fresh_result, record_of):
    ordered = order(cases=20)
    result = fresh_result(ordered)
    part = CoverProgram("one row", parse("rows == 1"), 0.25)
    key, covering = next(iter(result.outcomes.items()))
    covering.tally.situations["one row"] = 7
    outcomes = {**result.outcomes, key: replace(covering, cover=(part,))}
    declined = {
        "contract": "tiny",
        "falsifier": "FALSIFY-TINY-004",
        "obligation": "TINY-REFUSAL",
        "reason": "no promise",
    }
    plan = replace(result.plan, declined=[tuple(declined.values())])
    made = record_of(ordered, replace(result, plan=plan, outcomes=outcomes))
    validate(made)
    first, second, *_ = made["contracts"][0]["falsifiers"]
    assert first["cover"] == [{"situation": "one row", "least": 0.25, "seen": 7, "of": 20}] and second["cover"] == []
    assert made["declined"] == [declined]


def test_two_runs_are_alike_outside_run(record, order, fresh_result, record_of):
    ordered = order("reference:FAULT-TINY-001")
    first = record("reference:FAULT-TINY-001")
    second = record_of(ordered, fresh_result(ordered), seconds=9.0)
    assert first.pop("run") != second.pop("run")
    assert json.dumps(first, indent=1).splitlines() == json.dumps(second, indent=1).splitlines()


@pytest.mark.parametrize(
    ("change", "value"),
    [
        (["extra"], 1),
        (["verdict"], "green"),
        (["exit_code"], 3),
        (["schema"], "contract-harness/record/3"),
        (["contracts", 0, "digest"], "abc"),
        (["contracts", 0, "falsifiers", 0, "cases"], 0),
        (["contracts", 0, "falsifiers", 0, "reason"], "because"),
        (["contracts", 0, "falsifiers", 0, "margin"], "inf"),
        (["contracts", 0, "falsifiers", 7, "reason"], ""),
        (["run", "user"], "mine"),
        (["contracts", 0, "id"], "../../etc"),
        (["contracts", 0, "falsifiers", 0, "case"], "cases/../../FALSIFY-X.json"),
        (["worst_first"], ["x"]),
    ],
)
def test_other_data_break_the_schema(record, validate, change, value):
    made = copy.deepcopy(record())
    *parents, last = change
    target = made
    for step in parents:
        target = target[step]
    target[last] = value
    with pytest.raises(ValidationError):
        validate(made)


@pytest.mark.parametrize(
    ("counts", "verdict", "code"),
    [
        ({}, NOT_RUN, 2),
        ({SURVIVED: 3}, SURVIVED, 0),
        ({SURVIVED: 3, UNDECIDED: 1}, UNDECIDED, 1),
        ({SURVIVED: 3, VACUOUS: 1, UNDECIDED: 1}, VACUOUS, 1),
        ({SURVIVED: 3, FALSIFIED: 1}, FALSIFIED, 1),
        ({FALSIFIED: 1, NOT_RUN: 1}, FALSIFIED, 2),
        ({FALSIFIED: 1, ERROR: 1}, ERROR, 2),
    ],
)
def test_verdict_and_exit_code_of_a_run(counts, verdict, code):
    assert (overall(counts), exit_code(counts)) == (verdict, code)


def test_a_claim_of_nothing_is_no_success():
    assert overall({SURVIVED: 3}, complete=False) == NOT_RUN
    assert overall({FALSIFIED: 3}, complete=False) == FALSIFIED
    assert exit_code({SURVIVED: 3}, complete=False) == 2


def test_every_verdict_has_an_exit_code():
    assert set(EXIT_CODES) == set(VERDICTS)


def test_before_anything_is_planned_there_is_a_record_too(order, provenance, run_block, validate):
    made = assemble(made_before_planning(order(), "ci", provenance), {}, run_block, "interrupted at once")
    validate(made)
    assert (made["verdict"], made["exit_code"], made["contracts"]) == (NOT_RUN, 2, [])


def test_a_falsifier_without_a_result_is_never_a_survivor(record, order, result, provenance, run_block):
    planned = header(order(), "ci", result(order()).plan, {}, provenance)
    made = assemble(planned, {}, run_block, "", {("tiny", "FALSIFY-TINY-002"): "because"})
    reasons = {line["id"]: (line["verdict"], line["reason"]) for _, line in lines_of(made)}
    assert len(reasons) == 10 and reasons.pop("FALSIFY-TINY-002") == (NOT_RUN, "because")
    assert set(reasons.values()) == {(NOT_RUN, "nothing is known of it")}


def test_the_worst_come_first(record):
    made = record("reference:FAULT-TINY-001")
    by_print = {line["fingerprint"]: line for _, line in lines_of(made)}
    assert len(by_print) == 10
    verdicts = [by_print[name]["verdict"] for name in made["worst_first"]]
    assert verdicts == sorted(verdicts, key=VERDICTS.index) and SURVIVED not in verdicts
    assert len(verdicts) == 10 - made["counts"][SURVIVED]
