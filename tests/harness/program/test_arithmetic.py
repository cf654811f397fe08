from dataclasses import replace

import numpy as np
import pytest

from harness.language.accumulators import Adder, Sums
from harness.language.arithmetic import float32, float64
from harness.language.dtypes import DTYPES
from harness.language.single import Single
from harness.program.arithmetic import arithmetic_of, single_of
from harness.program.collection import load

F16, F32, F64 = (DTYPES[name].numbers for name in ("f16", "f32", "f64"))


def test_a_contract_without_the_section_allows_float32(tiny):
    assert arithmetic_of(tiny) == float32()
    assert arithmetic_of(tiny, condition=True).condition


@pytest.mark.parametrize(
    "written, made",
    [
        ("exp_ulps: 4", float32(exp_ulps=4)),
        ("flush_to_zero: true", float32(flush_to_zero=True)),
        ("division: exact", float32(exact_division=True)),
        ("division: reciprocal", float32()),
        ("reduction: rounded", replace(float32(), rounded_reduction=True)),
        ("sigmoid: tanh", replace(float32(), sigmoid_by_tanh=True)),
        ("compute: f64, reduction: exact, sigmoid: exp", float64()),
        ("overflow: saturate", replace(float32(), saturates=True)),
        ("softmax: online", replace(float32(), online=True)),
        ("exp: exp2", replace(float32(), folded=True)),
        ("probabilities: f16", replace(float32(), probabilities=F16)),
        ("merge: lse, compute: f64", replace(float64(), merged=True)),
        ("compute: f64, exp_ulps: 1", float64(exp_ulps=1)),
        ("compute: f64, accumulator: f64", float64()),
        ("compute: f32, accumulator: f32, products: rounded", float32()),
        ("accumulator: f16", replace(float32(), sums=Sums(F16))),
        ("products: exact", replace(float32(), sums=Sums(F32, exact_products=True))),
        ("operands: tf32", replace(float32(), sums=Sums(F32, cut_operands=True))),
        ("blocks: 32", replace(float32(), sums=Sums(F32, blocks=32, promoted=F32))),
        ("blocks: 32, promoted: f64", replace(float32(), sums=Sums(F32, blocks=32, promoted=F64))),
        (
            "adder: {terms: 8, bits: 24, rounding: floor}",
            replace(float32(), sums=Sums(F32, adder=Adder(8, 24, "floor", 24))),
        ),
        (
            "accumulator: f16, adder: {terms: 8, bits: 24, rounding: nearest}",
            replace(float32(), sums=Sums(F16, adder=Adder(8, 24, "nearest", 11))),
        ),
    ],
)
def test_what_a_contract_declares(small_contract, tmp_path, written, made):
    (tmp_path / "rows-v1.yaml").write_text(small_contract(more=f"arithmetic: {{{written}}}"))
    assert arithmetic_of(*load((str(tmp_path / "rows-v1.yaml"),))) == made


@pytest.mark.parametrize("written, number, accumulator", [
    ("exp_ulps: 2", np.float32, np.float32),
    ("accumulator: f16", np.float32, np.float32),
    ("accumulator: f64", np.float32, np.float64),
    ("blocks: 8", np.float32, np.float64),  # the order of NumPy's sums is not that of the blocks
    ("compute: f64", np.float64, np.float64),
])  # fmt: skip
def test_the_reference_sums_no_worse_than_declared(small_contract, tmp_path, written, number, accumulator):
    (tmp_path / "rows-v1.yaml").write_text(small_contract(more=f"arithmetic: {{{written}}}"))
    domain = single_of(*load((str(tmp_path / "rows-v1.yaml"),)), Single())
    assert (domain.number, domain.accumulator) == (number, accumulator)
