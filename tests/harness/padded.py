"""A contract with rows of different lengths, for the tests of padding."""

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.program.check import check
from harness.program.model import Program

TEXT = """
metadata: {id: padded, version: 1.0.0, lifecycle: draft, title: Sums of rows of a length, references: [none yet]}
dimensions: {rows: {min: 1, max: 3}, n: {min: 1, max: 4}}
FORMATSinputs:
  raw: {dtype: i32, shape: [rows], values: [zeros, bytes]}
  x: {dtype: DTYPE, shape: [rows, n, 2], valid: seen, values: KINDS}
equations:
  lengths: raw % n + 1
  seen: "arange(n) < lengths[:, None]"
  kept: "where(seen[..., None], x, 0)"
  out: EQUATION
subjects:
  f: {arguments: {x: x, lengths: lengths}, returns: {out: out}}
proof_obligations: [{id: SUMS, type: equivalence, property: rows are summed up to their length}]
falsification_tests:
  - {id: FALSIFY-SUMS-001, discharges: [SUMS], rule: A rule, claim: "CLAIM", if_fails: It fails}
"""
REALS, WHOLE = "[zeros, integers, normal]", "[zeros, bytes]"


def padded(
    dtype: str = "f32", equation: str = "sum(kept, 1)", claim: str = "close(f().out, out)", kinds: str = REALS,
    formats: str = "", subject: tuple[str, str] = ("", ""),
) -> Program:  # fmt: skip
    text = TEXT.replace("FORMATS", formats)
    text = text.replace("DTYPE", dtype).replace("EQUATION", equation).replace("CLAIM", claim).replace("KINDS", kinds)
    text = text.replace(*subject) if subject[0] else text
    return check(contract_of(loads(text, "padded.yaml")), {})
