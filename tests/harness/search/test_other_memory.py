"""Arguments in the memory that a contract promises to take: drawn, told, stored and replayed."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from harness.findings import HandledError
from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.search.replay import replay_case
from harness.subjects.subject import ModuleSubject

CONTRACT = """
metadata: {id: halves, version: 1.0.0, lifecycle: draft, title: Halves, references: [written for these tests]}
dimensions: {size: {min: 1, max: 6}}
inputs: {x: {dtype: f32, shape: [size], values: [integers, normal]}}
equations: {half: x * 0.5}
subjects:
  halve: {arguments: {x: x}, %sreturns: {half: half}}
proof_obligations: [{id: HALF, type: equivalence, property: halves}]
falsification_tests:
  - {id: FALSIFY-HALVES-001, discharges: [HALF], rule: Half, if_fails: Look., claim: "close(halve().half, half)"}
"""
PROMISE = "memory: [unaligned, read_only], "


def contract(tmp_path, promise):
    path = tmp_path / "halves-v1.yaml"
    path.write_text(CONTRACT % promise)
    return path


def searched(tmp_path, promise, halve):
    (program,) = load((str(contract(tmp_path, promise)),))
    return Search(program, program.falsifiers[0], ModuleSubject("mine", SimpleNamespace(halve=halve)), 100).run()


def kind(x):
    return "unaligned" if not x.flags.aligned else "usual" if x.flags.writeable else "read_only"


@pytest.mark.parametrize(("promise", "met"), [("", {"usual"}), (PROMISE, {"usual", "unaligned", "read_only"})])
def test_one_case_in_eight_has_other_memory_where_it_is_promised(tmp_path, promise, met):
    seen = []

    def halve(x):
        seen.append(kind(x))
        return {"half": x * np.float32(0.5)}

    assert searched(tmp_path, promise, halve).verdict == SURVIVED
    assert set(seen) == met
    assert seen.count("usual") > 0.75 * len(seen)


def in_place(x):
    x *= np.float32(0.5)
    half = x.copy()
    x *= np.float32(2)
    return {"half": half}


def test_the_memory_is_told_stored_and_replayed(tmp_path, monkeypatch):
    outcome = searched(tmp_path, PROMISE, in_place)
    example = outcome.counterexample
    assert outcome.verdict == FALSIFIED
    assert (
        outcome.reason == example["evidence"]["reason"] == "halve() raised an error, with arguments in read_only memory"
    )
    assert (example["memory"], example["recipe"].rpartition("; ")[2]) == ("read_only", "memory: read_only")
    path = tmp_path / "case.json"
    path.write_text(json.dumps(example))
    monkeypatch.setattr(
        "harness.search.replay.load_subject", lambda name: ModuleSubject(name, SimpleNamespace(halve=in_place))
    )
    replayed = replay_case(path, (str(contract(tmp_path, PROMISE)),), "mine")
    assert replayed.counterexample["memory"] == "read_only"
    with pytest.raises(HandledError, match="no function of its claim takes 'read_only' memory"):
        replay_case(path, (str(contract(tmp_path, "")),), "mine")


def test_a_failure_in_any_memory_is_shown_in_the_usual(tmp_path):
    outcome = searched(tmp_path, PROMISE, lambda x: {"half": x})
    assert outcome.verdict == FALSIFIED and "memory" not in outcome.counterexample
