import ml_dtypes
import numpy as np
import pytest

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.language.arithmetic import float32
from harness.language.exact.choice import top_k
from harness.language.exact.region import Bounded
from harness.language.mutate.faulty import faulty
from harness.language.syntax import Call, parse
from harness.program.case import Case
from harness.program.check import check
from harness.subjects.planting import Edit
from harness.teeth.distinguish import differs, distinguish, stages_of, unrestricted
from harness.teeth.fault import PlantedFault, faults_of
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


NARROW = """metadata: {id: narrow, version: 1.0.0, lifecycle: draft, title: A narrow product, references: [none]}
dimensions: {n: {values: [1, 3, 64]}}
inputs: {w: {dtype: [bf16, f32], shape: [3, n]}, x: {dtype: bf16, shape: [n]}}
equations: {y: w @ x, q: "stored(y, i8)"}
subjects:
  f: {arguments: {w: w, x: x}, returns: {y: {equation: y, dtype: bf16}, wide: {equation: y, dtype: as w}, q: q}}
proof_obligations: [{id: ONE, type: equivalence, property: p}]
falsification_tests:
  - {id: FALSIFY-ONE-001, discharges: [ONE], rule: r, if_fails: f, claim: "close(f().y, y)"}
"""


def test_values_are_compared_as_they_are_returned():
    program = check(contract_of(loads(NARROW, "narrow-v1.yaml")), {})
    stages = stages_of(program, "f")
    assert [(stage.field, stage.equation, stage.subject.like.get(stage.field, "")) for stage in stages] == [
        ("y", "y", ""), ("wide", "y", "w"), ("q", "q", ""),
    ]  # fmt: skip
    given = {"w": np.ones((3, 2), ml_dtypes.bfloat16), "x": np.ones(2, ml_dtypes.bfloat16)}
    case = Case({"n": 2}, given)
    value = np.array([1 + 2.0**-8, 1 + 2.0**-8 + 2.0**-30, 300.0])  # a tie of bfloat16, and just beyond it
    assert stages[0].returned(value, case).tolist() == [1, 1 + 2.0**-7, 300]
    assert stages[1].returned(value, case).dtype == ml_dtypes.bfloat16
    wide = case.with_input("w", given["w"].astype(np.float32))
    assert stages[1].returned(value, wide).dtype == np.float32


def test_the_format_of_a_result_is_not_a_fault_and_a_narrower_one_is():
    program = check(contract_of(loads(NARROW.replace(", wide: {equation: y, dtype: as w}", ""), "narrow-v1.yaml")), {})
    y = {"bf16": Call("faulty.bf16", (program.equations["y"],), ()),
         "f8_e4m3fn": Call("faulty.f8_e4m3fn", (program.equations["y"],), ())}  # fmt: skip
    faults = [PlantedFault(name, MUTANT, "", Edit({"y": node})) for name, node in y.items()]
    found = distinguish(program, faults, 60)
    assert not found["bf16"].difference and found["bf16"].hidden is None
    assert found["f8_e4m3fn"].difference.startswith("y differs beyond its bound")


def test_integers_that_are_stored_are_compared_as_integers():
    """A bound around a half admits both integers beside it, and its middle is neither."""
    program = check(contract_of(loads(NARROW, "narrow-v1.yaml")), {})
    same = PlantedFault("same", MUTANT, "", Edit({"q": parse("stored(stored(y), i8)")}))
    cut = PlantedFault("cut", MUTANT, "", Edit({"q": faulty("cut", parse("y"), format="i8")}))
    found = distinguish(program, [same, cut], 60)
    assert not found["same"].difference and found["cut"].difference.startswith("q differs")


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
    rounded = PlantedFault("rounded", MUTANT, "", Edit({"out": faulty("bf16", program.equations["out"])}))
    assert bool(distinguish(program, [rounded], 60)["rounded"].difference) == told_apart
    assert distinctions(program, "out:plus-for-times@1")["out:plus-for-times@1"].difference


def test_a_result_has_the_format_of_its_input_in_each_case():
    program = check(contract_of(loads(STORED % "[bf16, f32]", "one-v1.yaml")), {})
    (stage,) = stages_of(program, "f")
    for stored in (np.float32, ml_dtypes.bfloat16):
        case = Case({"size": 2}, {"x": np.ones(2, stored)})
        assert stage.returned(np.ones(2), case).dtype == stored
        zeros = zero_results(program, "f", {"x": case.inputs["x"]}, {"size": 2})
        assert zeros["out"].dtype == stored and zeros["out"].tolist() == [0, 0]
