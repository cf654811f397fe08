"""The console view as it is printed: snapshots/<name>.txt. To renew them: UPDATE_SNAPSHOTS=1 pytest <this file>."""

import copy
import json
import os
from pathlib import Path

import click
import pytest

from harness.report import console
from harness.report.baseline import compared
from harness.report.ranking import against, ranked
from harness.search.outcome import VERDICTS

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


def test_the_contracts_of_this_project_fit(record, order):
    """One line for each of their falsifiers, at both widths."""
    from harness.program.collection import load

    for program in load(("contracts",)):
        for falsifier in program.falsifiers:
            line = {"id": falsifier.source.id, "rule": falsifier.source.rule, "verdict": "survived", "cases": 10_000,
                    "exhausted": True, "undecided": 9999, "margin": 1.2345e-10}  # fmt: skip
            for width in (80, 100):
                assert len(console.falsifier_line(line, 23, width)) <= width


def shown_troubles(made, width=100):
    return [click.unstyle(line) for line in console.troubles(made, ranked(made), "x", width)]


def test_worst_comes_first(record):
    verdicts = [line.split("  ")[0] for line in shown_troubles(record("reference:FAULT-TINY-001"))
                if line[:1].isupper()]  # fmt: skip
    assert verdicts == sorted(verdicts, key=lambda verdict: VERDICTS.index(verdict.lower())) and len(verdicts) >= 4
    assert not any("survived" in line and "\x1b[" in line for line in console.table(record("reference", "bound"), 100))


def test_the_first_and_the_last_line_are_the_verdict(record):
    for subject, verdict in (("reference", "SURVIVED"), ("reference:FAULT-TINY-001", "FALSIFIED")):
        lines = [click.unstyle(line) for line in console.render(record(subject, "bound"), "x", 80)]
        assert lines[0].startswith(verdict) and lines[-1].startswith(verdict)


def test_a_flaky_counterexample_says_so(record):
    made = copy.deepcopy(record("reference:FAULT-TINY-001", "bound"))
    line = made["contracts"][0]["falsifiers"][0]
    line["reason"] = "not reproducible, the same case fails and passes: beyond the derived bound"
    assert any("not reproducible" in shown for shown in shown_troubles(made))


def many(record, count):
    """A record with so many falsifications of one kind, each parting at an equation of its own."""
    made = copy.deepcopy(record("reference:FAULT-TINY-001", "bound"))
    (contract,) = made["contracts"]
    line = contract["falsifiers"][0]
    contract["falsifiers"] = [
        {**line, "id": f"FALSIFY-TINY-{number:03}", "diverges": {"at": f"y{number}", "how": "so"}}
        for number in range(count)
    ]
    return made


def test_a_hundred_falsifications_do_not_fill_a_hundred_screens(record):
    lines = shown_troubles(many(record, 100), 80)
    assert sum("By the equations" in line for line in lines) == console.FULL
    assert sum(line.startswith("FALSIFIED") for line in lines) == console.FULL + console.BRIEF
    assert any(line.startswith("and 74 more counterexamples") for line in lines)
    assert len(lines) < 250


def test_a_cause_is_an_equation_or_what_was_called(record):
    (first, *_, last) = [group[0] for group in against(ranked(many(record, 3)))]
    assert console.cause_of(first) == ("tiny", "y0") and console.cause_of(last) == ("tiny", "y2")
    last.line["diverges"]["at"] = ""
    assert console.cause_of(last) == ("tiny", "", "product")


def test_what_falls_for_the_same_reason_is_told_in_short(record):
    made = many(record, 3)
    for line in made["contracts"][0]["falsifiers"]:
        line["diverges"] = {"at": "out", "how": "so"}
    lines = shown_troubles(made)
    assert sum("By the equations" in line for line in lines) == 1
    assert sum(line.strip().startswith("replay: ") for line in lines) == 3


def test_hostile_texts_stay_texts(record):
    made = copy.deepcopy(record("reference:FAULT-TINY-001", "bound"))
    line = made["contracts"][0]["falsifiers"][0]
    line["rule"] = "\x1b[2J\u202egone"
    line["counterexample"]["evidence"]["got"] = "\x1b]8;;evil\x07"
    shown = "\n".join(console.render(made, "x", 80))
    assert "\x1b[2J" not in shown and "\u202e" not in shown and "\x1b]8" not in shown


def test_what_changed_since_the_baseline(record):
    made = compared(record("reference:FAULT-TINY-001"), record())
    lines = list(console.changes(made, 80))
    assert lines[0].startswith("since the baseline (reference, error): ") and " new, " in lines[0]
    assert any("[new]" in line for line in shown_troubles(made))
    assert list(console.changes(record(), 80)) == []
    fixed = compared(record(), record("reference:FAULT-TINY-001"))
    assert any(line.startswith("  fixed: FALSIFY-TINY-001") for line in console.changes(fixed, 80))


def test_a_part_says_that_it_is_one(record):
    made = record() | {"shard": {"index": 2, "of": 3, "falsifiers": 30}}
    assert "part 2 of 3" in click.unstyle(next(console.opening(made, 80)))


def test_the_replay_command_is_complete(record):
    made = record("reference:FAULT-TINY-001", "bound")
    line = made["contracts"][0]["falsifiers"][0]
    command = console.replay_command("tiny", line, made, "my reports")
    assert command == (
        "harness replay 'my reports/cases/tiny/FALSIFY-TINY-001.json' tests/harness/search/tiny.yaml"
        " --subject reference:FAULT-TINY-001"
    )
    plain = made | {"paths": ["contracts"], "subject": {"name": "impl.subjects"}}
    assert console.replay_command("tiny", line, plain, "r") == (
        "harness replay r/cases/tiny/FALSIFY-TINY-001.json --subject impl.subjects"
    )


def test_what_several_falsifiers_have_in_common_is_told_once(record):
    made = copy.deepcopy(record())
    for line in made["contracts"][0]["falsifiers"][:3]:
        line |= {"verdict": "error", "reason": "TypeError: no"}
    shown = shown_troubles(made)
    first = shown.index("ERROR  3 falsifiers: TypeError: no")
    assert sorted(shown[first + 1].strip().split(", ")) == [f"FALSIFY-TINY-00{number}" for number in (1, 2, 3)]
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
        "2 of 30 (among them FAULT-TINY-001, SABOTEUR-NAN)"
    )
