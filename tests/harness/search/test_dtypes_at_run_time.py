"""Each number format in every place where it may stand, run against subjects that compute with NumPy's own types."""

from types import SimpleNamespace

import numpy as np
import pytest

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.gate.diff.inputs import declared_kinds
from harness.language.dtypes import COLUMN, DTYPES, FIELD, INPUT, RESULT, of_place
from harness.program.case import Case
from harness.program.check import check
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
