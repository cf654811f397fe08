"""Ways of being vacuous: one contract each, in vacuous/planted.yaml, which says how it has to end.

Three rules of each contract are sound, the fourth is planted: the implementation passes it, and so would any other.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.findings import Refused
from harness.program.collection import load
from harness.report.record import EXIT_CODES
from harness.search.engine import Search
from harness.search.outcome import SURVIVED, UNDECIDED, VACUOUS
from harness.subjects.subject import ModuleSubject
from harness.teeth.fault import faults_of
from harness.teeth.kills import FaultTrials
from harness.teeth.verdict import CURRENT, earned
from tests.harness.contract_fixtures import fixtures
from tests.harness.teeth.vacuous import ranking

ROOT = Path(__file__).parents[3]
FIXTURES = fixtures(Path(__file__).with_name("vacuous"), "ends", "because")
PLANTED = "FALSIFY-RANKING-999"
CASES = 120


def ending(*ends):
    chosen = {name: fixture for name, fixture in FIXTURES.items() if fixture.expected[0] in ends}
    return pytest.mark.parametrize("fixture", chosen.values(), ids=chosen)


def outcome_of(program, falsifier):
    """What a run says of a falsifier, after `harness teeth` has planted every fault there is on as many cases."""
    real = ModuleSubject("ranking", ranking)
    kills = FaultTrials(program, falsifier, faults_of(program), real).run(0, CASES).kills
    on_record = {"count": len(kills), "faults": list(kills), "of": len(faults_of(program))}
    teeth = {"state": CURRENT, "why": "", "kills": {falsifier.source.id: on_record}}
    return earned(Search(program, falsifier, real, CASES).run(), teeth)


def test_there_are_many():
    assert sum(fixture.expected[0] == VACUOUS for fixture in FIXTURES.values()) >= 15


def test_each_ends_in_a_way_that_is_looked_at():
    assert {fixture.expected[0] for fixture in FIXTURES.values()} == {VACUOUS, UNDECIDED, "refused"}


@ending(VACUOUS, UNDECIDED)
def test_the_planted_rule_is_told_from_a_survivor(fixture, tmp_path):
    (program,) = load((str(fixture.write(tmp_path)),))
    (planted,) = (part for part in program.falsifiers if part.source.id == PLANTED)
    outcome = outcome_of(program, planted)
    verdict, reason = fixture.expected
    assert (outcome.verdict, outcome.reason[: len(reason)]) == (verdict, reason)
    assert EXIT_CODES[outcome.verdict] == 1


@ending("refused")
def test_the_planted_rule_is_refused_before_anything_runs(fixture, tmp_path):
    with pytest.raises(Refused) as refused:
        load((str(fixture.write(tmp_path)),))
    (finding,) = refused.value.findings
    assert fixture.expected[1] in str(finding)
    lines = fixture.text.split("\n")
    first = next(number for number, line in enumerate(lines, 1) if PLANTED in line)
    assert finding.place.line >= first


def test_the_rules_beside_it_survive(tmp_path):
    (program,) = load((str(FIXTURES["result_with_itself"].write(tmp_path)),))
    sound = [part for part in program.falsifiers if part.source.id != PLANTED]
    assert [outcome_of(program, part).verdict for part in sound] == [SURVIVED] * 3


def test_it_fails_the_run(tmp_path):
    """The same by the commands themselves."""
    contract = tmp_path / "ranking-v1.yaml"
    contract.write_text(FIXTURES["result_with_itself"].text, encoding="utf-8")

    def harness(command, *arguments):
        subject = ("--subject", "tests.harness.teeth.vacuous.ranking", "--jobs", "1")
        return subprocess.run(
            [sys.executable, "-m", "harness", command, str(contract), *subject, *arguments],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    teeth = harness("teeth")
    assert (teeth.returncode, PLANTED in teeth.stdout, teeth.stderr) == (1, True, "")
    run = harness("run", "--cases", "25", "--report", str(tmp_path))
    assert run.returncode == 1 and "VACUOUS" in run.stdout, run.stdout + run.stderr
    record = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    lines = {line["id"]: line["verdict"] for line in record["contracts"][0]["falsifiers"]}
    assert lines.pop(PLANTED) == VACUOUS and set(lines.values()) == {SURVIVED}
