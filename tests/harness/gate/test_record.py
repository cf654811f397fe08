"""The record, held against its published schema."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from harness.gate.gate import gate
from harness.gate.record import gate_record
from harness.gate.releases.freeze import freeze

ROOT = Path(__file__).parents[3]
TODAY = date(2027, 1, 15)
HEAVY = {"numpy", "hypothesis", "numba", "rich"}


@pytest.fixture(scope="session")
def validate():
    return Draft202012Validator(json.loads((ROOT / "harness/gate/gate.schema.json").read_text())).validate


def test_records_keep_the_schema(project, edit, validate):
    validate(gate_record(gate(("contracts",), "", TODAY)))
    freeze(("contracts",), TODAY)
    validate(gate_record(gate(("contracts",), "", TODAY)))
    edit(("features: {min: 1, max: 8}", "features: {min: 1, max: 7}"), ("where: rows % 2 == 0", "where: rows % 4 == 0"))
    record = gate_record(gate(("contracts",), "", TODAY))
    validate(record)
    (contract,) = record["contracts"]
    assert (contract["needed"], contract["raised"], contract["least_version"]) == ("major", "none", "2.0.0")
    changes = {change["kind"]: change for change in contract["since"]["changes"]}
    assert changes["dimension-narrowed"]["new_place"] == {
        "file": "contracts/best-scores-v1.yaml", "line": 9, "column": 3}  # fmt: skip
    assert changes["where-narrowed"]["evidence"]["cases"] > 0


def test_the_example_of_the_views_keeps_the_schema_too(validate):
    from tests.harness.gate.views.conftest import record

    validate(record.__wrapped__() if hasattr(record, "__wrapped__") else record.__pytest_wrapped__.obj())


@pytest.mark.parametrize(
    ("edits", "heavy"),
    [
        ([], set()),
        ([("features: {min: 1, max: 8}", "features: {min: 1, max: 9}")], set()),
        ([("features: {max: 4}", "features: {max: 5}"), ("rows % 2 == 0", "rows > 1")], set()),
        ([("k: {min: 1, max: rows}", "count: {min: 1, max: rows}"), ("probs, k)", "probs, count)"),
          ("count: k", "count: count")], set()),
        ([("best: probs[chosen] / sum(probs[chosen])", "best: probs[chosen] / sum( probs[chosen])")], set()),
        ([("total: sum(scores)", "total: sum(1 * scores)")], {"numpy"}),
    ],
    ids=["nothing", "dimension", "given and where", "renamed", "spaces", "equation"],
)  # fmt: skip
def test_numpy_waits_until_an_equation_changes(edits, heavy, project, edit):
    freeze(("contracts",), TODAY)
    edit(*edits)
    test = "import sys; sys.argv = ['harness', 'gate', '--format', 'json']\nimport harness.cli\n"
    test += (
        "try: harness.cli.main()\nexcept SystemExit: pass\nprint('loaded', *{m.partition('.')[0] for m in sys.modules})"
    )
    ran = subprocess.run([sys.executable, "-c", test], capture_output=True, text=True, check=True)
    assert HEAVY & set(ran.stdout.splitlines()[-1].split()) == heavy, ran.stderr
