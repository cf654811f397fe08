"""Ways of being vacuous: one contract each, in the folder `vacuous`; its first line says how it has to end.

Three rules of each contract are sound, the fourth is planted: the implementation passes it, and so would any other.
"""

from __future__ import annotations

import json
import re
import shutil
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
from harness.teeth.kills import Biting
from harness.teeth.verdict import CURRENT, earned
from tests.harness.teeth.vacuous import ranking

ROOT = Path(__file__).parents[3]
FOLDER = Path(__file__).with_name("vacuous")
PLANTED = "FALSIFY-RANKING-999"
CASES = 120
ENDS = re.compile(r"# ends: (vacuous|undecided|refused); (.+)")


def how_it_ends(path):
    return ENDS.fullmatch(path.read_text(encoding="utf-8").split("\n")[0]).groups()


def fixtures(*ends):
    paths = [path for path in sorted(FOLDER.glob("*.yaml")) if how_it_ends(path)[0] in ends]
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


def outcome_of(program, falsifier):
    """What a run says of a falsifier, after `harness teeth` has planted every fault there is on as many cases."""
    real = ModuleSubject("ranking", ranking)
    kills = Biting(program, falsifier, faults_of(program), real).run(0, CASES).kills
    told = {"count": len(kills), "faults": list(kills), "of": len(faults_of(program))}
    teeth = {"state": CURRENT, "why": "", "kills": {falsifier.source.id: told}}
    return earned(Search(program, falsifier, real, CASES).run(), teeth)


def test_there_are_many():
    assert len(list(FOLDER.glob("*.yaml"))) >= 15
    assert sum(how_it_ends(path)[0] == VACUOUS for path in FOLDER.glob("*.yaml")) >= 15


@fixtures(VACUOUS, UNDECIDED)
def test_the_planted_rule_is_told_from_a_survivor(path):
    (program,) = load((str(path),))
    (planted,) = (part for part in program.falsifiers if part.source.id == PLANTED)
    outcome = outcome_of(program, planted)
    verdict, reason = how_it_ends(path)
    assert (outcome.verdict, outcome.reason[: len(reason)]) == (verdict, reason)
    assert EXIT_CODES[outcome.verdict] == 1


@fixtures("refused")
def test_the_planted_rule_is_refused_before_anything_runs(path):
    with pytest.raises(Refused) as refused:
        load((str(path),))
    (finding,) = refused.value.findings
    assert how_it_ends(path)[1] in str(finding)
    lines = path.read_text(encoding="utf-8").split("\n")
    first = next(number for number, line in enumerate(lines, 1) if PLANTED in line)
    assert finding.place.line >= first


def test_the_rules_beside_it_survive():
    (program,) = load((str(FOLDER / "result_with_itself.yaml"),))
    sound = [part for part in program.falsifiers if part.source.id != PLANTED]
    assert [outcome_of(program, part).verdict for part in sound] == [SURVIVED] * 3


def test_it_fails_the_run(tmp_path):
    """The same by the commands themselves."""
    contract = tmp_path / "ranking-v1.yaml"
    shutil.copy(FOLDER / "result_with_itself.yaml", contract)

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
