"""Small contracts, subjects for them that do one thing wrong each, and kill records for contracts that tests copy."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from harness.judge.claims import Judgement
from harness.language.arithmetic import float32
from harness.language.packed import Packed
from harness.language.syntax import parse
from harness.program.case import Case
from harness.program.collection import load
from harness.program.model import FalsifierProgram, Program
from harness.search.engine import Search
from harness.search.outcome import Outcome
from harness.search.trial import Trial
from harness.subjects.subject import ModuleSubject
from harness.teeth.record import kill_record_path
from harness.teeth.run import run_teeth
from tests.harness.search.tiny_subject import product, staged

TINY = Path(__file__).parent / "search/tiny.yaml"
ROWS = """
metadata: {{id: rows, version: 1.0.0, lifecycle: draft, title: Sums of rows, references: [written for these tests]}}
dimensions: {{size: {{min: 1, max: 6}}, k: {{min: 1, max: size}}, threads: {{min: 1, max: 3}}}}
inputs:
  x: {{dtype: f32, shape: [size], values: [zeros, integers, normal, repeated, subnormal]}}
  v: {{dtype: f32, shape: [size], values: [zeros, integers, normal]}}
equations:
  both: x * v
  best: top_k(x, k)
  total: sum(both)
subjects:
  rows: {{arguments: {{x: x, v: v, k: k}}, returns: {{both: both, best: best, total: total}}}}
  again_rows: {{arguments: {{x: x, v: v, k: k, threads: threads}}, returns: {{both: both}}}}
proof_obligations: [{{id: SUM, type: equivalence, property: sums}}]
falsification_tests:
  - {{id: FALSIFY-ROWS-001, discharges: [SUM], rule: A rule, if_fails: It does not hold., claim: {claim}}}
  - {{id: FALSIFY-ROWS-002, discharges: [SUM], rule: Refused, if_fails: It is not., claim: "raises(rows(v=v[:-1]))"}}
  - {{id: FALSIFY-ROWS-003, discharges: [SUM], rule: Copies agree, if_fails: They do not.,
      claim: "identical(again_rows().both, rows().both)"}}
refuses: [{{subject: rows, when: len(v) != len(x), error: Uneven, message: "v has {{len(v)}}"}}]
faults:
  - {{id: FAULT-ROWS-001, story: v was forgotten, replace: {{both: x * 1}}}}
  - {{id: FAULT-ROWS-002, story: lengths are not looked at, ignores: [Uneven]}}
{more}
"""


@pytest.fixture(scope="session")
def small_contract():
    """Its text."""
    return text_of


def text_of(claim="stagewise(rows())", more=""):
    return ROWS.format(claim=f'"{claim}"', more=more)


@pytest.fixture(scope="session")
def write_kill_records(tmp_path_factory):
    """Write the kill records of some contracts where `harness teeth` would; each text is worked out once."""
    known = {}

    def write(*paths, subject="reference"):
        for path in paths:
            key = (path.name, path.read_bytes(), subject)
            (program,) = load((str(path),))
            if key not in known:
                folder = tmp_path_factory.mktemp("teeth") / "contracts"
                shutil.copytree(path.parent, folder, ignore=lambda _, names: [n for n in names if n[-5:] != ".yaml"])
                (done,) = run_teeth((str(folder / path.name),), subject, 1)
                known[key] = kill_record_path(done.program).read_bytes()
            kill_record_path(program).parent.mkdir(exist_ok=True)
            kill_record_path(program).write_bytes(known[key])

    return write


@pytest.fixture(scope="session")
def tiny() -> Program:
    (program,) = load((str(TINY),))
    return program


@pytest.fixture(scope="session")
def rule(tiny: Program) -> Callable[[int], FalsifierProgram]:
    """A falsifier of the tiny contract by its number."""
    return lambda number: tiny.falsifiers[number - 1]


@pytest.fixture(scope="session")
def subject() -> Callable[..., ModuleSubject]:
    """A correct implementation, with some functions replaced."""
    return lambda **replaced: ModuleSubject(
        "mine", SimpleNamespace(**{"product": product, "staged": staged} | replaced)
    )


@pytest.fixture(scope="session")
def search(
    tiny: Program, rule: Callable[[int], FalsifierProgram], subject: Callable[..., ModuleSubject]
) -> Callable[..., Outcome]:
    """The outcome of one falsifier against the implementation with some functions replaced."""

    def run(number: int, cases: int = 60, **replaced: Any) -> Outcome:
        return Search(tiny, rule(number), subject(**replaced), cases).run()

    return run


@pytest.fixture(scope="session")
def make_case(tiny: Program) -> Callable[..., Case]:
    """A case of the tiny contract from rows of whole weights, with scales of one."""

    def make(x: list[float], weights: list[list[int]], k: int = 1) -> Case:
        format_ = tiny.formats["q8"]
        blocks = -(-len(x) // 4)
        raw = np.zeros((len(weights), blocks, 6), np.uint8)
        raw[..., :2] = np.frombuffer(np.float16(1).tobytes(), np.uint8)
        padded = np.zeros((len(weights), blocks * 4), np.uint8)
        padded[:, : len(x)] = weights
        raw[..., 2:] = padded.reshape(len(weights), blocks, 4)
        tensor = Packed(format_, (len(weights), len(x)), raw)
        dimensions = {"rows": len(weights), "size": len(x), "k": k}
        return Case(
            dimensions, {"x": np.array(x, np.float32), "m": tensor}, {}, {"x": "given", "m": "given"}, "by hand"
        )

    return make


@pytest.fixture(scope="session")
def judge(
    tiny: Program, rule: Callable[[int], FalsifierProgram], subject: Callable[..., ModuleSubject]
) -> Callable[..., Judgement]:
    """One trial of a falsifier on a case; `claim`: of another one than its own."""

    def run(number: int, case: Case, disturb: bool = False, claim: str = "", **replaced: Any) -> Judgement:
        falsifier = replace(rule(number), claim=parse(claim)) if claim else rule(number)
        return Trial(tiny, falsifier, case, subject(**replaced), float32(), disturb).judge()

    return run


@pytest.fixture(scope="session")
def layer() -> Program:
    """The contract of the feed-forward layer, which has a `model` section."""
    programs = {program.id: program for program in load((str(TINY.parents[3] / "contracts"),))}
    return programs["qwen3-moe-ffn"]
