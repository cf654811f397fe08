"""Sizes that came, went or changed their order."""

import pytest

from harness.contract.spans import loads
from harness.gate.comparison import ContractComparison
from harness.gate.diff.sizes import compare_sizes

OLD = "sizes: [{rows: 64}, {rows: 65, k: 8}]"


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("sizes: [{rows: 64}, {k: 8, rows: 65}]", []),
        ("sizes: [{rows: 65, k: 8}, {rows: 64}]", [("list-reordered", "sizes")]),
        ("sizes: [{rows: 64}]", [("size-removed", "sizes[1]")]),
        ("sizes: [{rows: 64}, {rows: 65, k: 8}, {rows: 513}]", [("size-added", "sizes[2]")]),
        ("sizes: [{rows: 64}, {rows: 65, k: 9}]", [("size-removed", "sizes[1]"), ("size-added", "sizes[1]")]),
        ("dimensions: {}", [("size-removed", "sizes[0]"), ("size-removed", "sizes[1]")]),
    ],
)
def test_what_is_told(new, told):
    comparison = ContractComparison(loads(OLD, "old.yaml"), loads(new, "new.yaml"), None)
    compare_sizes(comparison)
    assert [(change.kind, change.path) for change in comparison.changes] == told
