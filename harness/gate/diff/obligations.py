"""What has to hold, in prose: its id is what others refer to."""

from __future__ import annotations

from harness.contract.access import entries
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, added, common, entries_by_id, same


def compare_obligations(c: ContractComparison) -> None:
    """Obligations gone and new, and described otherwise."""
    old, new = entries_by_id(c.old, "proof_obligations"), entries_by_id(c.new, "proof_obligations")
    path = "proof_obligations"
    for name in added(new, old):
        c.say("obligation-removed", f"{path}.{name}", old[name], None, was=entries(old[name])["property"])
    for name in added(old, new):
        c.say("obligation-added", f"{path}.{name}", None, new[name], now=entries(new[name])["property"])
    for name in common(old, new):
        before_type, after_type = entries(old[name])["type"], entries(new[name])["type"]
        if not same(before_type, after_type):
            c.say("obligation-type-changed", f"{path}.{name}.type", before_type, after_type)
        c.prose(f"{path}.{name}", old[name], new[name], "property")
    report_order(c, path, old, new)


def report_order(c: ContractComparison, path: str, old: dict[str, YamlNode], new: dict[str, YamlNode]) -> None:
    """A list whose order means nothing, in another order."""
    stayed = [name for name in old if name in new]
    if stayed != common(old, new):
        first = next(name for name, other in zip(common(old, new), stayed, strict=True) if name != other)
        c.say("list-reordered", path, old[first], new[first], was=stayed, now=common(old, new))
