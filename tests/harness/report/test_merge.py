import copy
import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.findings import HandledError
from harness.report.merge import merged
from harness.report.record import lines_of


@pytest.fixture
def parts(order, result, record_of):
    """The records of all parts of a run."""

    def make(of=3, subject="reference:FAULT-TINY-001"):
        made = []
        for index in range(1, of + 1):
            part = replace(order(subject), shard=(index, of))
            record = record_of(part, result(part), host=f"host{index}", seconds=float(index))
            made.append((Path(f"part{index}"), json.loads(json.dumps(record))))
        return made

    return make


def outside_run(record):
    return json.dumps({key: value for key, value in record.items() if key != "run"}, indent=1)


@pytest.mark.parametrize("of", [1, 2, 3, 8, 13])
def test_parts_make_the_whole_byte_for_byte(parts, record, of):
    whole = record("reference:FAULT-TINY-001")
    made = merged(list(reversed(parts(of))), "build/whole")
    assert outside_run(made).splitlines() == outside_run(whole).splitlines()
    assert [part["index"] for part in made["run"]["parts"]] == list(range(1, of + 1))
    assert made["run"]["host"] == ", ".join(f"host{index}" for index in range(1, of + 1))
    assert (made["run"]["folder"], made["run"]["seconds"]) == ("build/whole", float(of))


def test_the_merged_record_fits_the_schema(parts, validate):
    validate(merged(parts(), "x"))


def test_a_part_alone_says_so_and_fits_the_schema(parts, validate):
    for _, record in parts():
        validate(record)
        assert record["shard"]["falsifiers"] == 10
        assert any(gap["what"] == "falsifiers of the other parts" for gap in record["not_tested"])


def test_other_machines_are_listed(parts):
    dealt = parts(2)
    dealt[1][1]["provenance"]["platforms"][0]["cpu"] = "Another"
    made = merged(dealt, "x")
    assert [kind["cpu"] for kind in made["provenance"]["platforms"]] == ["", "Another"]


def test_an_interrupted_part_leaves_its_falsifiers_not_run(parts, validate):
    dealt = parts(2)
    part = dealt[1][1]
    part.update(interrupted=True, interruption="interrupted")
    for _, line in lines_of(part)[2:]:
        line |= {"verdict": "not run", "reason": "interrupted", "counterexample": None, "case": None,
                 "diverges": {"at": "", "how": "not run"}}  # fmt: skip
    made = merged(dealt, "x")
    validate(made)
    assert made["interruption"] == "part 2: interrupted" and made["exit_code"] == 2
    assert sum(line["verdict"] == "not run" for _, line in lines_of(made)) == 3


def change(*path, value):
    def act(record):
        *parents, last = path
        target = record
        for step in parents:
            target = target[step]
        target[last] = value

    return act


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (change("contracts", 0, "digest", value="1" * 64), "contract tiny differs"),
        (change("contracts", 0, "version", value="2.0.0"), "contract tiny differs"),
        (change("subject", "name", value="other"), "subject differs"),
        (change("profile", value="deep"), "profile differs: 'deep' there, '20 cases' here"),
        (change("cases_wanted", value=9), "cases_wanted differs"),
        (change("select", value="x"), "select differs"),
        (change("provenance", "harness", "digest", value="1" * 64), "provenance.harness differs"),
        (change("provenance", "packages", "numpy", value="1"), "provenance.packages differs"),
        (change("provenance", "subject", "digest", value="1" * 64), "provenance.subject differs"),
        (change("shard", "of", value=4), "part2: a part of 4, but part1 is a part of 3"),
        (change("shard", "falsifiers", value=9), "falsifiers differs"),
        (change("shard", "index", value=3), "part 3 of 3 is given twice: part2 and part3"),
        (change("shard", value=None), "part2: not a part: it was run without --shard"),
        (lambda record: record["contracts"][0]["falsifiers"].pop(), "the parts hold 9 falsifiers, the run has 10"),
    ],
)
def test_parts_that_do_not_belong_together(parts, act, told):
    dealt = copy.deepcopy(parts())
    act(dealt[1][1])
    with pytest.raises(HandledError) as refused:
        merged(dealt, "x")
    assert told in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("of", "of 1000000000000000 parts, --shard 1/1000000000000000, 2/"),
        ("falsifiers", "the run has 1000000000000000"),
        ("index", "its number is beyond the 3 parts"),
    ],
)
def test_numbers_of_a_file_are_not_counted_up_to(parts, entry, told):
    dealt = copy.deepcopy(parts())
    for _, record in dealt:
        if entry != "index" or record is dealt[1][1]:
            record["shard"][entry] = 10**15
    with pytest.raises(HandledError) as refused:
        merged(dealt if entry != "of" else dealt[2:], "x")
    assert told in str(refused.value) and len(str(refused.value)) < 400


def test_missing_parts_are_named(parts):
    with pytest.raises(HandledError, match=r"of 3 parts, --shard 1/3, 3/3 is missing"):
        merged(parts()[1:2], "x")
    with pytest.raises(HandledError, match="no parts"):
        merged([], "x")
