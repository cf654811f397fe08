"""A small contract, and kill records for contracts that tests copy elsewhere."""

import shutil

import pytest

from harness.contract.collection import load
from harness.teeth.record import record_path
from harness.teeth.run import run_teeth

ROWS = """
metadata: {{id: rows, version: 1.0.0, lifecycle: draft, title: Sums of rows, references: [written for these tests]}}
dimensions: {{size: {{min: 1, max: 6}}, k: {{min: 1, max: size}}, threads: {{min: 1, max: 3}}}}
inputs:
  x: {{dtype: f32, shape: [size], values: [zeros, integers, normal, repeated, subnormal]}}
  v: {{dtype: f32, shape: [size], values: [zeros, integers, normal]}}
equations:
  both: x * v
  best: top_k(x, k)
  total: sum(both)
subjects:
  rows: {{arguments: {{x: x, v: v, k: k}}, returns: {{both: both, best: best, total: total}}}}
  again_rows: {{arguments: {{x: x, v: v, k: k, threads: threads}}, returns: {{both: both}}}}
proof_obligations: [{{id: SUM, type: equivalence, property: sums}}]
falsification_tests:
  - {{id: FALSIFY-ROWS-001, discharges: [SUM], rule: A rule, if_fails: It does not hold., claim: {claim}}}
  - {{id: FALSIFY-ROWS-002, discharges: [SUM], rule: Refused, if_fails: It is not., claim: "raises(rows(v=v[:-1]))"}}
  - {{id: FALSIFY-ROWS-003, discharges: [SUM], rule: Copies agree, if_fails: They do not.,
      claim: "identical(again_rows().both, rows().both)"}}
refuses: [{{subject: rows, when: len(v) != len(x), error: Uneven, message: "v has {{len(v)}}"}}]
faults:
  - {{id: FAULT-ROWS-001, story: v was forgotten, replace: {{both: x * 1}}}}
  - {{id: FAULT-ROWS-002, story: lengths are not looked at, ignores: [Uneven]}}
{more}
"""


@pytest.fixture(scope="session")
def small_contract():
    """Its text."""
    return text_of


def text_of(claim="stagewise(rows())", more=""):
    return ROWS.format(claim=f'"{claim}"', more=more)


@pytest.fixture(scope="session")
def grow_teeth(tmp_path_factory):
    """Write the kill records of some contracts where `harness teeth` would; each text is worked out once."""
    known = {}

    def grow(*paths, subject="reference"):
        for path in paths:
            key = (path.name, path.read_bytes(), subject)
            (program,) = load((str(path),))
            if key not in known:
                folder = tmp_path_factory.mktemp("teeth") / "contracts"
                shutil.copytree(path.parent, folder, ignore=lambda _, names: [n for n in names if n[-5:] != ".yaml"])
                (done,) = run_teeth((str(folder / path.name),), subject, 1)
                known[key] = record_path(done.program).read_bytes()
            record_path(program).parent.mkdir(exist_ok=True)
            record_path(program).write_bytes(known[key])

    return grow
