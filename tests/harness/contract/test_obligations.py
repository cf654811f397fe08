"""Who discharges what."""

from harness.contract.obligations import discharges, duplicate_ids
from harness.contract.spans import loads

ROOT = loads(
    "proof_obligations: [{id: A}, {id: B}, {id: A}]\nfalsification_tests: [{id: F, discharges: [A, C]}]\n",
    "c.yaml",
)


def test_ids():
    assert [str(finding.place) for finding in duplicate_ids(ROOT)] == ["c.yaml:1:44"]


def test_both_directions():
    assert [finding.message for finding in discharges(ROOT)] == [
        "unknown obligation 'C'",
        "no falsification test discharges 'B'",
    ]
