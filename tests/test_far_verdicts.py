"""Slabs that begin beyond 2 and 4 GiB: a narrow place is falsified, a right one survives, and memory stays small."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED, Outcome
from harness.search.replay import replay_case
from harness.subjects.reference import Reference
from harness.subjects.subject import ModuleSubject
from impl import subjects

ROOT = Path(__file__).parent.parent
CONTRACTS = (str(ROOT / "contracts"),)
CASES = 200
MEMORY = 1 << 18  # KiB that a search may add to what the process has taken: a sixteenth of 4 GiB
Place = Callable[[int, int], int]  # where a slab begins in its tensor, from expert and bytes


def in_int32(expert: int, slab: int) -> int:
    return int(np.int64(expert * slab).astype(np.int32))


def in_uint32(expert: int, slab: int) -> int:
    return expert * slab % 2**32


def in_float32(expert: int, slab: int) -> int:
    return int(np.float32(expert) * np.float32(slab))


def in_halves(expert: int, slab: int) -> int:
    """Right: 64 bits as two products of 32."""
    return ((expert >> 16) * slab << 16) + (expert & 0xFFFF) * slab


class Slices:
    """An implementation whose slab begins at `place`; checked there too, or in full width and narrowed afterwards."""

    def __init__(self, place: Place, checked: Place) -> None:
        self.place, self.checked = place, checked

    def expert_slice(self, *, data, offset, byte_size, expert_id, num_experts):
        slab = byte_size // num_experts
        first = offset + self.checked(expert_id, slab)
        if first + slab > len(data):
            raise subjects.blocks.InvalidShape(
                f"expert_byte_slice: slice range [{first}, {first + slab}) exceeds file size {len(data)}"
            )
        first = offset + self.place(expert_id, slab)
        return {"bytes": data[first : first + slab].copy()}


class Writing(Slices):
    def expert_slice(self, *, data, **others):
        found = super().expert_slice(data=data, **others)
        if data.flags.writeable:
            data[-1] ^= 1
        return found


def wide(expert: int, slab: int) -> int:
    return expert * slab


@cache
def falsifiers() -> dict[str, tuple]:
    programs = load(CONTRACTS)
    return {part.source.id: (program, part) for program in programs for part in program.falsifiers}


def tried(subject: object, falsifier: str) -> Outcome:
    return Search(*falsifiers()[falsifier], ModuleSubject("tests.far", subject), CASES).run()


@pytest.mark.parametrize("narrow", [in_int32, in_uint32, in_float32])
def test_a_place_that_is_checked_in_full_and_narrowed_afterwards(narrow):
    outcome = tried(Slices(narrow, checked=wide), "FALSIFY-SLICE-061")
    assert outcome.verdict == FALSIFIED
    assert outcome.counterexample["evidence"]["reason"]


@pytest.mark.parametrize("narrow", [in_int32, in_uint32, in_float32])
def test_a_narrow_place_behind_the_file(narrow):
    assert tried(Slices(narrow, checked=narrow), "FALSIFY-SLICE-060").verdict == FALSIFIED


@pytest.mark.parametrize("falsifier", ["FALSIFY-SLICE-060", "FALSIFY-SLICE-061"])
@pytest.mark.parametrize("right", [wide, in_halves])
def test_a_right_place_survives_in_little_memory(right, falsifier):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome = tried(Slices(right, checked=right), falsifier)
    assert outcome.verdict == SURVIVED, outcome.reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY


@pytest.mark.parametrize("falsifier", ["FALSIFY-SLICE-060", "FALSIFY-SLICE-061"])
def test_the_contracts_own_equations_survive_in_little_memory(falsifier):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert Search(*falsifiers()[falsifier], Reference(), CASES).run().verdict == SURVIVED
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY


def test_an_argument_that_is_changed_behind_the_zeros_is_noticed():
    outcome = tried(Writing(wide, checked=wide), "FALSIFY-SLICE-061")
    assert outcome.verdict == FALSIFIED and "changed its argument data" in outcome.counterexample["evidence"]["reason"]


def test_a_stored_case_is_small_and_fails_again(tmp_path):
    outcome = tried(Slices(in_uint32, checked=wide), "FALSIFY-SLICE-061")
    path = tmp_path / "case.json"
    path.write_text(json.dumps(outcome.counterexample), encoding="utf-8")
    assert path.stat().st_size < 20_000
    again = replay_case(path, CONTRACTS, "tests.test_far_verdicts:NARROWED")
    assert again.counterexample is not None
    assert replay_case(path, CONTRACTS, "impl.subjects").counterexample is None


NARROWED = Slices(in_uint32, checked=wide)
