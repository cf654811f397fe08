"""Integers that a kernel makes, gets and looks up, run against subjects of plain NumPy."""

from types import SimpleNamespace

import numpy as np
import pytest

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.findings import HandledError
from harness.program.check import check
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.subjects.reference import Reference
from harness.subjects.subject import ModuleSubject

HEAD = """
metadata: {id: made, version: 1.0.0, lifecycle: draft, title: Integers, references: [written for these tests]}
proof_obligations: [{id: INTEGERS, type: equivalence, property: integers are what they are}]
"""
RULE = "FALSIFY-MADE-001, discharges: [INTEGERS], rule: A rule, if_fails: It fails"


def program(text):
    return check(contract_of(loads(HEAD + text, "made-v1.yaml")), {})


def outcome(made, cases=200, rule=0, **functions):
    subject = ModuleSubject("mine", SimpleNamespace(**functions)) if functions else Reference()
    return Search(made, made.falsifiers[rule], subject, cases).run()


def marking(returns):
    """A contract whose subject says which scores are positive, in the way of `returns`."""
    return program(f"""
dimensions: {{n: {{min: 1, max: 20}}}}
inputs: {{x: {{dtype: f32, shape: [n]}}}}
equations: {{mask: "where(x > 0, 1, 0)"}}
subjects: {{mark: {{arguments: {{x: x}}, returns: {{mask: {returns}}}}}}}
falsification_tests: [{{id: {RULE}, claim: "close(mark().mask, mask)"}}]
""")


@pytest.mark.parametrize("returns, right, wrong", [
    ("mask", np.int8, np.float32), ("{equation: mask, dtype: f32}", np.float32, np.int64),
])  # fmt: skip
def test_a_mask_is_returned_as_integers_or_as_the_contract_says(returns, right, wrong):
    made = marking(returns)
    assert outcome(made).verdict == SURVIVED
    assert outcome(made, mark=lambda x: {"mask": (x > 0).astype(right)}).verdict == SURVIVED
    assert outcome(made, mark=lambda x: {"mask": (x >= 0).astype(right)}).verdict == FALSIFIED
    found = outcome(made, mark=lambda x: {"mask": (x > 0).astype(wrong)})
    assert (found.verdict, found.counterexample["evidence"]["reason"]) == (FALSIFIED, "mark().mask has another type")


def test_only_integers_may_be_declared_as_real_numbers():
    with pytest.raises(HandledError, match=r"x as 'i8'.*expected one of f32, f64, bf16"):
        program(f"""
dimensions: {{n: {{min: 1, max: 20}}}}
inputs: {{x: {{dtype: f32, shape: [n]}}}}
equations: {{y: 2 * x}}
subjects: {{mark: {{arguments: {{x: x}}, returns: {{x: {{equation: y, dtype: i8}}}}}}}}
falsification_tests: [{{id: {RULE}, claim: "close(mark().x, y)"}}]
""")
