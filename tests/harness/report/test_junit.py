import xml.etree.ElementTree as ET
from collections import Counter

import pytest
import xmlschema
from junitparser import Error, Failure, JUnitXml, Skipped

from harness.report.junit import render
from tests.harness.report import stored


@pytest.fixture(scope="module")
def jenkins():
    """Raises where a document breaks the schema of the Jenkins xunit plugin."""
    return xmlschema.XMLSchema(stored.SCHEMAS / "junit-10.xsd")


RECORDS = {"full": stored.full, "sound": lambda: stored.second("sound"), "1000": lambda: stored.many(1000)}


@pytest.mark.parametrize("name", RECORDS)
def test_jenkins_accepts_it(jenkins, name):
    jenkins.validate(ET.ElementTree(ET.fromstring(render(RECORDS[name](), "r").encode())))


def test_the_schema_refuses_what_is_no_junit(jenkins):
    """A check that cannot fail is a defect."""
    broken = render(stored.full(), "r").replace("<failure ", "<defeat ").replace("</failure>", "</defeat>")
    assert not jenkins.is_valid(ET.ElementTree(ET.fromstring(broken.encode())))


def test_junitparser_reads_back_every_verdict(tmp_path):
    record = stored.full()
    path = tmp_path / "junit.xml"
    path.write_text(render(record, "r"), encoding="utf-8")
    read = JUnitXml.fromfile(str(path))
    kinds = Counter()
    for suite in read:
        for case in suite:
            kinds.update((type(result), result.type) for result in case.result)
            kinds[type(None), ""] += not case.result
    assert kinds == {
        (Error, "error"): 1,
        (Error, "not run"): 1,  # a claim of a contract that does not exist
        (Failure, "falsified"): 3,
        (Failure, "vacuous"): 1,
        (Failure, "undecided"): 1,
        (Skipped, "not applicable"): 1,
        (type(None), ""): 4,
    }
    assert (read.tests, read.failures, read.errors) == (12, 5, 2)


def test_a_contract_that_is_not_offered_is_a_skipped_case():
    record = stored.full()
    record["not_offered"] = ["tiny"]
    root = ET.fromstring(render(record, "r").encode())
    (case,) = [case for case in root.iter("testcase") if case.get("name") == "(every falsifier)"]
    assert case.find("skipped").get("type") == "not offered"


def test_a_failure_holds_the_argument_and_the_replay():
    root = ET.fromstring(render(stored.second("faulty"), "my reports").encode())
    text = next(failure.text for failure in root.iter("failure") if failure.get("type") == "falsified")
    for part in ("tiny.yaml:", "Let ", "expected ", "got ", "replay: harness replay 'my reports/cases/tiny/FALSIFY-"):
        assert part in text


def test_survivors_state_their_denominator():
    root = ET.fromstring(render(stored.second("sound"), "r").encode())
    survivors = [case for case in root.iter("testcase") if not {child.tag for child in case} & {"failure", "error"}]
    assert len(survivors) == 7
    assert all("case" in case.find("system-out").text for case in survivors)


@pytest.mark.parametrize("text", stored.HOSTILE.values(), ids=stored.HOSTILE)
def test_hostile_texts_change_nothing_but_text(jenkins, text):
    shown = render(stored.hostile(text), "r")
    stored.harmless(shown)
    root, plain = ET.fromstring(shown.encode()), ET.fromstring(render(stored.hostile("x"), "r").encode())
    assert [element.tag for element in root.iter()] == [element.tag for element in plain.iter()]
    assert [list(element.attrib) for element in root.iter()] == [list(element.attrib) for element in plain.iter()]
    jenkins.validate(ET.ElementTree(root))
