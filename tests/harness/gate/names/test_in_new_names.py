"""The old version in the names of the new one."""

import random
from pathlib import Path

import pytest

from harness.contract.access import entries
from harness.contract.spans import load
from harness.gate.names.difference import differences
from harness.gate.names.in_new_names import in_new_names
from harness.gate.names.renames import DECLARED, INTERNAL, Rename, Renames
from harness.gate.names.rewriting import rewritten
from tests.harness.gate.pairs import PAIRS

CONTRACTS = sorted((Path(__file__).parents[4] / "contracts").glob("*.yaml"))


def test_nothing_renamed_is_the_same_tree():
    old, new = PAIRS["fixtures/accuracy-loosened"].trees
    assert in_new_names(old, new)[0] is old and not in_new_names(old, new)[1]


def test_public_and_internal_names_at_once_leave_nothing():
    old, new = PAIRS["pairs/equation-and-result-renamed"].trees
    before, renames = in_new_names(old, new)
    assert before.plain() == new.plain()
    assert {(part.what, part.now) for part in renames} == {("equation", "whole"), ("result", "whole")}


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_internal_names_of_real_contracts_exchanged_at_random(path):
    """Rings and chains of up to four names in each section: nothing is left to tell but the names."""
    old = load(path)
    for turn in range(8):
        new = rewritten(old, Renames(tuple(_exchange(old, random.Random(turn)))))
        before, renames = in_new_names(old, new)
        assert not list(differences(before, new)), turn
        assert {part.what for part in renames} <= set(INTERNAL)


def _exchange(root, rng):
    for what in INTERNAL:
        names = list(entries(root, DECLARED[what]))
        if len(names) > 1:
            chosen = rng.sample(names, rng.randint(2, min(4, len(names))))
            last = chosen[0] if rng.random() < 0.7 else f"new_{what}"
            yield from (Rename(what, was, now) for was, now in zip(chosen, [*chosen[1:], last], strict=True))


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.stem)
def test_every_public_name_of_real_contracts_alone(path):
    old = load(path)
    renames = [Rename(what, name, f"{name}_now") for what in ("subject", "table", "format")
               for name in entries(old, DECLARED[what])]  # fmt: skip
    for subject, parts in entries(old, "subjects").items():
        for what, key in (("argument", "arguments"), ("result", "returns")):
            renames += [Rename(what, name, f"{name}_now", subject) for name in entries(parts, key)]
    for rename in renames:
        new = rewritten(old, Renames((rename,)))
        before, found = in_new_names(old, new)
        assert list(found) == [rename] and not list(differences(before, new))
