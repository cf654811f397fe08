"""Records from files: older ones, newer ones, and whatever somebody else may have put there."""

import copy
import json

import pytest

from harness.findings import HandledError
from harness.report import read
from harness.report.read import read_record, record_schema, validated
from tests.harness.report import stored as stored_records


@pytest.fixture
def stored(record, tmp_path):
    """A stored record, with something done to it."""

    def store(change=None, name="report.json"):
        made = copy.deepcopy(record("reference:FAULT-TINY-001"))
        if change is not None:
            change(made)
        (tmp_path / name).write_text(json.dumps(made))
        return tmp_path / name

    return store


def refused(path):
    with pytest.raises(HandledError) as error:
        read_record(path)
    assert "\n" not in str(error.value) and len(str(error.value)) < 500
    return str(error.value)


def test_a_record_comes_back_from_its_file_and_from_its_folder(stored, record):
    path = stored()
    assert read_record(path) == read_record(path.parent) == record("reference:FAULT-TINY-001")


def test_where_there_is_no_record_the_log_is_read(tmp_path, run_block, order, provenance):
    from harness.report.events import EventLog
    from harness.report.record import unplanned

    with EventLog(tmp_path, unplanned(order(), "ci", provenance), run_block):
        pass
    made = read_record(tmp_path)
    assert (made["verdict"], made["interrupted"]) == ("not run", True)


def test_a_log_of_nonsense_is_refused(tmp_path):
    good = {"event": "started", "log": "contract-harness/events/1", "at": 0.0}
    for more in ({}, {"header": 7, "run": {}}, {"header": {"contracts": [7]}, "run": {}}, {"header": [], "run": []}):
        (tmp_path / "events.jsonl").write_text(json.dumps(good | more) + "\n")
        assert str(tmp_path / "events.jsonl") in refused(tmp_path)


@pytest.mark.parametrize("name", ["contract-harness/record/3", "", "somebody-else/record/2", "x" * 5000])
def test_unknown_schemas_are_refused_by_name(stored, name):
    told = refused(stored(lambda made: made.update(schema=name)))
    assert "this version reads 'contract-harness/record/2'" in told and name[:40] in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda made: made.pop("counts"), "breaks the schema at its top: 'counts' is a required property"),
        (lambda made: made.update(extra=1), "breaks the schema at its top"),
        (lambda made: made["contracts"][0]["falsifiers"][1].update(cases="many"),
         "breaks the schema at .contracts[0].falsifiers[1].cases: 'many' is not of type 'integer'"),
        (lambda made: made["contracts"][0].update(id="../../home"), "breaks the schema at .contracts[0].id"),
        (lambda made: made["contracts"][0]["falsifiers"][0].update(case="cases/../../x.json"), ".case"),
        (lambda made: made.update(contracts={}), "breaks the schema at .contracts"),
        (lambda made: made.update(schema=2), "not a record: expected an object with `schema`"),
    ],
)  # fmt: skip
def test_data_that_break_the_schema(stored, change, told):
    assert told in refused(stored(change))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not a record"),
        ("[]", "expected an object with `schema`"),
        ("nul", "not a record"),
        ("[" * 200_000, "nested too deeply"),
        ('{"schema": ' + "{}" * 5, "not a record"),
        ('{"schema": "contract-harness/record/2", "verdict": NaN}', "NaN is no JSON number"),
        ('{"schema": "contract-harness/record/1"}', "not a record of contract-harness/record/1"),
        ('{"schema": "contract-harness/record/2", "exit_code": ' + "9" * 400 + "}", "an integer of 400 digits"),
        ("\udcff", "not a record"),
    ],
)
def test_hostile_texts(tmp_path, text, told):
    (tmp_path / "report.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert told in refused(tmp_path / "report.json")


def test_deep_nesting_where_the_schema_allows_anything_is_no_crash(record, tmp_path):
    made = copy.deepcopy(record())
    text = json.dumps(made)[:-1] + ', "extra": ' + "[" * 900 + "]" * 900 + "}"
    (tmp_path / "report.json").write_text(text)
    assert "breaks the schema" in refused(tmp_path / "report.json")


def test_files_that_are_none(tmp_path, monkeypatch):
    assert "No such file" in refused(tmp_path / "absent.json")
    assert "no report in this folder: expected report.json or events.jsonl" in refused(tmp_path)
    assert "not a file" in refused(tmp_path.__class__("/dev/null"))
    monkeypatch.setattr(read, "LARGEST", 10)
    (tmp_path / "report.json").write_text("{" + " " * 20)
    assert "21 bytes are too many" in refused(tmp_path)


def test_the_schema_is_the_published_one(schema):
    assert record_schema() == schema


def test_checked_takes_data(record, tmp_path):
    assert validated(record(), tmp_path) == record() and record_schema()["$id"] == "contract-harness/record/2"


LIES = {
    "survived": {"verdict": "survived", "exit_code": 0, "counts": {"survived": 31}, "worst_first": []},
    "order": {"worst_first": ["0" * 16]},
    "interrupted": {"interrupted": True},
    "gaps": {"not_tested": []},
}


@pytest.mark.parametrize("header", LIES.values(), ids=LIES)
def test_a_header_that_contradicts_the_lines_is_not_believed(header):
    true = stored_records.second("faulty")
    assert validated(true | header, "report.json") == validated(true, "report.json")
    assert (validated(true, "report.json")["verdict"], true["counts"]["falsified"]) == ("error", 3)


def test_a_record_without_lines_is_of_nothing_run():
    made = validated(stored_records.second("sound") | {"contracts": []}, "report.json")
    assert (made["verdict"], made["exit_code"], made["counts"], made["worst_first"]) == ("not run", 2, {}, [])


def test_a_claim_of_no_contract_is_counted_whatever_the_header_says(record):
    sound = copy.deepcopy(record(select="FALSIFY-TINY-001"))
    assert sound["verdict"] == "survived"
    made = validated(sound | {"unknown_claims": ["other"]}, "report.json")
    assert (made["verdict"], made["exit_code"]) == ("not run", 2)


def test_what_stands_twice_would_be_counted_twice(stored):
    doubled = stored(lambda made: made["contracts"][0]["falsifiers"].append(made["contracts"][0]["falsifiers"][0]))
    assert "tiny FALSIFY-TINY-001 stands in it twice" in refused(doubled)
    assert "tiny stands in it twice" in refused(stored(lambda made: made["contracts"].append(made["contracts"][0])))
