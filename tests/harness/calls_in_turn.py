"""A contract whose subject is called in turn: halved states to which a vector is added."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.language.arithmetic import float32
from harness.program.case import Case
from harness.program.check import check
from harness.program.model import Program
from harness.search.trial import Trial
from harness.subjects.subject import ModuleSubject

TEXT = """
metadata: {{id: steps, version: 1.0.0, lifecycle: draft, title: Steps, references: [written for these tests]}}
dimensions: {{tokens: {{min: 1, max: 8}}, n: {{min: 1, max: 4}}, place: {{min: 0, max: 7}}}}
inputs:
  xs: {{dtype: f32, shape: [tokens, n]}}
  x: {{dtype: f32, shape: [n]}}
  s: {{dtype: f32, shape: [n]}}
equations:
  after: 0.5 * s + x
  y: 2 * after + place
  states: "scan(0.5 * h + xs[t], t=tokens, h=s)"
  ys: "2 * states + arange(tokens)[:, None]"
subjects:
  step: {{arguments: {{x: x, s: s, place: place}}, returns: {{s: after, y: y}}}}
  run: {{arguments: {{xs: xs, s: s}}, returns: {{states: states}}}}
proof_obligations: [{{id: STEPS, type: equivalence, property: steps}}]
falsification_tests:
  - {{id: FALSIFY-STEPS-001, discharges: [STEPS], rule: A rule, if_fails: It does not hold., claim: "{claim}"}}
  - {{id: FALSIFY-STEPS-002, discharges: [STEPS], rule: One step and all, if_fails: It does not hold.,
      claim: "close(step().s, after) and close(step().y, y) and close(2 * run().states, ys - ys + 2 * states)"}}
"""
CALLS = "threaded(step(x=xs[t], place=t), t=tokens, s=s)"
CASE = Case(
    {"tokens": 4, "n": 2, "place": 0},
    {"xs": np.arange(8, dtype=np.float32).reshape(4, 2), "x": np.zeros(2, np.float32), "s": np.float32([8, 16])},
)
STATES = [[4, 9], [4, 7.5], [6, 8.75], [9, 11.375]]  # after each step


def program(claim: str) -> Program:
    """The checked contract with this claim."""
    return check(contract_of(loads(TEXT.format(claim=claim), "steps.yaml")), {})


def step(*, x: np.ndarray, s: np.ndarray, place: int) -> Mapping[str, Any]:
    """The right step."""
    after = np.float32(0.5) * s + x
    return {"s": after, "y": 2 * after + np.float32(place)}


def run(*, xs: np.ndarray, s: np.ndarray) -> Mapping[str, Any]:
    """All steps; a state is forgotten before the third."""
    states = []
    for t, x in enumerate(xs):
        s = np.float32(0.5) * (s * np.float32(t != 2)) + x
        states.append(s)
    return {"states": np.stack(states)}


def trial(claim: str, step: Callable[..., Mapping[str, Any]] = step, disturb: bool = False) -> Trial:
    """The claim on the case, with this step."""
    checked = program(claim)
    subject = ModuleSubject("mine", SimpleNamespace(step=step, run=run))
    return Trial(checked, checked.falsifiers[0], CASE, subject, float32(), disturb)
