"""A first run of a contract earns its kill record; the next run into the same folder reads it."""

import json

import pytest

from harness.findings import HandledError
from harness.report.read import read_record
from harness.run.plan import Order
from harness.session import run_session
from harness.subjects.interrupt import Interrupted

CLAIM = "stagewise(rows())"


@pytest.fixture
def contract(tmp_path, small_contract):
    path = tmp_path / "contracts/rows-v1.yaml"
    path.parent.mkdir()
    path.write_text(small_contract(CLAIM))
    return path


@pytest.fixture
def run(contract, tmp_path):
    def called(*, jobs=1, earn=True, folder="report", select="", shard=None, subject="reference"):
        order = Order((str(contract),), subject, 20, select=select, shard=shard)
        record = run_session(order, "20 cases", jobs, tmp_path / folder, earn_teeth=earn)
        assert read_record(tmp_path / folder) == record  # which checks the schema, too
        return record

    return called


def outside_run(record):
    return json.dumps({key: value for key, value in record.items() if key != "run"})


def test_a_first_run_and_the_next(run, contract, tmp_path, capsys):
    first = run()
    assert first["counts"] == {"survived": 3} and first["teeth"]["rows"]["state"] == "earned"
    assert first["run"]["teeth_seconds"] > 0
    before, after = capsys.readouterr().err.splitlines()
    assert before.startswith(f"{contract}: there is no kill record: faults are planted first")
    assert "--no-teeth" in before
    assert after.startswith("faults planted in ") and after.endswith(f"kept in {tmp_path / 'report/teeth'}")
    assert (tmp_path / "report/teeth/rows-v1.json").is_file() and list(contract.parent.iterdir()) == [contract]

    second = run(jobs=2)
    assert outside_run(second) == outside_run(first) and "teeth_seconds" not in second["run"]
    assert capsys.readouterr().err == ""


def test_the_record_beside_the_contract_comes_first(run, contract, write_kill_records):
    write_kill_records(contract)
    record = run()
    assert record["teeth"]["rows"]["state"] == "current" and "teeth_seconds" not in record["run"]


def test_a_contract_that_changed_is_earned_anew(run, contract, small_contract, write_kill_records):
    write_kill_records(contract)
    run()
    contract.write_text(small_contract("rows().total == rows().total"))
    changed = run()
    assert changed["teeth"]["rows"]["state"] == "earned" and changed["run"]["teeth_seconds"] > 0
    empty, *others = changed["contracts"][0]["falsifiers"]
    assert changed["counts"] == {"vacuous": 3} and "noticed none of them" in empty["reason"]
    for line in others:
        assert line["reason"].startswith("a wrong kernel would survive this contract, too: ")


def test_without_teeth(run, tmp_path):
    record = run(earn=False)
    assert record["counts"] == {"vacuous": 3} and not (tmp_path / "report/teeth").exists()


def test_all_parts_of_a_run_say_the_same(run):
    parts = [run(folder=f"part{number}", select="rows", shard=(number, 2)) for number in (1, 2)]
    assert parts[0]["teeth"] == parts[1]["teeth"] and parts[0]["teeth"]["rows"]["state"] == "earned"


def test_what_cannot_be_evaluated_is_an_error(run, contract, small_contract, capsys):
    contract.write_text(small_contract("raises(rows())"))
    record = run()
    assert record["counts"] == {"error": 1, "survived": 2} and record["exit_code"] == 2
    assert "FALSIFY-ROWS-001 cannot be evaluated with the correct implementation" in capsys.readouterr().err
    assert run()["run"]["teeth_seconds"] > 0  # tried anew


def test_what_the_kill_record_has_against_the_contract_is_told(run, contract, small_contract):
    contract.write_text(small_contract("rows().total == rows().total"))
    (gap,) = [gap for gap in run()["not_tested"] if gap["what"] == "mistakes that nobody might notice"]
    assert gap["shown"][0] == "rows: FALSIFY-ROWS-001: kills none of the planted faults"


ZEROS = """\
metadata: {id: zeros, version: 1.0.0, lifecycle: active, title: Twice the input, references: [none]}
dimensions: {n: {min: 1, max: 8}}
inputs: {x: {dtype: f32, shape: [n], values: [zeros]}}
equations: {y: EQUATION}
subjects: {twice: {arguments: {x: x}, returns: {y: y}}}
proof_obligations: [{id: ZEROS-TWICE, type: equivalence, property: twice the input}]
falsification_tests:
  - {id: FALSIFY-ZEROS-001, discharges: [ZEROS-TWICE], rule: r, if_fails: f, claim: "close(twice().y, y)"}
"""
EVERYTHING_WAIVED = """\
faults: [{id: FAULT-ZEROS-001, story: one is added, replace: {y: x + 1}}]
waived_mutants: [{mutant: "y:3-for-2@1", reason: nobody reads it}, {mutant: "y:1-for-2@1", reason: nobody reads it}]
waived_saboteurs: [{saboteur: SABOTEUR-STALE, reason: nobody asks}, {saboteur: SABOTEUR-LAST-DROPPED, reason: none}]
"""


@pytest.mark.parametrize(("equation", "values", "waived", "recorded", "said"), [
    ("x * 2", "zeros", "", False, "`twice` is never given other values than x = 0.0"),
    ("x * 2 + arange(n)", "zeros", "", False, "`twice` is never given other values than x = 0.0"),
    ("relu(0 - abs(x))", "normal", "", False, "the same number for every input passes as `twice`"),
    ("x * 2", "zeros", EVERYTHING_WAIVED, True, "`twice` is never given other values than x = 0.0"),
])  # fmt: skip
def test_inputs_that_show_nothing_are_no_green(
    run, contract, write_kill_records, equation, values, waived, recorded, said
):
    text = ZEROS.replace("EQUATION", f'"{equation}"').replace("[zeros]", f"[{values}]")
    contract.write_text(text.replace("id: zeros", "id: rows") + waived)
    if recorded:
        write_kill_records(contract)
    record = run(earn=not recorded)
    assert (record["counts"], record["exit_code"]) == ({"vacuous": 1}, 1)
    (line,) = record["contracts"][0]["falsifiers"]
    assert said in line["reason"] and "\n" not in line["reason"]


def test_ctrl_c_while_faults_are_planted(run, monkeypatch, tmp_path):
    def interrupted(*_):
        raise Interrupted

    monkeypatch.setattr("harness.teeth.run.earn", interrupted)
    record = run()
    assert record["interrupted"] and record["counts"] == {"not run": 3} and record["exit_code"] == 2
    assert not (tmp_path / "report/teeth").exists()


def test_a_comparison_that_ends_its_process_leaves_the_run_alone(run, monkeypatch, capsys):
    def refused(*_):
        raise HandledError("it was too large")

    monkeypatch.setattr("harness.teeth.run.earn", refused)
    record = run()
    assert record["counts"] == {"vacuous": 3} and record["teeth"]["rows"] == {
        "state": "none", "why": "it was too large", "summary": None,
    }  # fmt: skip
    assert "no kill record: it was too large" in capsys.readouterr().err
