import pytest

from harness.teeth.distinguish import Distinction
from harness.teeth.fault import PlantedFault
from harness.teeth.hiding import Hiding
from harness.teeth.kills import KillRow
from harness.teeth.matrix import kill_record
from harness.teeth.record import DECLARED, MUTANT, SABOTEUR

FAULTS = [
    PlantedFault("FAULT-1", DECLARED, "s"), PlantedFault("a:b@1", MUTANT, "s"), PlantedFault("a:b@2", MUTANT, "s"),
    PlantedFault("SAB-1", SABOTEUR, "s"), PlantedFault("SAB-2", SABOTEUR, "s", excuse="it may"),
]  # fmt: skip
IDS = ("FALSIFY-ROWS-001", "FALSIFY-ROWS-002", "FALSIFY-ROWS-003")
SOUND = {"FAULT-1": 2, "a:b@1": 3, "a:b@2": 1, "SAB-1": 1}


def made(rows, kills, distinctions=None, proofs=None, checks=(), waived="", second=(1,)):
    program = rows(more=waived)
    rows_ = {
        IDS[0]: KillRow(40, dict(kills), dict.fromkeys(checks, 1)),
        IDS[1]: KillRow(40, {"SAB-1": 1} if second else {}), IDS[2]: KillRow(40, {"SAB-1": 2}),
    }  # fmt: skip
    return kill_record(program, {}, "reference", FAULTS, rows_, distinctions or {}, proofs or {})


def fates(record):
    return {entry["fault"]: entry["fate"] for entry in record["lives"]}


def test_everything_is_killed(rows):
    record = made(rows, SOUND)
    assert record["summary"]["holds"] and fates(record) == {"SAB-2": "excused"}
    assert list(record["falsifiers"][IDS[0]]["kills"].items()) == [
        ("a:b@2", 1),
        ("SAB-1", 1),
        ("FAULT-1", 2),
        ("a:b@1", 3),
    ]
    assert record["summary"]["mutants"] == {
        "killed": 2, "distinguishable": 2, "waived": 0, "not_distinguished": 0, "beyond": 0, "equivalent": 0
    }  # fmt: skip


def test_a_falsifier_without_a_kill_is_vacuous(rows):
    record = made(rows, SOUND, second=())
    assert record["summary"]["vacuous"] == [IDS[1]] and not record["summary"]["holds"]


def test_a_declared_fault_that_lives(rows):
    record = made(rows, {"a:b@1": 1, "a:b@2": 1})
    assert fates(record)["FAULT-1"] == "lives" and not record["summary"]["holds"]


def test_what_the_checks_notice_is_dead_but_no_merit_of_the_falsifier(rows):
    record = made(rows, {}, checks=("FAULT-1", "a:b@1", "a:b@2"))
    assert fates(record) == {"SAB-2": "excused"} and record["summary"]["vacuous"] == [IDS[0]]
    assert record["falsifiers"][IDS[0]]["checks"] == {"FAULT-1": 1, "a:b@1": 1, "a:b@2": 1}


@pytest.mark.parametrize(("distinctions", "proofs", "fate", "distinguishable", "holds"), [
    (Distinction("out differs"), {}, "lives", 2, False),  # one of two is less than 95 %
    (Distinction("", 120), {}, "not distinguished", 1, True),
    (Distinction("", 8, True), {}, "equivalent", 1, True),
    (Distinction("", 120), {"a:b@2": 256}, "equivalent", 1, True),
])  # fmt: skip
def test_a_mutant_that_nobody_kills(rows, distinctions, proofs, fate, distinguishable, holds):
    record = made(rows, {"FAULT-1": 1, "a:b@1": 1}, {"a:b@2": distinctions}, proofs)
    assert fates(record)["a:b@2"] == fate
    assert record["summary"]["mutants"]["distinguishable"] == distinguishable
    assert record["summary"]["holds"] == holds


WAIVED = 'waived_mutants: [{mutant: "both:drop-factor@1", reason: it is harmless}]'


def test_waivers(rows):
    program = rows(more=WAIVED)
    faults = [PlantedFault("both:drop-factor@1", MUTANT, "s"), PlantedFault("x", DECLARED, "s")]

    def fate(kills):
        rows_ = {name: KillRow(40, {"x": 1}) for name in IDS}
        rows_[IDS[0]] = KillRow(40, {"x": 1, **kills})
        found = {"both:drop-factor@1": Distinction("it differs")}
        return kill_record(program, {}, "reference", faults, rows_, found, {})

    waived = fate({})
    assert waived["lives"][0]["fate"] == "waived" and waived["lives"][0]["reason"] == "it is harmless"
    assert waived["summary"]["holds"] and waived["summary"]["mutants"]["waived"] == 1
    stale = fate({"both:drop-factor@1": 3})
    assert stale["lives"][0]["fate"] == "stale waiver" and not stale["summary"]["holds"]


def test_worst_first(rows):
    record = made(rows, {}, {"a:b@1": Distinction("differs"), "a:b@2": Distinction("", 120)})
    assert list(fates(record).values()) == ["lives", "lives", "not distinguished", "excused"]
    assert next(iter(fates(record))) == "FAULT-1"


SABOTEURS = [PlantedFault("x", DECLARED, "s"), PlantedFault("a:b@1", MUTANT, "s"),
             PlantedFault("SABOTEUR-STALE", SABOTEUR, "s")]  # fmt: skip


def with_saboteur(rows, waived="", killed=(), tried=(), changed=()):
    more = f"waived_saboteurs: [{{saboteur: {waived}, reason: it does no harm}}]" if waived else ""
    found = {name: KillRow(40, {"x": 1, "a:b@1": 1}) for name in IDS}
    found[IDS[0]] = KillRow(40, {"x": 1, **dict.fromkeys(killed, 1)}, tried=set(tried), changed=set(changed))
    return kill_record(rows(more=more), {}, "reference", SABOTEURS, found, {}, {})


STALE = ("SABOTEUR-STALE",)


@pytest.mark.parametrize(("planted", "fate", "holds"), [
    ({}, "lives", False),  # nobody called it
    ({"tried": STALE, "changed": STALE}, "lives", False),
    ({"tried": STALE}, "without effect", True),
    ({"tried": STALE, "changed": STALE, "waived": "SABOTEUR-STALE"}, "waived", True),
    ({"killed": STALE, "waived": "SABOTEUR-STALE"}, "stale waiver", False),
])  # fmt: skip
def test_saboteurs(rows, planted, fate, holds):
    record = with_saboteur(rows, **planted)
    assert fates(record) == {"SABOTEUR-STALE": fate} and record["summary"]["holds"] == holds
    assert bool(record["summary"]["objections"]) != holds


def test_a_waiver_of_a_saboteur_that_is_not_planted(rows):
    record = with_saboteur(rows, killed=STALE, waived="SABOTEUR-BYTE-FLIPPED")
    assert fates(record) == {"SABOTEUR-BYTE-FLIPPED": "stale waiver"} and not record["summary"]["holds"]


def test_errors_come_before_everything_else(rows):
    found = {name: KillRow(1, errors={"a:b@1": "TypeError: no"} if name == IDS[1] else {}) for name in IDS}
    record = kill_record(rows(), {}, "reference", SABOTEURS, found, {}, {})
    assert record["summary"]["objections"] == [f"{IDS[1]} cannot be evaluated with a:b@1: TypeError: no"]
    assert record["falsifiers"][IDS[1]]["errors"] == {"a:b@1": "TypeError: no"}


@pytest.mark.parametrize(("hidden", "fate"), [(None, "equivalent"), (Hiding("a", 0.5, "a", 3.0), "not distinguished")])
def test_what_a_bound_hides_in_every_case_there_is_not_equivalent(rows, hidden, fate):
    record = made(rows, {"FAULT-1": 1, "a:b@1": 1}, {"a:b@2": Distinction("", 8, True, hidden)})
    assert fates(record)["a:b@2"] == fate
