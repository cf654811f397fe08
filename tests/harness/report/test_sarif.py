import copy
import json
import re

import pytest
from jsonschema import Draft4Validator

from harness.report.sarif import location, message, render
from tests.harness.report import stored


@pytest.fixture(scope="module")
def official():
    """The schema of SARIF 2.1.0, with the formats that it names."""
    schema = json.loads((stored.SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    return Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)


def run_of(record, folder="r"):
    (run,) = json.loads(render(record, folder))["runs"]
    return run


@pytest.mark.parametrize("make", [stored.full, lambda: stored.second("sound"), lambda: stored.many(1000)])
def test_the_official_schema_accepts_it(official, make):
    official.validate(json.loads(render(make(), "r")))


@pytest.mark.parametrize("change", [("level", "fatal"), ("kind", "failed"), ("locations", {})])
def test_the_schema_refuses_what_is_no_sarif(official, change):
    """A check that cannot fail is a defect."""
    log = json.loads(render(stored.full(), "r"))
    log["runs"][0]["results"][0][change[0]] = change[1]
    assert not official.is_valid(log)


def test_each_verdict_against_is_a_result_in_the_words_of_sarif():
    run = run_of(stored.second("faulty"))
    found = sorted((result["properties"]["verdict"], result["kind"], result["level"]) for result in run["results"])
    assert found == [
        *[("falsified", "fail", "error")] * 3,
        ("undecided", "open", "none"),  # where the kind is not fail the level must be none
        ("vacuous", "fail", "warning"),
    ]


def test_what_could_not_be_completed_is_a_notification():
    (invocation,) = run_of(stored.full())["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    texts = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]
    assert any(text.startswith("error: 1 falsifier") for text in texts)
    assert any("'tinny'" in text for text in texts)


def test_results_point_to_the_claim_and_to_their_rule():
    record = stored.second("faulty")
    run = run_of(record)
    places = {line["id"]: line["place"] for line in record["contracts"][0]["falsifiers"]}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        where = result["locations"][0]["physicalLocation"]
        region = where["region"]
        told = f"{where['artifactLocation']['uri']}:{region['startLine']}:{region['startColumn']}"
        assert told == places[result["ruleId"].removeprefix("tiny/")]


def test_fingerprints_are_those_of_the_record_whatever_the_numbers():
    record = stored.second("faulty")
    other = copy.deepcopy(record)
    for line in other["contracts"][0]["falsifiers"]:
        if line["counterexample"]:
            line["counterexample"]["evidence"]["got"] = "17"
        line["cases"] += 1
    first, second = ([part["partialFingerprints"] for part in run_of(each)["results"]] for each in (record, other))
    assert first == second
    assert len({json.dumps(part) for part in first}) == len(first)


def test_the_baseline_is_told():
    record = stored.full()
    states = [result.get("baselineState") for result in run_of(record)["results"]]
    assert states.count("new") == len([
        line for line in record["contracts"][0]["falsifiers"] if line["status"] == "new" and line["verdict"] != "error"
    ])  # fmt: skip
    assert states.count("absent") == len(record["baseline"]["fixed"])
    assert "new" in states
    assert "unchanged" in states


@pytest.mark.parametrize(
    ("place", "uri"),
    [
        ("contracts/a.yaml:1:2", "contracts/a.yaml"),
        ("a b/ü%20.yaml:1:2", "a%20b/%C3%BC%2520.yaml"),
        ("/abs/x.yaml:1:2", "file:///abs/x.yaml"),
        ("sub\\x.yaml:1:2", "sub/x.yaml"),
    ],
)
def test_paths_become_addresses(place, uri):
    physical = location(place)["physicalLocation"]
    assert physical == {"artifactLocation": {"uri": uri}, "region": {"startLine": 1, "startColumn": 2}}


def test_nothing_in_a_message_is_a_placeholder_or_a_link():
    assert message("{0} [x](1)") == "{{0}} [x] (1)"


@pytest.mark.parametrize("text", stored.HOSTILE.values(), ids=stored.HOSTILE)
def test_hostile_texts_change_nothing_but_text(official, text):
    shown = render(stored.hostile(text), "r")
    stored.harmless(shown)
    log, plain = json.loads(shown), json.loads(render(stored.hostile("x"), "r"))
    official.validate(log)
    assert _shape(log) == _shape(plain)
    for result in log["runs"][0]["results"]:
        assert not re.search(r"(?<!\{)\{\d", result["message"]["text"])
        assert "](" not in result["message"]["text"]


def _shape(data):
    if isinstance(data, dict):
        return {key: _shape(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_shape(value) for value in data]
    return type(data).__name__
