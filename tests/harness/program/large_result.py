"""A contract of a result of which a claim reads some rows; `with_claim` gives it another claim."""

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.program.check import check
from harness.program.model import Program

SAMPLED = "close(head().out[sample], out[sample])"
TEXT = """
metadata: {id: large, version: 1.0.0, lifecycle: draft, title: A large result, references: [written for these tests]}
dimensions: {tokens: {min: 1, max: 300000}, width: {min: 1, max: 4}, seen: {min: 1, max: 3}}
inputs:
  w: {dtype: f32, shape: [tokens, width]}
  b: {dtype: f32, shape: [tokens, width]}
  x: {dtype: f32, shape: [width]}
  raw: {dtype: i32, shape: [seen]}
equations:
  sample: raw % tokens
  hidden: w * b
  out: hidden @ x
  some: out[sample]
  total: sum(out)
subjects:
  head: {arguments: {w: w, b: b, x: x}, returns: {hidden: hidden, out: out, total: total}}
proof_obligations: [{id: OUT, type: equivalence, property: the result is that of the equations}]
falsification_tests:
  - {id: FALSIFY-LARGE-001, discharges: [OUT], rule: A rule, if_fails: It does not hold., claim: "CLAIM"}
  - {id: FALSIFY-LARGE-002, discharges: [OUT], rule: All, if_fails: They are not., claim: "stagewise(head())
      and close(head().out[sample], some)"}
"""


def with_claim(claim: str = SAMPLED) -> Program:
    """The contract, checked; the claim is that of its first falsifier."""
    return check(contract_of(loads(TEXT.replace("CLAIM", claim), "large.yaml")), {})
