import copy

import pytest

from harness.report.baseline import compared, content_digest
from harness.report.record import lines_of


@pytest.fixture
def sound(record):
    return copy.deepcopy(record("reference"))


@pytest.fixture
def faulty(record):
    return copy.deepcopy(record("reference:FAULT-TINY-001"))


def statuses(record):
    return {line["id"][-3:]: line["status"] for _, line in lines_of(record) if line["status"]}


def by_id(record, number):
    return next(line for _, line in lines_of(record) if line["id"].endswith(number))


def test_what_failed_here_alone_is_new(sound, faulty, validate):
    made = compared(faulty, sound)
    validate(made)
    assert statuses(made)["001"] == statuses(made)["003"] == "new" and statuses(made)["008"] == "known"
    assert by_id(made, "001")["fingerprint"] in made["baseline"]["new"]
    assert set(made["baseline"]["known"]) == {by_id(made, number)["fingerprint"] for number in ("007", "008", "009")}
    assert made["baseline"]["subject"] == "reference" and made["baseline"]["verdict"] == "error"


def test_what_failed_there_alone_is_fixed(sound, faulty, validate):
    made = compared(sound, faulty)
    validate(made)
    assert {part["falsifier"][-3:] for part in made["baseline"]["fixed"]} == {
        number for number, status in statuses(made).items() if status == "fixed"
    } == {number for number, status in statuses(compared(faulty, sound)).items() if status == "new"}  # fmt: skip
    assert made["baseline"]["new"] == []


def test_a_report_against_itself(faulty):
    made = compared(faulty, faulty)
    assert set(statuses(made).values()) == {"known"}
    assert set(made["baseline"]["known"]) == set(faulty["worst_first"])
    assert not made["baseline"]["fixed"] and not made["baseline"]["gone"] and not made["baseline"]["new"]


def test_another_way_to_fail_is_a_change_and_no_old_acquaintance(faulty):
    earlier = copy.deepcopy(faulty)
    by_id(earlier, "001")["fingerprint"] = "0" * 16
    made = compared(faulty, earlier)
    assert statuses(made)["001"] == "changed"
    assert made["baseline"]["changed"] == [by_id(faulty, "001")["fingerprint"]]


def test_what_is_not_run_now_is_never_fixed(faulty, interrupted, validate):
    made = compared(interrupted, faulty)
    validate(made)
    gone = {part["falsifier"][-3:]: part["why"] for part in made["baseline"]["gone"]}
    assert gone == {f"{number:03}": "not run" for number in range(3, 11)}
    assert {part["falsifier"][-3:] for part in made["baseline"]["fixed"]} == {"001"}


def test_what_is_no_part_of_this_run_is_gone(faulty, record):
    made = compared(record("reference:FAULT-TINY-001", "stage"), faulty)
    assert {part["why"] for part in made["baseline"]["gone"]} == {"not part of this run"}
    assert len(made["baseline"]["gone"]) == 9


def test_the_record_given_is_left_alone(sound, faulty):
    before = copy.deepcopy(faulty)
    compared(faulty, sound)
    assert faulty == before


def test_the_digest_of_what_was_found_does_not_depend_on_when_or_on_what_it_was_compared_with(sound, faulty):
    assert content_digest(faulty | {"run": {}}) == content_digest(faulty) == content_digest(compared(faulty, sound))
    assert content_digest(faulty) != content_digest(sound)
