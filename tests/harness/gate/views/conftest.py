"""One record with everything in it: changes of every level, evidence, waivers, two bases, findings."""

import pytest


def change(kind, level, path, **more):
    return {
        "key": f"moe-router@1.0.0:{kind}:{path}:0a1b2c3d", "kind": kind, "level": level, "breaks": "reader",
        "how": {"reader": "The same input has another result."},
        "assurance": None, "path": path,
        "old_place": {"file": "released/moe-router/1.0.0.yaml", "line": 15, "column": 3},
        "new_place": {"file": "contracts/moe-router-v1.yaml", "line": 16, "column": 3}, "old": "a", "new": "b",
        "message": "another function: a -> b", "why": "The same input has another result.", "fix": "Keep it.",
        "evidence": None, "waiver": None, **more,
    }  # fmt: skip


@pytest.fixture
def record():
    waiver = {"reason": "agreed", "expires": "2027-06-30", "place": "contracts/waivers/gate.yaml:2:5"}
    changes = [
        change("fault-removed", "minor", "faults.FAULT-1", assurance="lowered", new_place=None, breaks="nobody", how={},
               message="gone: 50 % | more"),
        change("equation-meaning-changed", "major", "equations.weights",
               breaks="both",
               how={"reader": "The same input has another result.", "implementer": "Compute the new function."},
               evidence={"told": "another value\nhidden = 1: 0.5, was 1", "cases": 200}),
        change("dimension-narrowed", "major", "dimensions.k", waiver=waiver),
        change("prose-changed", "patch", "metadata.title", breaks="nobody", how={}, message="text: " + "long " * 60),
    ]  # fmt: skip
    problem = {
        "key": "moe-router:version-too-small:1.0.1", "problem": "version-too-small", "contract": "moe-router",
        "place": "contracts/moe-router-v1.yaml:4:12", "message": "1.0.0 -> 1.0.1, and the changes need major",
        "hint": "declare 2.0.0",
    }  # fmt: skip
    contract = {
        "id": "moe-router", "path": "contracts/moe-router-v1.yaml", "lifecycle": "active", "declared": "1.0.1",
        "verdict": "stopped", "needed": "major", "raised": "patch", "least_version": "2.0.0", "note": "a note",
        "since": {"base": "release 1.0.0", "version": "1.0.0", "needed": "major", "breaks": "both", "changes": changes},
        "also": {"base": "main", "version": "1.0.0", "needed": "minor", "breaks": "nobody",
                 "changes": changes[:1]}, "problems": [problem],
    }  # fmt: skip
    quiet = {**contract, "id": "names", "verdict": "unchanged", "since": {**contract["since"], "changes": []},
             "also": None, "problems": [], "note": None, "needed": "none", "raised": "none",
             "least_version": None}  # fmt: skip
    new = {**quiet, "id": "draft", "verdict": "not released", "since": None}
    unused = {**problem, "key": "names:waiver-unused:x", "problem": "waiver-unused", "contract": "names",
              "place": "contracts/waivers/gate.yaml:3:5", "message": "waives x, which is no finding"}  # fmt: skip
    return {
        "schema": "contract-harness/gate/1", "exit_code": 1, "against": "main", "contracts": [contract, quiet, new],
        "problems": [unused], "waived": [{**unused, "waiver": waiver}], "unreadable": [],
    }  # fmt: skip


@pytest.fixture
def incomplete(record):
    """The same, with a contract that cannot be read, and a mistake that has no place."""
    broken = {"place": "contracts/names-v1.yaml:3:1", "message": "not a version", "expected": "x.y.z", "got": "'*'",
              "hint": "mend it"}  # fmt: skip
    lost = {"place": None, "message": "--against x: no such ref", "expected": None, "got": None, "hint": None}
    return {**record, "exit_code": 2, "unreadable": [broken, lost]}
