"""The sizes that are drawn besides the dimensions' own ranges."""

from __future__ import annotations

from harness.contract.access import entries, items
from harness.gate.comparison import ContractComparison, same


def compare_sizes(c: ContractComparison) -> None:
    """Sizes gone, and sizes that are new."""
    old, new = items(c.old, "sizes"), items(c.new, "sizes")
    told = len(c.changes)
    for index, row in enumerate(old):
        if not any(same(row, other) for other in new):
            c.say("size-removed", f"sizes[{index}]", row, None)
    for index, row in enumerate(new):
        if not any(same(row, other) for other in old):
            c.say("size-added", f"sizes[{index}]", None, row)
    if len(c.changes) == told and not all(same(*pair) for pair in zip(old, new, strict=True)):
        c.say("list-reordered", "sizes", entries(c.old).get("sizes"), entries(c.new).get("sizes"))
