"""A run from order to files, in this process's folder; and the same killed in the middle."""

import json

import pytest

from harness.findings import HandledError
from harness.report.read import read_record
from harness.session import run_session


def outside_run(path):
    record = json.loads((path / "report.json").read_text(encoding="utf-8"))
    record.pop("run")
    return json.dumps(record, indent=1)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    return tmp_path_factory.mktemp("reports")


def test_two_runs_and_other_jobs_are_the_same_bytes_outside_run(order, places, validate):
    ordered = order("reference:FAULT-TINY-001")
    for name, jobs in (("one", 1), ("again", 1), ("two", 2)):
        made = run_session(ordered, "20 cases", jobs, places / name)
        validate(made)
        assert read_record(places / name) == made == json.loads((places / name / "report.json").read_text())
    assert outside_run(places / "one") == outside_run(places / "again") == outside_run(places / "two")
    for path in (places / "one").glob("cases/*/*.json"):
        assert path.read_bytes() == (places / "two" / path.relative_to(places / "one")).read_bytes()


def test_the_log_of_a_run_that_ended_tells_the_same(order, places):
    run_session(order("reference:FAULT-TINY-001"), "20 cases", 2, places / "logged")
    whole = outside_run(places / "logged")
    record = read_record(places / "logged")
    (places / "logged/report.json").unlink()
    from_log = read_record(places / "logged")
    assert json.dumps({key: value for key, value in from_log.items() if key != "run"}, indent=1) == whole
    assert from_log["run"]["falsifier_seconds"].keys() == record["run"]["falsifier_seconds"].keys()


def test_a_baseline_is_told_in_the_stored_record(order, places, record):
    made = run_session(order("reference:FAULT-TINY-001", "bound"), "20 cases", 1, places / "compared", record())
    assert made["baseline"]["new"] and read_record(places / "compared") == made


def test_a_mistake_leaves_no_record_and_a_log_that_claims_nothing(order, places):
    with pytest.raises(HandledError):
        run_session(order("no.such.engine"), "20 cases", 1, places / "mistaken")
    assert not (places / "mistaken/report.json").exists()
    assert read_record(places / "mistaken")["verdict"] == "not run"
