from pathlib import Path

import pytest

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.program.check import check
from harness.program.collection import load
from harness.program.mutants import computable, computed, half_of, mutants, number_formats, of_blocks, returned

CONTRACTS = Path(__file__).parents[3] / "contracts"
PROGRAMS = {program.id: program for program in load((str(CONTRACTS),))}


def test_equations_that_results_depend_on():
    assert returned(PROGRAMS["moe-router"]) == {"logits", "probs", "chosen", "weights"}  # the mass is a claim's alone
    assert returned(PROGRAMS["gguf-container"]) == {"offsets", "sizes", "types"}  # the file is what is read
    assert returned(PROGRAMS["tensor-names"]) == set()


def test_what_follows_from_the_arguments():
    program = PROGRAMS["trace-files"]
    assert computable(program, "file", {"layer", "x"}) and not computable(program, "values", {"file"})
    assert returned(program) == {"file"}


EQUATION_AS_ARGUMENT = """metadata: {id: one, version: 1.0.0, lifecycle: draft, title: One, references: [none]}
inputs: {x: {dtype: f32, shape: [3]}, w: {dtype: f32, shape: [3]}}
equations: {half: 0.5 * w, whole: half + half, out: x * whole + half}
subjects:
  f: {arguments: {x: x, w: whole, h: half}, returns: {out: out}}
  g: {arguments: {h: half}, returns: {whole: whole, half: half}}
proof_obligations: [{id: ONE, type: equivalence, property: p}]
falsification_tests:
  - {id: FALSIFY-ONE-001, discharges: [ONE], rule: r, if_fails: f,
     claim: "close(f().out, out) and close(g().whole, whole)"}
"""


def test_what_a_subject_is_given_it_does_not_compute():
    program = check(contract_of(loads(EQUATION_AS_ARGUMENT, "one-v1.yaml")), {})
    assert returned(program) == {"out", "whole"}  # f computes out, g computes whole, nobody computes half
    assert computed(program, "out", {"x", "half"}) == {"out", "whole"}
    assert computable(program, "out", {"x", "whole", "half"}) and not computable(program, "out", {"x", "whole"})
    assert {mutant.equation for mutant in mutants(program).values()} == {"out", "whole"}


def test_mutants_by_id():
    found = mutants(PROGRAMS["moe-router"])
    assert found["weights:drop-normalisation@1"].equation == "weights"
    assert all(name == mutant.id for name, mutant in found.items())


def test_formats_are_mutated_where_they_are_declared():
    assert any(mutant.format == "q4_k" for mutant in mutants(PROGRAMS["ggml-blocks"]).values())
    assert not any(mutant.format for mutant in mutants(PROGRAMS["expert-swiglu"]).values())


NARROW = """metadata: {id: one, version: 1.0.0, lifecycle: draft, title: One, references: [none]}
dimensions: {n: {min: 1, max: 4}}
inputs: {x: {dtype: [bf16, f16], shape: [n]}, w: {dtype: q, shape: [n, 4]}, s: {dtype: f32, shape: [n]}}
formats:
  q:
    values: 4
    bytes: 3
    fields: {e: {dtype: f8_e8m0fnu, at: [0, 1]}, v: {dtype: f4_e2m1fn, at: [1, 3]}}
    equations: {weights: e * v}
    weights: weights
    scales: [e]
equations: {peak: max(abs(x)), h: "stored(x * s, [f32, bf16])", y: h + peak, z: sum(w) * y}
subjects: {f: {arguments: {x: x, w: w, s: s}, returns: {y: {equation: y, dtype: as x}, z: {equation: z, dtype: bf16}}}}
proof_obligations: [{id: ONE, type: equivalence, property: p}]
falsification_tests:
  - {id: FALSIFY-ONE-001, discharges: [ONE], rule: r, if_fails: f, claim: "close(f().y, y) and close(f().z, z)"}
"""


def test_number_formats_of_a_contract():
    program = check(contract_of(loads(NARROW, "one-v1.yaml")), {})
    formats = number_formats(program)
    assert formats.inputs == {"x": ("bf16", "f16"), "s": ("f32",)} and formats.mixed
    assert formats.returned == {"y": {"bf16", "f16"}, "z": {"bf16"}}
    assert formats.stored == {"h": ("f32", "bf16")} and formats.read["h"] == formats.read["peak"] == (frozenset(),)
    assert formats.digits["peak"] == formats.digits["x"] and "z" not in formats.digits
    assert formats.held_by_all(("q",), "bf16") and not formats.held_by_all(("q",), "f16")
    fields = of_blocks(program.formats["q"], formats)
    assert fields.fields == {"e": "f8_e8m0fnu", "v": "f4_e2m1fn"} and fields.scales == ("e",)
    ids = set(mutants(program))
    assert {"q.weights:swapped-nibbles@1", "q.weights:next-block@1", "y:bf16-result@1", "z:f16-result@1"} <= ids
    assert not {"z:bf16-result@1", "h:bf16-result@1", "q.weights:bf16-result@1"} & ids
    assert "peak:bf16-result@1" in ids  # the largest of some numbers of float16


def test_contracts_in_float32_speak_of_nothing_narrow():
    for program in PROGRAMS.values():
        assert not number_formats(program).mixed, program.id


@pytest.mark.parametrize(("declared", "mistaken"), [
    ("{}", ("bf16", "f16")), ("{accumulator: f16}", ("bf16",)), ("{accumulator: bf16}", ()),
    ("{accumulator: f64}", ("f32", "bf16", "f16")), ("{compute: f64}", ("f32", "bf16", "f16")),
    ("{accumulator: f16, blocks: 32}", ("bf16", "f16")),  # float16 that is never promoted
    ("{products: exact, adder: {terms: 32, bits: 13, rounding: truncate, digits: 10}}", ("bf16",)),
])  # fmt: skip
def test_accumulators_that_the_arithmetic_does_not_admit(declared, mistaken):
    text = NARROW.replace("dimensions:", f"arithmetic: {declared}\ndimensions:", 1)
    formats = number_formats(check(contract_of(loads(text.replace("arithmetic: {}\n", ""), "one-v1.yaml")), {}))
    assert formats.accumulators == mistaken
    assert formats.computed == ("f64" if "compute" in declared else "f32")


def test_what_an_intermediate_value_is_held_in():
    assert half_of({"bf16", "f16"}, False) == half_of({"f8_e4m3fn"}, False) == "bf16"
    assert half_of({"f16", "f32"}, False) == "f16" and half_of({"f64"}, True) == "f32"
