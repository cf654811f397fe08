"""A contract over a table, run: every row once, texts and truths compared, refusals by name."""

from types import SimpleNamespace

import numpy as np
import pytest

from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.subjects.subject import ModuleSubject

ROLES = {"norm": (["norm.weight", "ln.weight"], 1, False), "gate": (["gate.weight"], 8, True)}
RAISES = "claim: 'raises(look(role=r, block=0), \"NotFound\")', for_each: {r: [none, NORM]}"
REFUSES = "[{subject: look, error: NotFound, message: no such role}]"


class NotFound(Exception):
    pass


class Counting:
    """A correct implementation that keeps what it was asked, some of it replaced."""

    def __init__(self, **replaced):
        self.asked: list[tuple[str, int]] = []
        self.replaced = replaced

    def look(self, *, role, block):
        self.asked.append((role, block))
        if role not in ROLES:
            raise NotFound("no such role")
        names, blocks, stacked = ROLES[role]
        name = names[0].replace("weight", str(block))
        return {"name": name, "names": names, "blocks": blocks, "stacked": stacked} | self.replaced


def outcome(program, claim: str, **replaced):
    whole = program(claim, RAISES, refuses=REFUSES)
    one = Counting(**replaced)
    return Search(whole, whole.falsifiers[3], ModuleSubject("mine", SimpleNamespace(look=one.look)), 40).run(), one


def asked(one):
    """The calls that were not refused: those that are come between good ones, as another rule claims them."""
    return [(role, block) for role, block in one.asked if role in ROLES]


SOUND = [
    "look(role=role, block=0).names == names",
    "look(role=role, block=0).blocks == blocks",
    "look(role=role, block=0).stacked and stacked or not look(role=role, block=0).stacked and not stacked",
    "contains(look(role=role, block=47).name, '47') or first(names) == ''",
    "contains(names, first(look(role=role, block=0).names)) and len(look(role=role, block=0).names) == len(names)",
]  # fmt: skip


@pytest.mark.parametrize("claim", SOUND)
def test_every_row_is_one_case(program, claim):
    found, one = outcome(program, f'claim: "{claim}", over: [roles]')
    assert (found.verdict, found.reason) == (SURVIVED, "")
    assert (found.tally.cases, found.exhausted) == (2, True)
    assert {role for role, _ in asked(one)} == set(ROLES)


def test_where_chooses_rows(program):
    found, one = outcome(program, f'claim: "{SOUND[0]}", over: [roles], where: stacked')
    assert (found.verdict, found.tally.cases) == (SURVIVED, 1)
    assert set(asked(one)) == {("gate", 0)}


def test_values_combine_with_rows(program):
    claim = "contains(look(role=role, block=b).name, fill('.{n}', n=b))"
    found, one = outcome(program, f'claim: "{claim}", over: [roles], for_each: {{b: [0, 5, 47]}}')
    assert (found.verdict, found.tally.cases) == (SURVIVED, 6)
    assert set(asked(one)) == {(role, block) for role in ROLES for block in (0, 5, 47)}


@pytest.mark.parametrize(
    "claim, replaced, row",
    [
        (SOUND[0], {"names": ["gate.weight"]}, "norm"),
        (SOUND[0], {"names": ["ln.weight", "norm.weight"]}, "norm"),
        (SOUND[1], {"blocks": 1}, "gate"),
        (SOUND[2], {"stacked": True}, "norm"),
        ("look(role=role, block=0).name != ''", {"name": 3}, "norm"),
        ("look(role=role, block=0).stacked or not stacked", {"stacked": 1}, "norm"),
        (SOUND[1], {"blocks": 1.0}, "norm"),
        (SOUND[0], {"names": "norm.weight"}, "norm"),
    ],
)
def test_a_wrong_result_is_falsified_with_its_row(program, claim, replaced, row):
    found, _ = outcome(program, f'claim: "{claim}", over: [roles]', **replaced)
    assert found.verdict == FALSIFIED
    assert row in repr(found.counterexample)


@pytest.mark.parametrize("role, verdict", [("none", SURVIVED), ("norm", FALSIFIED)])
def test_a_refusal_without_a_condition_is_named_by_the_claim(program, role, verdict):
    found, _ = outcome(program, f"claim: \"raises(look(role='{role}', block=0), 'NotFound')\"")
    assert found.verdict == verdict


# --- equations as arguments, bytes ---------------------------------------------------------------------------------


def files(program, claim: str, **functions):
    def write(*, layer, values):
        return {"file": np.concatenate([np.array([layer, len(values)], np.uint8), np.asarray(values).view(np.uint8)])}

    def read(*, file):
        assert file.dtype == np.uint8
        return {"layer": int(file[0]), "values": file[2:].view(np.float32)}

    whole = program(f'claim: "{claim}"')
    module = SimpleNamespace(**{"write": write, "read": read} | functions)
    return Search(whole, whole.falsifiers[3], ModuleSubject("mine", module), 30).run()


@pytest.mark.parametrize(
    "claim",
    [
        "identical(write().file, file)",
        "identical(read().values, values) and read().layer == layer",
        "identical(read(file=write().file).values, values)",
        "read(file=patch(file, 0, 255, 1)).layer == 255",
        "write(layer=3).file[0] == 3 and identical(write().file[2:], bytes_of(x))",
    ],
)
def test_a_file_is_an_equation_that_a_subject_reads(program, claim):
    found = files(program, claim)
    assert (found.verdict, found.reason, found.tally.cases) == (SURVIVED, "", 30)


def test_bytes_that_differ_are_falsified(program):
    found = files(program, "identical(write().file, file)", write=lambda *, layer, values: {
        "file": np.concatenate([np.array([len(values), layer], np.uint8), np.asarray(values).view(np.uint8)])
    })  # fmt: skip
    assert found.verdict == FALSIFIED
    assert found.counterexample["dimensions"] == {"count": 1, "layer": 0}
