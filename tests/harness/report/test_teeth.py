"""The kill matrix as text: every number comes from the record."""

from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from harness.findings import HandledError
from harness.program.collection import load
from harness.report.teeth import (
    explained,
    falsifier_row,
    kills_in_numbers,
    live_faults,
    rendered,
    stale_records,
    verdict,
)

TINY = Path(__file__).parents[1] / "search" / "tiny.yaml"
FAULTS = {
    "FAULT-TINY-001": {"kind": "declared", "story": "the vector was added"},
    "out:drop-product@1": {"kind": "mutant", "story": "m   instead of   m @ x"},
    "out:bf16-result@1": {"kind": "mutant", "story": "rounded"},
    "SABOTEUR-NAN": {"kind": "saboteur", "story": "not a number"},
}
SUMMARY = {
    "holds": True, "falsifiers": 10, "vacuous": [], "declared": {"killed": 1, "of": 1},
    "mutants": {"killed": 1, "distinguishable": 2, "waived": 0, "not_distinguished": 1, "beyond": 0, "equivalent": 0},
    "saboteurs": {"killed": 1, "excused": 0, "waived": 0, "without_effect": 0, "of": 1}, "open": 1, "objections": [],
}  # fmt: skip


@pytest.fixture
def program(monkeypatch):
    monkeypatch.chdir(TINY.parents[3])
    return load((TINY.relative_to(TINY.parents[3]).as_posix(),))[0]


@pytest.fixture
def done(program):
    def made(summary=SUMMARY, lives=(), **kills):
        lines = {part.source.id: {"cases": 40, "kills": {"FAULT-TINY-001": 3}} for part in program.falsifiers}
        lines["FALSIFY-TINY-003"] = {"cases": 40, "kills": {"out:drop-product@1": 2, "SABOTEUR-NAN": 7}}
        for name, killed in kills.items():
            lines[f"FALSIFY-TINY-{name[1:]}"]["kills"] = killed
        record = {"faults": FAULTS, "falsifiers": lines, "lives": list(lives), "summary": summary}
        return [SimpleNamespace(program=program, record=record, was="there is no kill record", errors={})]

    return made


def plain(lines):
    return [click.unstyle(line) for line in lines]


def test_a_line_per_falsifier():
    line = {"cases": 40, "kills": {"out:drop-product@1": 2, "FAULT-TINY-001": 3, "SABOTEUR-NAN": 7}}
    assert falsifier_row("F-1", line, FAULTS, 5, 80).split() == ["F-1", "1", "1", "1", "out:drop-product@1", "(2)"]
    assert plain([falsifier_row("F-1", {"cases": 200, "kills": {}}, FAULTS, 5, 80)])[0].split()[1:5] == [
        ".",
        ".",
        ".",
        "VACUOUS:",
    ]


def test_the_whole_fits_into_80_columns_and_ends_with_the_verdict(done):
    lines = plain(rendered(done(), "", 80))
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("tiny 1.0.0") and sum("FALSIFY-TINY-" in line for line in lines) == 10
    last = " ".join(" ".join(lines[-4:]).split())
    assert "PASSED 10 of 10 falsifiers kill something" in last
    assert "1 of 2 mutants that differ (1 not distinguished), 1 of 1 saboteur" in last


def test_what_is_vacuous_is_named_last(done):
    summary = SUMMARY | {"holds": False, "vacuous": ["FALSIFY-TINY-005"]}
    lines = plain(rendered(done(summary, n005={}), "", 80))
    assert any("FALSIFY-TINY-005" in line and "VACUOUS: kills nothing in 40 cases" in line for line in lines)
    last = " ".join(" ".join(lines[-5:]).split())
    assert "VACUOUS 9 of 10" in last and "Vacuous: FALSIFY-TINY-005: a falsifier that kills none" in last


def test_faults_that_live(done):
    lives = [{"fault": "out:bf16-result@1", "kind": "mutant", "fate": "lives", "reason": "out differs"}]
    lines = plain(rendered(done(SUMMARY | {"holds": False}, lives), "", 100))
    assert "  LIVES: out:bf16-result@1: out differs" in lines
    assert any(line.startswith("FAILED  10 of 10") for line in lines)
    assert "waive it by name with a reason" in " ".join(lines[-4:])


def test_what_counts_against_a_contract_is_never_cut_off():
    entry = {"fault": "f", "kind": "mutant", "reason": "r"}
    many = [entry | {"fate": "lives"}] * 20 + [entry | {"fate": "not distinguished"}] * 20
    lines = plain(live_faults({"lives": many}, 80))
    assert len(lines) == 21 and lines[-1] == "  ... 20 more in the record"


def test_a_selection(done):
    lines = plain(rendered(done(), "tiny-003", 80))
    assert sum("FALSIFY-TINY-" in line for line in lines) == 1
    with pytest.raises(HandledError, match="matches no falsifier"):
        rendered(done(), "nothing of the kind", 80)


def test_numbers_of_nothing():
    none = {"declared": {"killed": 0, "of": 0}, "mutants": dict.fromkeys(SUMMARY["mutants"], 0),
            "saboteurs": dict.fromkeys(SUMMARY["saboteurs"], 0)}  # fmt: skip
    assert kills_in_numbers(none) == "killed: 0 of 0 declared faults, 0 of 0 mutants that differ, 0 of 0 saboteurs"


def test_one_fault(done):
    lines = explained(done(), "out:DROP-product@1", 80)
    assert lines[0] == "tiny: out:drop-product@1 (mutant)" and "m instead of m @ x" in " ".join(lines[1].split())
    assert "  killed by FALSIFY-TINY-003 after 2 cases" in lines
    assert any("--subject reference:tiny/out:drop-product@1" in line for line in lines)
    with pytest.raises(HandledError, match="did you mean 'FAULT-TINY-001'"):
        explained(done(), "FAULT-TINY-002", 80)


def test_why_a_fault_lives(done):
    lives = [{"fault": "out:bf16-result@1", "kind": "mutant", "fate": "lives", "reason": "out differs"}]
    assert "  lives: out differs" in explained(done(SUMMARY, lives), "out:bf16-result@1", 80)


def test_the_sentence_counts_all_contracts(done):
    text = " ".join(plain(verdict([*done(), *done()], 80)))
    assert "kill records: 2 contracts, 2 made anew" in text and "20 of 20 falsifiers" in " ".join(text.split())


def test_check(program):
    assert stale_records([(program, "")], 80) == [
        "CURRENT  1 kill record, of these contracts and this version of language and teeth"
    ]
    lines = stale_records([(program, "there is no kill record"), (program, "")], 80)
    assert lines[0].endswith("tiny.yaml: there is no kill record")
    assert lines[1].startswith("STALE  1 of 2 kill records: run `harness teeth`")
