"""The whole contract as dataclasses: what is absent is empty, never missing."""

from harness.contract.build import build
from harness.contract.spans import loads

LEAST = """\
metadata: {id: least, version: 1.0.0, lifecycle: draft, title: t, references: [r]}
proof_obligations: [{id: A, type: bound, property: p}]
falsification_tests: [{id: FALSIFY-A, discharges: [A], rule: r, claim: c, if_fails: f}]
"""


def test_absent_sections_are_empty():
    contract = build(loads(LEAST, "c.yaml"))
    assert (contract.arithmetic, contract.model) == (None, None)
    for section in (
        contract.dimensions,
        contract.inputs,
        contract.formats,
        contract.equations,
        contract.subjects,
    ):
        assert section == {}
    assert (contract.refusals, contract.faults) == ((), ())
    assert (contract.metadata.description, contract.metadata.depends_on) == ("", {})


def test_arithmetic_says_only_what_is_written():
    contract = build(loads(LEAST + "arithmetic: {exp_ulps: 2}\n", "c.yaml"))
    said = contract.arithmetic
    assert said is not None
    assert (said.exp_ulps, said.flush_to_zero, said.division) == (2, None, None)


def test_formats():
    contract = build(
        loads(
            LEAST + "formats: {q: {values: 4, bytes: 2, fields: {a: {dtype: u8, at: [0, 2]}}, "
            "equations: {w: a & 15}, weights: w, scales: []}}\n",
            "c.yaml",
        )
    )
    block = contract.formats["q"]
    assert (block.values, block.size, block.weights, block.scales) == (4, 2, "w", ())
    assert (block.fields["a"].start, block.fields["a"].stop) == (0, 2)
    assert block.place.column == 11
