import pytest

from harness.report.read import validated
from harness.report.upgrade import SECOND, upgrade
from tests.harness.report import stored


@pytest.mark.parametrize("name", ["mixed", "falsified", "interrupted"])
def test_records_of_the_first_schema_fit_the_second(name, validate):
    upgraded = upgrade(stored.first(name))
    validate(upgraded)
    assert upgraded["schema"] == SECOND
    assert validated(stored.first(name), "old") == upgraded


def test_verdicts_cases_and_counterexamples_are_kept():
    old, new = stored.first("falsified"), upgrade(stored.first("falsified"))
    for key in ("verdict", "exit_code", "counts", "subject", "paths", "interrupted"):
        assert new[key] == old[key]
    (before,), (after,) = old["contracts"][0]["falsifiers"], new["contracts"][0]["falsifiers"]
    for key in ("id", "verdict", "reason", "cases", "margin", "claim", "place", "if_fails"):
        assert after[key] == before[key]
    example = after["counterexample"]
    assert {step["name"]: step["shown"] for step in example["steps"]} == before["counterexample"]["steps"]
    evidence = before["counterexample"]["evidence"]
    assert example["evidence"]["error"] == abs(float(evidence["got"]) - float(evidence["expected"]))
    assert (example["evidence"]["bound"], example["evidence"]["exceeds"]) == (0, None)  # infinitely far beyond
    assert new["worst_first"] == [after["fingerprint"]]


def test_what_was_not_known_is_empty_not_made_up():
    new = upgrade(stored.first("interrupted"))
    assert new["provenance"]["harness"]["digest"] == new["provenance"]["subject"]["digest"] == ""
    assert (new["baseline"], new["shard"], new["timeout"]) == (None, None, None)
    assert all(line["series"] == [] and line["seed"] == "" for line in new["contracts"][0]["falsifiers"])


def test_what_was_not_run_is_named():
    new = upgrade(stored.first("interrupted"))
    (gap,) = [part for part in new["not_tested"] if part["what"] == "falsifiers that were not run"]
    assert gap["count"] == len(gap["shown"]) == 8
    assert new["interruption"]


def test_records_of_the_second_schema_come_back_as_they_are():
    record = stored.second("faulty")
    assert upgrade(record) is record
