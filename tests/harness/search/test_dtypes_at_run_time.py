"""Each number format in every place where it may stand, run against subjects that compute with NumPy's own types."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.findings import HandledError
from harness.gate.diff.inputs import declared_kinds
from harness.language.dtypes import COLUMN, DTYPES, FIELD, INPUT, RESULT, of_place
from harness.program.case import Case
from harness.program.check import check
from harness.program.footprint import stored as stored_bytes
from harness.report.argument import argument
from harness.report.explain import explanations
from harness.report.lines import declared
from harness.search.domain import domain_of
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.search.stored_case import decode_case, encode
from harness.subjects.reference import Reference
from harness.subjects.subject import ModuleSubject
from harness.teeth.saboteurs.refusals import zeros
from tests.harness.numpy_types import INTEGERS, TRUTH, ends, other_sign

HEAD = """
metadata: {id: made, version: 1.0.0, lifecycle: draft, title: Numbers, references: [written for these tests]}
proof_obligations: [{id: NUMBERS, type: equivalence, property: numbers are what they are}]
"""
RULE = "FALSIFY-MADE-001, discharges: [NUMBERS], rule: A rule, if_fails: It fails"


def program(text):
    return check(contract_of(loads(HEAD + text, "made-v1.yaml")), {})


def outcome(made, **functions):
    return Search(made, made.falsifiers[0], ModuleSubject("mine", SimpleNamespace(**functions)), 200).run()


def taking(dtype):
    """A contract with an input, part of which is a result of its type."""
    same = "close" if DTYPES[dtype].is_real else "identical"
    return program(f"""
dimensions: {{size: {{min: 2, max: 40}}}}
inputs: {{x: {{dtype: {dtype}, shape: [size]}}}}
equations: {{tail: "x[1:]", head: "x[:-1]"}}
subjects: {{take: {{arguments: {{x: x, given: head}}, returns: {{tail: tail}}}}}}
falsification_tests: [{{id: {RULE}, claim: "{same}(take().tail, tail)"}}]
""")


def decoding(dtype):
    """A contract with a block format of one field: two integers, or one or two real numbers that scale its block."""
    count, scales = (2 if DTYPES[dtype].bits == 4 else 1, "[q]") if DTYPES[dtype].is_real else (2, "[]")
    width = count * DTYPES[dtype].bits // 8
    return program(f"""
dimensions: {{rows: {{min: 1, max: 4}}, size: {{min: 1, max: 9}}}}
formats:
  pair: {{values: {count}, bytes: {width}, fields: {{q: {{dtype: {dtype}, at: [0, {width}]}}}},
    equations: {{w: 1.0 * q}}, weights: w, scales: {scales}}}
inputs: {{m: {{dtype: pair, shape: [rows, size]}}}}
equations: {{decoded: 1.0 * m}}
subjects: {{decode: {{arguments: {{m: m}}, returns: {{decoded: decoded}}}}}}
falsification_tests: [{{id: {RULE}, claim: "close(decode().decoded, decoded)"}}]
""")


def tabled(dtype, cells):
    """A contract with a column."""
    return program(f"""
tables: {{limits: {{columns: {{limit: {dtype}}}, rows: {[[cell] for cell in cells]}}}}}
subjects: {{same: {{arguments: {{number: integer}}, returns: {{number: integer}}}}}}
falsification_tests: [{{id: {RULE}, claim: same(number=limit).number == limit, over: [limits]}}]
""")


@pytest.mark.parametrize("dtype", of_place(INPUT))
def test_as_an_input_and_a_result(dtype):
    seen = []

    def take(*, x, given):
        seen.append((x.dtype, given.dtype, x))
        return {"tail": x[1:].copy()}

    made = taking(dtype)
    assert outcome(made, take=take).verdict == SURVIVED
    assert {(x, given) for x, given, _ in seen} == {(np.dtype(TRUTH[dtype]), np.dtype(TRUTH[dtype]))}
    if not DTYPES[dtype].is_real:
        values = np.concatenate([array for _, _, array in seen]).astype(object)
        least, most = ends(dtype)
        assert values.min() <= least + (most - least) // 20 and values.max() >= most - (most - least) // 20


@pytest.mark.parametrize("dtype", [name for name in of_place(INPUT) if name in INTEGERS])
def test_an_input_read_with_the_other_sign_is_noticed(dtype):
    found = outcome(taking(dtype), take=lambda *, x, given: {"tail": x[1:].view(other_sign(dtype))})
    assert found.verdict == FALSIFIED


@pytest.mark.parametrize("dtype", [name for name in of_place(RESULT) if INPUT in DTYPES[name].places])
def test_the_reference_and_a_function_that_refuses_nothing_return_the_type(dtype):
    made = taking(dtype)
    x = np.arange(5).astype(TRUTH[dtype])
    tail = Reference().call(made, "take", {"x": x, "given": x[:-1]}, {"size": 5})["tail"]
    assert tail.dtype == TRUTH[dtype] and np.array_equal(tail, x[1:])
    filled = zeros(made.scope.subjects["take"].returns["tail"], {"size": 5})
    assert filled.dtype == TRUTH[dtype] and filled.shape == (4,)


@pytest.mark.parametrize("dtype", of_place(INPUT))
def test_a_stored_case_comes_back_bit_for_bit(dtype):
    made = taking(dtype)
    x = np.frombuffer(np.random.default_rng(1).bytes(40), TRUTH[dtype])
    stored = encode(x)
    assert stored["dtype"] == dtype
    case = decode_case(made, {"dimensions": {"size": len(x)}, "inputs": {"x": stored}})
    assert isinstance(case, Case) and case.inputs["x"].dtype == TRUTH[dtype]
    assert case.inputs["x"].tobytes() == x.tobytes()


def decode_as(truth, bits):
    """Decodes such blocks as NumPy or ml_dtypes read their bytes."""

    def decode(*, m):
        _, shape, data = m
        if bits == 4:
            halves = np.array([half for byte in data for half in (byte % 16, byte // 16)], np.uint8)
            data = halves.tobytes()
        whole = np.frombuffer(data, truth).reshape(shape[0], -1)
        with np.errstate(all="ignore"):
            return {"decoded": whole[:, : shape[1]].astype(np.float32)}

    return decode


@pytest.mark.parametrize("dtype", of_place(FIELD))
def test_as_a_field_of_a_block(dtype):
    assert outcome(decoding(dtype), decode=decode_as(TRUTH[dtype], DTYPES[dtype].bits)).verdict == SURVIVED


@pytest.mark.parametrize("dtype", [name for name in of_place(FIELD) if name in INTEGERS])
def test_a_field_read_with_the_other_sign_is_noticed(dtype):
    assert outcome(decoding(dtype), decode=decode_as(other_sign(dtype), DTYPES[dtype].bits)).verdict == FALSIFIED


@pytest.mark.parametrize("dtype", of_place(COLUMN))
def test_as_a_column_of_a_table(dtype):
    least, most = ends(dtype)
    cells = sorted({max(least, 1 - 2**63), 0, min(most, 2**63 - 1)})  # as far as a contract can write integers
    made = tabled(dtype, cells)
    asked = []
    assert outcome(made, same=lambda *, number: asked.append(number) or {"number": number}).verdict == SURVIVED
    assert sorted(set(asked)) == cells
    wrong = outcome(made, same=lambda *, number: {"number": int(np.array(number, object).astype(np.int64) & 127)})
    assert wrong.verdict == FALSIFIED


@pytest.mark.parametrize("dtype", of_place(INPUT))
def test_the_gate_knows_what_an_input_of_the_type_draws(dtype):
    declared = loads(f"{{dtype: {dtype}, shape: []}}", "c.yaml")
    kinds = declared_kinds(declared)
    assert ("normal" in kinds) == DTYPES[dtype].is_real and ("bytes" in kinds) != DTYPES[dtype].is_real


# --- a list of types ------------------------------------------------------------------------------------------------

SEVERAL = """
dimensions: {size: {min: 1, max: 20}}
inputs: {x: {dtype: [f32, bf16, f16], shape: [size]}, u: {dtype: u64, shape: [size]},
  mask: {dtype: u8, shape: [size], values: [small]}}
equations: {y: x * 6, mixed: "u ^ (u >> 33)"}
subjects: {double: {arguments: {x: x, u: u, mask: mask}, returns: {y: {equation: y, dtype: as x}, mixed: mixed}}}
falsification_tests:
  - {id: FALSIFY-MADE-001, discharges: [NUMBERS], rule: One, if_fails: Look., claim: "close(double().y, y)"}
  - {id: FALSIFY-MADE-002, discharges: [NUMBERS], rule: Two, if_fails: Look., given: {x: {dtype: bf16}},
    claim: "close(double().y, y) and identical(double().mixed, mixed)"}
"""


def doubled(x, u, mask):
    """As a kernel computes that keeps float32 and stores in the type of x."""
    return {"y": (x.astype(np.float32) * np.float32(6)).astype(x.dtype), "mixed": u ^ (u >> np.uint64(33))}


def searched(number, double):
    made = program(SEVERAL)
    return made, Search(made, made.falsifiers[number], ModuleSubject("mine", SimpleNamespace(double=double)), 150).run()


@pytest.mark.parametrize(("number", "types"), [(0, ["f32", "bf16", "f16"]), (1, ["bf16"])])
def test_one_of_several_types_is_drawn_per_case_and_a_falsifier_narrows_them(number, types):
    met, masks = set(), set()

    def double(*, x, u, mask):
        met.add(x.dtype)
        masks.update(mask.tolist())
        return doubled(x, u, mask)

    _, found = searched(number, double)
    assert found.verdict == SURVIVED
    assert met == {np.dtype(TRUTH[name]) for name in types} and masks == {0, 1, 2, 3}
    assert {kind.split()[0] for name, kind in found.tally.kinds if name == "x"} == set(types)
    assert {kind for name, kind in found.tally.kinds if name == "u"} == {"zeros", "bytes"}  # one type needs no name


def test_a_counterexample_keeps_the_type_of_its_case_and_names_it():
    def double(*, x, u, mask):
        right = doubled(x, u, mask)
        if x.dtype == TRUTH["bf16"] and (x != 0).any():
            right["y"] = np.nextafter(right["y"], np.full(1, np.inf, x.dtype))
        return right

    made, found = searched(0, double)
    example = json.loads(json.dumps(found.counterexample, allow_nan=False))
    assert found.verdict == FALSIFIED and example["inputs"]["x"]["dtype"] == "bf16"
    assert example["inputs"]["x"]["shown"] == "[1]"  # shrunk
    (step,) = (step for step in example["steps"] if step["name"] == "y")
    assert step["got"] == "bf16 6.03125" and example["evidence"]["ulps"] == 1
    assert any("x (bf16) = [1]" in line for line in argument(example))
    case = decode_case(made, example)
    assert case.inputs["x"].dtype == TRUTH["bf16"] and case.inputs["x"].tolist() == [1]
    example["inputs"]["x"]["dtype"] = "f8_e4m3fn"
    with pytest.raises(HandledError, match="x is stored as 'f8_e4m3fn', made reads f32 or bf16 or f16"):
        decode_case(made, example)
    example["inputs"]["x"]["dtype"] = "f32"  # a type that the contract reads, of other data
    with pytest.raises(HandledError, match="an array of 2 bytes, expected 4"):
        decode_case(made, example)


@pytest.mark.parametrize(
    ("dtype", "overflow"), [("bf16", "infinity"), ("f8_e4m3fn", "infinity"), ("f8_e4m3fn", "saturate")]
)
def test_what_replaces_an_input_of_a_narrow_format_is_stored_in_it_on_both_sides(dtype, overflow):
    """A subject that is given 1.3 x gets numbers of the format, and is compared with the equations of these."""
    made = program(f"""
arithmetic: {{overflow: {overflow}}}
dimensions: {{size: {{min: 1, max: 40}}}}
inputs: {{x: {{dtype: {dtype}, shape: [size]}}}}
equations: {{y: x + x}}
subjects: {{double: {{arguments: {{x: x}}, returns: {{y: {{equation: y, dtype: f32}}}}}}}}
falsification_tests: [{{id: {RULE}, claim: "close(double(x=1.3 * x).y, y(x=1.3 * x)) and close(double().y, y)"}}]
""")
    assert outcome(made, double=lambda *, x: {"y": 2 * x.astype(np.float32)}).verdict == SURVIVED
    assert outcome(made, double=lambda *, x: {"y": x.astype(np.float32)}).verdict == FALSIFIED


def test_what_could_be_drawn_is_told_by_type():
    made = program(SEVERAL)
    kinds = declared(made)["kinds"]
    assert kinds["mask"] == ["small"] and {"f32 normal", "bf16 normal", "f16 tiny"} <= set(kinds["x"])
    assert stored_bytes(made, "x")[0].bytes == 4
    lines = "\n".join(explanations([made])["made"])
    assert "input x: real[size], f32 or bf16 or f16" in lines and "y: y, as x" in lines


def test_types_enter_the_domain_that_is_drawn_from():
    other = program(SEVERAL.replace("[f32, bf16, f16]", "[f32, bf16]"))
    made = program(SEVERAL)
    assert domain_of(made, made.falsifiers[0]) != domain_of(other, other.falsifiers[0])
