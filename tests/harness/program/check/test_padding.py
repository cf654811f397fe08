"""Where the entries of an input count: what decides it. Conditions that are none are in unsound/inputs.yaml."""

import pytest

from harness.findings import Refused
from harness.language.syntax import spell
from tests.harness.padded import padded

FORMATS = """formats: {q8: {values: 4, bytes: 6, fields: {d: {dtype: f16, at: [0, 2]}, q: {dtype: u8, at: [2, 6]}},
  equations: {w: d * q}, weights: w, scales: [d]}}
"""


def test_a_condition_of_lengths():
    program = padded()
    part = program.inputs["x"]
    assert part.valid is not None and spell(part.valid) == "seen"
    assert program.read_by_padding("x") == {"seen", "lengths", "raw", "n"}
    assert {"raw", "lengths"} <= program.read_by(program.falsifiers[0])


def test_other_inputs_have_none():
    program = padded()
    assert program.inputs["raw"].valid is None and program.read_by_padding("raw") == set()


def test_a_tensor_in_blocks_has_none():
    with pytest.raises(Refused, match="valid of x: a tensor in blocks has no padding but that of its rows"):
        padded(dtype="q8", kinds="[zeros, normal]", formats=FORMATS)
