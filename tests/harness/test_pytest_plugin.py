"""The plugin as pytest loads it: in sessions of their own."""

import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml

from harness.pytest_plugin import pytest_collect_file

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "harness" / "search" / "tiny.yaml"


@pytest.fixture
def project(tmp_path, write_kill_records):
    """Somebody's project: contracts, an engine, tests and YAML files of their own."""
    contracts = tmp_path / "contracts"
    (contracts / "released").mkdir(parents=True)
    text = TINY.read_text()
    for name in ("tiny-v1.yaml", "released/tiny-v1.yaml"):
        (contracts / name).write_text(text)
    (contracts / "notes.yaml").write_text("metadata: mine\n")
    (contracts / "service-v1.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata:\n  name: service\n")
    (contracts / "test_theirs.py").write_text("def test_theirs(): pass\n")
    correct = f"import sys\nsys.path.insert(0, {str(TINY.parent)!r})\nfrom tiny_subject import product, staged\n"
    (tmp_path / "engine.py").write_text(correct)
    (tmp_path / "faulty.py").write_text(correct + "def product(*, x, m, size): return {'out': x[:1] * 0}\n")
    (tmp_path / "shy.py").write_text("CLAIMS = []\n")
    (tmp_path / "lacking.py").write_text("CLAIMS = ['tiny']\n")
    (tmp_path / "modest.py").write_text(
        correct + "CLAIMS, DECLINES = ['tiny'], {'tiny': {'TINY-REFUSAL': 'not yet'}}\n"
    )
    write_kill_records(contracts / "tiny-v1.yaml")
    return tmp_path


def session(project, *arguments, subject="engine", cases=10):
    """The exit code and the output of a session that is told its subject."""
    return plain_session(project, "--contract-subject", subject, "--contract-cases", str(cases), *arguments)


def plain_session(project, *arguments):
    """The exit code and the output of a session."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "contracts", "-p", "no:cacheprovider", "-q", "--tb=short", *arguments]
    ran = subprocess.run(command, cwd=project, capture_output=True, text=True, env=environment, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_contracts_are_collected_by_their_ids_and_other_files_left_alone(project):
    code, out = session(project, "--collect-only")
    assert code == 0
    items = [line for line in out.splitlines() if "::" in line]
    expected = [f"contracts/tiny-v1.yaml::FALSIFY-TINY-{number:03}" for number in range(1, 11)]
    assert sorted(items) == sorted([*expected, "contracts/test_theirs.py::test_theirs"])


def test_a_correct_engine_passes_and_other_verdicts_fail(project):
    code, out = session(project)
    assert code == 1
    assert "7 passed" not in out and "3 failed, 8 passed" in out
    assert set(re.findall(r"^FAILED \S+::(\S+)", out, re.MULTILINE)) == {f"FALSIFY-TINY-00{n}" for n in (7, 8, 9)}
    assert "vacuous: Only impossible cases are looked at" in out
    assert "Traceback" not in out


def test_a_faulty_engine_fails_with_its_counterexample(project):
    code, out = session(project, "-k", "TINY-001", subject="faulty")
    assert code == 1
    claim = "tiny-v1.yaml:51:12: close(product().out, out)"
    for told in ("falsified: The products are within the derived bound", claim, "Let rows = ", "expected ", "got "):
        assert told in out


def test_k_selects_by_id_contract_and_words_of_the_rule(project):
    for text, count in (("TINY-001 or theirs", 2), ("tiny and vector", 2)):
        _, out = session(project, "-k", text, "--collect-only")
        assert len([line for line in out.splitlines() if "::" in line]) == count, text


def test_x_stops_at_the_first_failure(project):
    code, out = session(project, "-x", subject="faulty")
    assert code == 1 and "1 failed" in out


def test_two_processes_and_junit(project):
    code, out = session(project, "-n", "2", "--junit-xml", "junit.xml", "-k", "TINY-001 or TINY-003 or TINY-008")
    assert code == 1 and "1 failed, 2 passed" in out
    (suite,) = JUnitXml.fromfile(str(project / "junit.xml"))
    assert (suite.tests, suite.failures) == (3, 1)
    found = {
        case.get("name"): {part.get("name"): part.get("value") for part in case.iter("property")}
        for case in ElementTree.parse(project / "junit.xml").iter("testcase")
    }
    kills = [found[f"FALSIFY-TINY-{number:03}"]["kills"] for number in (1, 3)]
    assert all(int(count) > 0 for count in kills)
    assert found == {
        "FALSIFY-TINY-001": {
            "rule": "The products are within the derived bound",
            "verdict": "survived",
            "cases": "10",
            "kills": kills[0],
        },
        "FALSIFY-TINY-003": {
            "rule": "Every stage follows from the stage before",
            "verdict": "survived",
            "cases": "10",
            "kills": kills[1],
        },
        "FALSIFY-TINY-008": {
            "rule": "Only impossible cases are looked at",
            "verdict": "vacuous",
            "cases": "0",
            "kills": "0",
        },
    }


def test_what_is_declined_is_skipped_with_its_reason(project):
    _, out = session(project, "-rs", "-k", "TINY-001 or TINY-004", subject="modest")
    assert "1 passed, 1 skipped" in out and "modest declines TINY-REFUSAL of tiny: not yet" in out


def test_what_is_not_claimed_is_skipped_and_what_lacks_fails(project):
    code, out = session(project, "-rs", subject="shy")
    assert code == 0 and "10 skipped" in out and "shy does not claim tiny" in out
    code, out = session(project, "-k", "TINY-001", subject="lacking")
    assert code == 1 and "not run: " in out and "lacking claims tiny but offers no product, staged()" in out


def test_an_unknown_engine_is_told_without_a_traceback(project):
    code, out = session(project, "-k", "TINY-001", subject="no_such_engine")
    assert code == 1 and "no module 'no_such_engine'" in out and "Traceback" not in out


def test_a_contract_that_cannot_be_executed_is_a_collection_error_in_its_own_words(project):
    path = project / "contracts" / "tiny-v1.yaml"
    path.write_text(path.read_text().replace("out: m @ x", "out: m @ y2"))
    code, out = session(project)
    assert code == 2 and "unknown name 'y2'" in out and "Traceback" not in out


def test_without_a_subject_nothing_is_run_and_the_session_says_what_is_missing(project):
    code, out = plain_session(project, "-k", "TINY-001")
    assert code == 2 and "no subject is named: give --contract-subject MODULE, or write `subject = " in out
    assert "Traceback" not in out


def test_subject_and_cases_are_those_of_the_project(project):
    (project / "pyproject.toml").write_text('[tool.harness]\nsubject = "engine"\nprofile = "smoke"\n')
    code, out = plain_session(project, "-k", "TINY-001", "--junit-xml", "junit.xml")
    assert code == 0 and "1 passed" in out
    assert '<property name="cases" value="25" />' in (project / "junit.xml").read_text()
    code, out = plain_session(project, "-k", "TINY-001", "--contract-subject", "lacking")
    assert code == 1 and "lacking claims tiny but offers no product, staged()" in out


def test_a_mistake_in_the_configuration_is_a_collection_error_in_its_own_words(project):
    (project / "pyproject.toml").write_text('[tool.harness]\nsubjet = "engine"\n')
    code, out = plain_session(project)
    assert code == 2 and "[tool.harness] has no key 'subjet'; did you mean 'subject'?" in out
    assert "Traceback" not in out


def test_what_has_no_kill_on_record_fails(project):
    (project / "contracts" / "teeth" / "tiny-v1.json").unlink()
    code, out = session(project, "-k", "TINY-001")
    assert code == 1 and "vacuous: The products" in out
    assert "no kill on record for this version; run `harness teeth`" in out


def test_a_contract_may_depend_on_its_neighbour(project, write_kill_records):
    for foreign in ("notes.yaml", "service-v1.yaml"):  # a folder that holds dependencies holds contracts only
        (project / "contracts" / foreign).unlink()
    for name in ("ggml-blocks", "expert-swiglu"):
        text = (ROOT / "contracts" / f"{name}-v1.yaml").read_text()
        (project / "contracts" / f"{name}-v1.yaml").write_text(text)
    write_kill_records(project / "contracts" / "expert-swiglu-v2.yaml")
    code, out = session(project, "-k", "FALSIFY-SWIGLU-006", subject="reference")
    assert code == 0 and "1 passed" in out


@pytest.mark.parametrize("name", ["tiny.yaml", "Tiny-v1.yaml", "tiny-v1.yml", "tiny-1.yaml", "test_tiny.py"])
def test_files_with_other_names_are_not_looked_at(tmp_path, name):
    (tmp_path / name).write_text(TINY.read_text())
    assert pytest_collect_file(tmp_path / name, None) is None


def test_an_unreadable_file_is_not_ours(tmp_path):
    (tmp_path / "tiny-v1.yaml").mkdir()
    assert pytest_collect_file(tmp_path / "tiny-v1.yaml", None) is None
