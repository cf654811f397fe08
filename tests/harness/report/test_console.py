"""The console view as it is printed: snapshots/<name>.txt. To renew them: UPDATE_SNAPSHOTS=1 pytest <this file>."""

import copy
import json
import os
from pathlib import Path

import click
import pytest

from harness.report import console

SNAPSHOTS = Path(__file__).with_name("snapshots")
FREE = ("replay: ", "report: ")  # lines with a path or a claim may be as long as those are


def as_shown(name, lines):
    """The lines without colour, which must be those of the snapshot."""
    shown = click.unstyle("\n".join(lines)) + "\n"
    path = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")
    return shown


def kept(name, make):
    """The record that a snapshot shows, from its file: other versions of Hypothesis draw other cases."""
    path = SNAPSHOTS / "records" / f"{name}.json"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(make(), indent=1), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def fits(shown, width):
    for line in shown.splitlines():
        assert line == line.rstrip()
        free = line.strip().startswith(FREE) or ".yaml:" in line
        assert free or len(line) <= width, line


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize(
    ("name", "subject", "select"),
    [
        ("survived", "reference", "bound"),
        ("mixed", "reference", ""),
        ("falsified", "reference:FAULT-TINY-001", "products"),
        ("stage", "reference:FAULT-TINY-001", "stage"),
    ],
)
def test_the_view_of_a_run(record, name, subject, select, width):
    made = kept(name, lambda: record(subject, select))
    shown = as_shown(f"{name}-{width}", console.render(made, "build/report", width))
    fits(shown, width)


@pytest.mark.parametrize("width", [80, 100])
def test_the_view_of_an_interrupted_run(interrupted, width):
    made = kept("interrupted", lambda: interrupted)
    fits(as_shown(f"interrupted-{width}", console.render(made, "build/report", width)), width)


def test_the_view_of_a_run_of_nothing(record):
    made = copy.deepcopy(record())
    made |= {"not_offered": ["tiny"], "unknown_claims": ["tinny"], "verdict": "not run", "exit_code": 2, "counts": {},
             "not_applicable": [{"contract": "tiny", "falsifier": "FALSIFY-TINY-001", "reason": "so"}]}  # fmt: skip
    made["contracts"][0]["falsifiers"] = []
    fits(as_shown("nothing", console.render(made, "build/report", 80)), 80)


def test_what_is_declined_is_listed_by_obligation(record):
    made = copy.deepcopy(record())
    part = {"contract": "tiny", "obligation": "TINY-REFUSAL", "reason": "it raises whatever its library raises"}
    made["declined"] = [part | {"falsifier": f"FALSIFY-TINY-00{number}"} for number in (4, 9)]
    told = " ".join(line.strip() for line in console.absent(made, 80))
    assert told == (
        "not offered by reference: TINY-REFUSAL of tiny (2 falsifiers): it raises whatever its library raises"
    )


def test_the_contracts_of_this_project_fit(record, order):
    """One line for each of their falsifiers, at both widths."""
    from harness.contract.collection import load

    for program in load(("contracts",)):
        for falsifier in program.falsifiers:
            line = {"id": falsifier.source.id, "rule": falsifier.source.rule, "verdict": "survived", "cases": 10_000,
                    "exhausted": True, "undecided": 9999, "margin": 1.2345e-10}  # fmt: skip
            for width in (80, 100):
                assert len(console.one_line(line, 23, width)) <= width


def test_worst_comes_first(record):
    lines = map(click.unstyle, console.troubles(record("reference:FAULT-TINY-001"), "x", 100))
    heads = [line.split()[0] for line in lines if line and not line.startswith(" ")]
    assert heads == sorted(heads, key=["ERROR", "FALSIFIED", "VACUOUS", "UNDECIDED"].index)
    assert set(heads) >= {"ERROR", "FALSIFIED", "VACUOUS"}


def test_colour_marks_verdicts_only(record):
    coloured = [line for line in console.render(record(), "x", 100) if "\x1b[" in line]
    assert any("\x1b[31m" in line for line in coloured)
    assert not any("survived" in line and "\x1b[" in line for line in console.table(record("reference", "bound"), 100))


def test_a_flaky_counterexample_says_so(record):
    made = copy.deepcopy(record("reference:FAULT-TINY-001", "bound"))
    line = made["contracts"][0]["falsifiers"][0]
    line["reason"] = "not reproducible, the same case fails and passes: beyond the derived bound"
    assert any("not reproducible" in shown for shown in console.details("tiny", line, made, "x", 100))


def test_the_replay_command_is_complete(record):
    made = record("reference:FAULT-TINY-001", "bound")
    line = made["contracts"][0]["falsifiers"][0]
    command = console.replay_command("tiny", line, made, "my reports")
    assert command == (
        "harness replay 'my reports/cases/tiny/FALSIFY-TINY-001.json' tests/harness/search/tiny.yaml"
        " --subject reference:FAULT-TINY-001"
    )
    plain = made | {"paths": ["contracts"], "subject": {"name": "impl.subjects"}}
    assert console.replay_command("tiny", line, plain, "r") == "harness replay r/cases/tiny/FALSIFY-TINY-001.json"


def test_what_several_falsifiers_have_in_common_is_told_once(record):
    made = copy.deepcopy(record())
    for line in made["contracts"][0]["falsifiers"][:3]:
        line |= {"verdict": "error", "reason": "TypeError: no"}
    shown = [click.unstyle(line) for line in console.troubles(made, "x", 100)]
    assert shown[:2] == ["ERROR  3 falsifiers: TypeError: no", "  FALSIFY-TINY-001, FALSIFY-TINY-002, FALSIFY-TINY-003"]
    assert sum(line.startswith("ERROR") for line in shown) == 2


def test_survivors_say_what_they_can_find(record):
    made = copy.deepcopy(record("reference", "bound"))
    line = made["contracts"][0]["falsifiers"][0]
    assert not list(console.fewest_kills(made, 80))  # no kill record, no word of it
    line["kills"] = {"count": 2, "faults": ["FAULT-TINY-001", "SABOTEUR-NAN"], "of": 30}
    other = line | {"id": "FALSIFY-TINY-999", "kills": {"count": 9, "faults": ["a"], "of": 30}}
    made["contracts"][0]["falsifiers"].append(other)
    told = " ".join(part.strip() for part in console.fewest_kills(made, 80))
    assert told == (
        "teeth: every survivor has killed 2 to 9 planted faults; fewest: FALSIFY-TINY-001, "
        "2 of 30 (FAULT-TINY-001, SABOTEUR-NAN)"
    )
