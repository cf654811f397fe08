"""Wrong equations that can stand where the right ones do."""

import pytest

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.findings import Refused
from harness.program.check import check

TEXT = """
metadata: {{id: small, version: 1.0.0, lifecycle: draft, title: A small contract, references: [none yet]}}
dimensions: {{rows: {{min: 1, max: 4}}}}
inputs: {{x: {{dtype: f32, shape: [rows]}}, ids: {{dtype: i32, shape: [rows]}}}}
equations: {{double: 2 * x, count: ids + 1, more: double + count}}
subjects: {{f: {{arguments: {{x: x, ids: ids}}, returns: {{double: double, count: count, more: more}}}}}}
proof_obligations: [{{id: SUM, type: equivalence, property: sums}}]
falsification_tests:
  - {{id: FALSIFY-SUM-001, discharges: [SUM], rule: Sums, claim: stagewise(f()), if_fails: They are not.}}
faults: [{{id: FAULT-SUM-001, story: it was wrong, replace: {{{replaced}}}}}]
"""


def program(replaced: str):
    return check(contract_of(loads(TEXT.format(replaced=replaced), "small.yaml")), {})


@pytest.mark.parametrize("replaced", ["double: 3 * x", "double: ids", "count: ids", "more: double - count",
                                      "double: x, count: ids - 1"])  # fmt: skip
def test_a_fault_is_an_equation_of_its_own(replaced):
    assert set(program(replaced).faults["FAULT-SUM-001"]) == {part.split(":")[0] for part in replaced.split(", ")}


@pytest.mark.parametrize(
    "replaced, said",
    [
        ("double: 2 * x", "fault in double: the same as the equation"),
        ("count: x", "fault in count: another type; expected integer[rows], got real[rows]"),
        ("double: sum(x)", "fault in double: another shape; expected [rows], got []"),
        (
            "double: 2 * more",
            "fault in double: unknown name 'more'; it is declared below; declare it before it is used",
        ),
        ("double: 2 * double", "fault in double: unknown name 'double'; a definition cannot use itself"),
        ("double: f().double", "fault in double: unknown function 'f'"),
    ],
)
def test_what_cannot_be_run(replaced, said):
    with pytest.raises(Refused) as refused:
        program(replaced)
    assert said in str(refused.value)
    assert len(refused.value.findings) == 1
