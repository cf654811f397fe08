"""Why a kill record does not hold."""

import pytest

from harness.teeth.distinguish import Distinction
from harness.teeth.hiding import Hiding
from harness.teeth.objections import against_all, beyond_allowance, hidden_by, objections
from harness.teeth.shown import Shown

SUMMARY = {
    "vacuous": [], "declared": {"killed": 0, "of": 0}, "saboteurs": {},
    "mutants": {"killed": 20, "distinguishable": 20, "waived": 0, "not_distinguished": 0, "beyond": 0, "equivalent": 0},
}  # fmt: skip
WIDE = Distinction("", 120, False, Hiding("out", 0.5, "masked", 30.0))


def told(program, lives=(), distinctions=None, shown=None, **changed):
    summary = SUMMARY | {"mutants": SUMMARY["mutants"] | changed.pop("mutants", {})} | changed
    return list(objections(program, summary, lives, distinctions or {}, shown or {}))


@pytest.fixture
def program(computing):
    return computing({"out": "x * 2"})


@pytest.mark.parametrize(("same", "hidden", "of", "beyond"), [
    (0, 0, 0, 0), (1, 0, 1, 0), (0, 1, 1, 0), (5, 2, 20, 0), (6, 2, 20, 1), (5, 3, 20, 1), (3, 10, 16, 8),
    (0, 12, 166, 0),
])  # fmt: skip
def test_the_shares(same, hidden, of, beyond):
    assert beyond_allowance(same, hidden, of) == beyond


def test_nothing_to_say(program):
    assert told(program) == []


def test_what_lives(program):
    lives = [{"fault": "SABOTEUR-STALE", "kind": "saboteur", "fate": "lives"},
             {"fault": "SABOTEUR-NAN", "kind": "saboteur", "fate": "excused"},
             {"fault": "FAULT-ONE-001", "kind": "declared", "fate": "lives"}]  # fmt: skip
    assert told(program, lives) == [
        "declared faults that no falsifier kills: FAULT-ONE-001",
        "saboteurs that no falsifier kills: SABOTEUR-STALE; or waive them under `waived_saboteurs`, with the reason",
    ]


def test_too_many_mutants_that_nobody_can_tell_apart(program):
    lives = [{"fault": f"m{number}", "kind": "mutant", "fate": "not distinguished"} for number in range(9)]
    distinctions = {f"m{number}": WIDE if number < 8 else Distinction("", 120) for number in range(9)}
    few, hidden = told(program, lives, distinctions, mutants={"not_distinguished": 9, "beyond": 5})
    assert few == "only 20 of 25 mutants are killed, and 95% are wanted"
    assert hidden.startswith("9 mutants cannot be told from the original, 5 more than is left out of the count")
    assert "the bound of `masked` (30 times its values) hides 8, 1 have the same values in every case" in hidden
    assert told(program, lives, distinctions, mutants={"killed": 100, "distinguishable": 100, "beyond": 5}) == []


def test_each_bound_with_what_it_hides():
    other = Distinction("", 120, False, Hiding("out", 0.5, "sums", float("inf")))
    assert hidden_by([WIDE, other, WIDE]) == (
        "the bound of `masked` (30 times its values) hides 2, the bound of `sums` (infinite) hides 1"
    )


def test_equations_of_which_nothing_is_killed(program, contracts):
    none = {"killed": 0, "distinguishable": 0}
    (only,) = told(program, mutants=none)
    assert only.startswith("no mutant of the equations and no declared fault is killed")
    assert told(program, mutants=none, declared={"killed": 1, "of": 1}) == []
    assert told(contracts["tensor-names"], mutants=none) == []  # it has no equations


def test_waivers_that_waive_nothing(program):
    lives = [{"fault": "SABOTEUR-NAN", "kind": "saboteur", "fate": "stale waiver"}]
    assert told(program, lives) == ["waivers of what is killed or not planted: SABOTEUR-NAN; remove them"]


def test_functions_of_which_nothing_is_shown(program):
    (only,) = told(program, shown={"f": Shown(given={"x": "0.0"}), "g": Shown(True, {"x": "values that differ"})})
    assert only.startswith("`f` is never given other values than x = 0.0")


def test_what_is_said_against_one_falsifier_is_not_said_against_all():
    summary = SUMMARY | {"holds": False, "vacuous": ["FALSIFY-ONE-001"]}
    summary["objections"] = [
        "FALSIFY-ONE-001: kills none of the planted faults",
        "saboteurs that no falsifier kills: A",
    ]
    assert against_all(summary, {}) == ["saboteurs that no falsifier kills: A"]
    assert against_all(summary, {"FALSIFY-ONE-002": "cannot be evaluated"}) == []
    assert against_all(summary | {"holds": True}, {}) == []
