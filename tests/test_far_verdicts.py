"""Slabs that begin beyond 2 and 4 GiB: a narrow place is falsified, a right one survives, and memory stays small."""

from __future__ import annotations

import json
import re
import resource
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from harness.findings import Refused
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


# --- weights of experts, plain and in blocks ---------------------------------------------------------------------

STACKED = """\
metadata: {id: stacked, version: 1.0.0, lifecycle: active, title: One expert's product, references: [none]}
dimensions:
  experts: {min: 1, max: 4}
  e: {min: 0, max: experts - 1}
inputs:
  x: {dtype: f32, shape: [32], values: [normal]}
  w: {dtype: DTYPE, shape: [experts, 8, 32], values: [normal]}
FORMATS
equations: {y: "w[e] @ x"}
subjects:
  product: {arguments: {x: x, w: w, e: e, n: experts}, returns: {y: y}}
proof_obligations: [{id: STACKED-FAR, type: equivalence, property: an expert is found wherever it lies}]
falsification_tests:
  - id: FALSIFY-STACKED-001
    discharges: [STACKED-FAR]
    rule: An expert beyond 4 GiB is found
    for_each: {far: [COUNT]}
    claim: CLAIM
    if_fails: The place of an expert is computed in 32 bits.
"""
CLAIM = "close(product(w=behind(w, far), e=e + far, n=experts + far).y, y)"
Q8_0 = """\
formats:
  q8_0:
    values: 32
    bytes: 34
    fields: {d: {dtype: f16, at: [0, 2]}, q: {dtype: i8, at: [2, 34]}}
    equations: {v: d * q}
    weights: v
    scales: [d]"""
KINDS = {"f32": ("", 8 * 32 * 4), "q8_0": (Q8_0, 8 * 34)}  # bytes of an expert


def stacked(folder: Path, dtype: str, claim: str = CLAIM) -> tuple:
    formats, slab = KINDS[dtype]
    text = STACKED.replace("FORMATS", formats).replace("DTYPE", dtype)
    text = text.replace("COUNT", str(2**32 // slab + 1)).replace("CLAIM", claim)
    path = folder / "stacked-v1.yaml"
    path.write_text(text, encoding="utf-8")
    (program,) = load((str(path),))
    return program, program.falsifiers[0]


class Products:
    def __init__(self, place: Place) -> None:
        self.place = place

    def product(self, *, x, w, e, n):
        data = memoryview(w).cast("B") if isinstance(w, np.ndarray) else w[2]
        assert (w.shape if isinstance(w, np.ndarray) else w[1])[0] == n
        slab = len(data) // n
        first = self.place(e, slab)
        part = np.frombuffer(data[first : first + slab], np.uint8)
        if isinstance(w, np.ndarray):
            return {"y": part.view(np.float32).reshape(8, 32) @ x}
        blocks = part.reshape(8, 34)
        scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        return {"y": (scales * blocks[:, 2:].view(np.int8)) @ x}


@pytest.mark.parametrize("dtype", KINDS)
def test_weights_of_a_right_place_survive_in_little_memory(tmp_path, dtype):
    program, falsifier = stacked(tmp_path, dtype)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for subject in (ModuleSubject("right", Products(wide)), Reference()):
        assert Search(program, falsifier, subject, 50).run().verdict == SURVIVED
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY


@pytest.mark.parametrize("narrow", [in_int32, in_uint32])
@pytest.mark.parametrize("dtype", KINDS)
def test_weights_of_a_narrow_place_are_falsified(tmp_path, dtype, narrow):
    subject = ModuleSubject("narrow", Products(narrow))
    assert Search(*stacked(tmp_path, dtype), subject, 50).run().verdict == FALSIFIED


@pytest.mark.parametrize(
    "claim, said",
    [
        ("all(behind(w, far) == 0) and " + CLAIM, "behind(...) is an argument of a subject, nothing is computed with"),
        (CLAIM.replace("behind(w, far)", "behind(w, far) * 2"), "another type in `behind(w, far) * 2`"),
        (CLAIM.replace("behind(w, far)", "w"), "shapes depend on experts; another value only makes sense inside"),
        (CLAIM.replace("behind(w, far)", "behind(x, far)"), "w is given something of another type"),
        (CLAIM.replace("behind(w, far)", "behind(w, -1)"), "the count of behind may be negative"),
        (CLAIM.replace("behind(w, far)", "behind(e, far)"), "behind needs an array or a tensor"),
    ],
)
def test_what_behind_may_not_be(tmp_path, claim, said):
    with pytest.raises(Refused, match=re.escape(said)):
        stacked(tmp_path, "f32", f'"{claim}"')
