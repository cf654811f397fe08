import pytest

from harness.search.outcome import ERROR, FALSIFIED, SURVIVED, VACUOUS, Outcome
from harness.teeth.keys import keys
from harness.teeth.record import SCHEMA, write_kill_record
from harness.teeth.verdict import CURRENT, EARNED, NONE, STALE, earned, teeth_of


@pytest.fixture
def program(rows, tmp_path):
    return rows(path=tmp_path / "rows-v1.yaml")


FAULTS = {"FAULT-ROWS-001": {"kind": "declared"}} | {f"m{number}": {"kind": "mutant"} for number in range(9)}


def write(program, kills, **changed):
    write_kill_record(program, {
        "schema": SCHEMA, "keys": keys(program) | changed, "summary": {"holds": True}, "lives": [],
        "faults": FAULTS, "falsifiers": {"FALSIFY-ROWS-001": {"cases": 40, "kills": kills}},
    })  # fmt: skip


def outcome(program, verdict=SURVIVED):
    return earned(Outcome("rows", "FALSIFY-ROWS-001", verdict), teeth_of(program))


def test_survived_with_a_kill(program):
    write(program, {"m1": 1, "m2": 2, "FAULT-ROWS-001": 3, "m4": 4})
    settled = outcome(program)
    assert (settled.verdict, settled.reason) == (SURVIVED, "")
    assert settled.kills == {"count": 4, "faults": ["FAULT-ROWS-001"], "of": 10}
    assert teeth_of(program)["state"] == CURRENT


def test_survived_without_one_is_vacuous(program):
    write(program, {})
    settled = outcome(program)
    assert settled.verdict == VACUOUS and "noticed none of them" in settled.reason and settled.kills["count"] == 0


def test_no_record(program):
    settled = outcome(program)
    assert settled.verdict == VACUOUS
    assert settled.reason == "no kill on record for this version; run `harness teeth` (there is no kill record)"
    assert teeth_of(program)["state"] == NONE and settled.kills is None


@pytest.mark.parametrize(("changed", "why"), [({"language": 0}, "version 0 of the language"),
                                              ({"contract": "0" * 64}, "another version of the contract")])  # fmt: skip
def test_a_record_of_something_else(program, changed, why):
    write(program, {"m1": 1}, **changed)
    settled = outcome(program)
    assert settled.verdict == VACUOUS and why in settled.reason and teeth_of(program)["state"] == STALE


def test_what_could_not_be_found_out_is_an_error(program):
    teeth = teeth_of(program) | {"state": EARNED, "errors": {"FALSIFY-ROWS-001": "FALSIFY-ROWS-001 cannot be"}}
    settled = earned(Outcome("rows", "FALSIFY-ROWS-001", SURVIVED), teeth)
    assert settled.verdict == ERROR and settled.reason == "what it can notice is not known: FALSIFY-ROWS-001 cannot be"
    assert earned(Outcome("rows", "FALSIFY-ROWS-002", SURVIVED), teeth).verdict == VACUOUS
    assert earned(Outcome("rows", "FALSIFY-ROWS-001", FALSIFIED), teeth).verdict == FALSIFIED


def test_other_verdicts_stand(program):
    assert outcome(program, FALSIFIED).verdict == FALSIFIED


def test_each_falsifier_of_a_contract_by_its_own_kills(program):
    write(program, {"m1": 1})
    teeth = teeth_of(program)
    outcomes = [earned(Outcome("rows", f"FALSIFY-ROWS-00{n}", SURVIVED), teeth) for n in (1, 2)]
    assert [part.verdict for part in outcomes] == [SURVIVED, VACUOUS]
    assert teeth["summary"] == {"holds": True}


@pytest.mark.parametrize(("text", "said"), [(None, ""), ("{", "install that anew, or run without --no-teeth")])
def test_nobody_is_sent_to_edit_an_installed_copy(rows, tmp_path, monkeypatch, text, said):
    program = rows(path=tmp_path / "contracts/rows-v1.yaml")
    (tmp_path / "contracts/teeth").mkdir(parents=True)
    if text:
        (tmp_path / "contracts/teeth/rows-v1.json").write_text(text)
    monkeypatch.setattr("harness.shipped.DATA", tmp_path)
    reason = outcome(program).reason
    assert said in reason and "run without --no-teeth" in reason
    assert "remove the file" not in reason and "harness teeth" not in reason


def test_what_the_record_has_against_the_contract_holds_for_each_survivor(program):
    teeth = teeth_of(program) | {"state": CURRENT, "kills": {"FALSIFY-ROWS-001": {"count": 3}}, "against": ["A", "B"]}
    settled = earned(Outcome("rows", "FALSIFY-ROWS-001", SURVIVED), teeth)
    assert settled.verdict == VACUOUS
    assert settled.reason == "a wrong kernel would survive this contract, too: A (and 1 more: `harness teeth`)"
    assert earned(Outcome("rows", "FALSIFY-ROWS-001", FALSIFIED), teeth).verdict == FALSIFIED
