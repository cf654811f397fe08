import ml_dtypes
import numpy as np
import pytest

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.language.arithmetic import float32
from harness.language.exact.choice import top_k
from harness.language.exact.region import Bounded
from harness.program.case import Case
from harness.program.check import check
from harness.teeth.distinguish import differs, distinguish, returned_as, unrestricted
from harness.teeth.fault import faults_of
from harness.teeth.record import MUTANT
from harness.teeth.saboteurs.refusals import zero_results


def distinctions(program, *ids, count=60):
    mutants = [fault for fault in faults_of(program) if fault.kind == MUTANT and (not ids or fault.id in ids)]
    return distinguish(program, mutants, count)


def test_what_differs_beyond_the_bound(rows):
    found = distinctions(rows(), "both:drop-factor@1", "best:bottom-k-for-top-k@1", "total:mean-for-sum@1")
    assert [found[name].difference.split()[0] for name in sorted(found)] == ["best", "both", "total"]
    assert "as in size=" in found["both:drop-factor@1"].difference


def test_what_does_not(contracts):
    found = distinctions(contracts["moe-router"], "chosen:logits-for-probs@1")  # the softmax keeps the order
    assert found["chosen:logits-for-probs@1"].difference == ""
    assert found["chosen:logits-for-probs@1"].cases == 60


def test_all_cases_there_are(eight_cases):
    found = distinctions(eight_cases, "out:at-most-for-less@1", "out:8-for-9@1")
    assert found["out:at-most-for-less@1"].exhausted and found["out:at-most-for-less@1"].cases == 8
    assert found["out:at-most-for-less@1"].hidden is None and found["out:8-for-9@1"].difference


def test_formats(contracts):
    found = distinctions(contracts["ggml-blocks"], "q4_k.sc:plus-for-or@1", "q4_k.sc:and-for-or@1", count=20)
    assert not found["q4_k.sc:plus-for-or@1"].difference and found["q4_k.sc:and-for-or@1"].difference


def test_values_that_no_bound_admits():
    exact, ar = Bounded(np.array([1.0, 2.0]), float32()), float32()
    assert differs(Bounded(np.array([1.0, 2.5]), ar), exact) and not differs(Bounded(np.array([1.0, 2.0]), ar), exact)
    assert differs(Bounded(np.array([1.0, np.nan]), ar), exact)
    wide = Bounded(np.array([1.0, 2.0]), ar, np.array([0.5, 0.5]))
    assert not differs(np.array([1.2, 1.8]), wide) and differs(np.array([1.6, 2.0]), wide)
    assert differs(np.array([1]), top_k(exact, 1)) is False and differs(np.array([0]), top_k(exact, 1))
    assert differs(np.array([1, 2]), np.array([1, 3]))


def test_nothing_is_narrowed(contracts):
    falsifier = unrestricted(contracts["moe-router"], "route")
    assert falsifier.source.given == {} and falsifier.where is None


STORED = """metadata: {id: one, version: 1.0.0, lifecycle: draft, title: One function, references: [none]}
dimensions: {size: {min: 1, max: 4}}
inputs: {x: {dtype: %s, shape: [size], values: [normal]}}
equations: {out: x * 6}
subjects: {f: {arguments: {x: x}, returns: {out: {equation: out, dtype: as x}}}}
proof_obligations: [{id: ONE, type: equivalence, property: p}]
falsification_tests:
  - {id: FALSIFY-ONE-001, discharges: [ONE], rule: r, if_fails: f, claim: "close(f().out, out)"}
"""


@pytest.mark.parametrize(("dtypes", "told_apart"), [("bf16", False), ("f16", True), ("[bf16, f32]", True)])
def test_what_is_rounded_away_where_a_result_is_stored_is_no_difference(dtypes, told_apart):
    program = check(contract_of(loads(STORED % dtypes, "one-v1.yaml")), {})
    found = distinctions(program, "out:bf16-result@1", "out:plus-for-times@1")
    assert bool(found["out:bf16-result@1"].difference) == told_apart
    assert found["out:plus-for-times@1"].difference


def test_a_result_has_the_format_of_its_input_in_each_case():
    program = check(contract_of(loads(STORED % "[bf16, f32]", "one-v1.yaml")), {})
    for stored in (np.float32, ml_dtypes.bfloat16):
        case = Case({"size": 2}, {"x": np.ones(2, stored)})
        expected = {np.float32: "f32", ml_dtypes.bfloat16: "bf16"}[stored]
        assert returned_as(program, "f", case) == {"out": expected}
        zeros = zero_results(program, "f", {"x": case.inputs["x"]}, {"size": 2})
        assert zeros["out"].dtype == stored and zeros["out"].tolist() == [0, 0]
