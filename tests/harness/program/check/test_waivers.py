"""Waivers of mutants and saboteurs."""

import pytest

from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.findings import Refused
from harness.program.check import check

TEXT = """metadata: {{id: small, version: 1.0.0, lifecycle: draft, title: A small contract, references: [none yet]}}
dimensions: {{rows: {{min: 1, max: 4}}}}
inputs: {{x: {{dtype: f32, shape: [rows]}}}}
equations: {{double: {double}}}
subjects: {{f: {{arguments: {{x: x}}, returns: {{double: double}}}}}}
proof_obligations: [{{id: SUM, type: equivalence, property: sums}}]
falsification_tests:
  - {{id: FALSIFY-SUM-001, discharges: [SUM], rule: Sums, claim: stagewise(f()), if_fails: They are not.}}
waived_mutants:
  - {{mutant: "{first}", reason: it does no harm}}
  - {{mutant: "{second}", reason: neither does this}}
"""


def program(first="double:3-for-2@1", second="double:1-for-2@1", double="2 * x"):
    return check(contract_of(loads(TEXT.format(first=first, second=second, double=double), "small.yaml")), {})


def test_mutants_that_there_are():
    assert [waiver.mutant for waiver in program().contract.waived_mutants] == ["double:3-for-2@1", "double:1-for-2@1"]


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ("double:3-for-2@1", "small.yaml:11:6: 'double:3-for-2@1' is waived twice; remove one of them"),
        ("double:1-for-2@2", "small.yaml:11:6: a waiver of a mutant that does not exist: 'double:1-for-2@2'; did you"),
        ("weights:drop-factor@1", "a mutant that does not exist: 'weights:drop-factor@1'"),
    ],
)
def test_others_are_told_with_their_place(second, told):
    with pytest.raises(Refused) as refused:
        program(second=second)
    (finding,) = refused.value.findings
    assert told in str(finding)


def test_nothing_is_said_of_waivers_where_an_equation_is_wrong():
    with pytest.raises(Refused) as refused:
        program(second="weights:drop-factor@1", double="2 * z")
    assert "waive" not in str(refused.value)


def test_a_saboteur_is_waived_once_and_has_a_known_name():
    text = TEXT.format(first="double:3-for-2@1", second="double:1-for-2@1", double="2 * x")

    def waiving(*names):
        entries = ", ".join(f"{{saboteur: {name}, reason: it does no harm}}" for name in names)
        return check(contract_of(loads(f"{text}waived_saboteurs: [{entries}]\n", "small.yaml")), {})

    assert [part.saboteur for part in waiving("SABOTEUR-STALE").contract.waived_saboteurs] == ["SABOTEUR-STALE"]
    with pytest.raises(Refused, match="'SABOTEUR-STALE' is waived twice; remove one of them"):
        waiving("SABOTEUR-STALE", "SABOTEUR-STALE")
    with pytest.raises(Refused, match="SABOTEUR-STALER"):
        waiving("SABOTEUR-STALER")
