"""Who a contract is, what it builds on, and the arithmetic it allows."""

from __future__ import annotations

from harness.contract.access import entries
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, common, same
from harness.gate.ranges import relation
from harness.gate.spelling import scalar_text

_LIFECYCLES = ("draft", "deprecated", "active")  # by how much may be relied on
_DEFAULTS: dict[str, int | bool | str] = {"exp_ulps": 2, "flush_to_zero": False, "division": "reciprocal"}
# What a looser value is called, and what a stricter one. Numbers and truth values are in order by themselves.
_STEPS = {
    "exp_ulps": ("exp-ulps-raised", "exp-ulps-lowered"),
    "flush_to_zero": ("flush-allowed", "flush-forbidden"),
    "division": ("reciprocal-allowed", "reciprocal-forbidden"),
}
_DIVISION = ("exact", "reciprocal")


def compare_metadata(c: ContractComparison) -> None:
    """Id, lifecycle, dependencies, and the texts."""
    old, new = entries(c.old)["metadata"], entries(c.new)["metadata"]
    before, after = entries(old), entries(new)
    if not same(before.get("id"), after.get("id")):
        c.say("contract-renamed", "metadata.id", before.get("id"), after.get("id"))
    _lifecycle(c, before["lifecycle"], after["lifecycle"])
    c.prose("metadata", old, new, "title", "description", "references")
    _dependencies(c, entries(old, "depends_on"), entries(new, "depends_on"))
    needs = before.get("depends_on"), after.get("depends_on")
    if not same(*needs) and not any(entries(tree, "depends_on") for tree in (old, new)):
        c.say("empty-section", "metadata.depends_on", *needs)


def _lifecycle(c: ContractComparison, old: YamlNode, new: YamlNode) -> None:
    was, now = scalar_text(old), scalar_text(new)
    if was == now:
        return
    if now == "draft":
        kind = "lifecycle-to-draft"
    elif (was, now) == ("active", "deprecated"):
        kind = "lifecycle-deprecated"
    else:
        kind = "lifecycle-promoted"
    c.say(kind, "metadata.lifecycle", old, new)


def _dependencies(c: ContractComparison, old: dict[str, YamlNode], new: dict[str, YamlNode]) -> None:
    path = "metadata.depends_on"
    for name in old.keys() - new.keys():
        c.say("dependency-removed", f"{path}.{name}", old[name], None)
    for name in sorted(new.keys() - old.keys()):
        c.say("dependency-added", f"{path}.{name}", None, new[name])
    for name in common(old, new):
        if not same(old[name], new[name]):
            kind = f"dependency-range-{relation(scalar_text(old[name]), scalar_text(new[name]))}"
            c.say(kind, f"{path}.{name}", old[name], new[name])


def compare_arithmetic(c: ContractComparison) -> None:
    """What implementations may do beyond IEEE 754: the more they may, the less is promised."""
    old, new = entries(c.old, "arithmetic"), entries(c.new, "arithmetic")
    for key, default in _DEFAULTS.items():
        before, after = old.get(key), new.get(key)
        was = default if before is None else before.value
        now = default if after is None else after.value
        path = f"arithmetic.{key}"
        if was != now:
            looser, stricter = _STEPS[key]
            c.say(looser if _looseness(now) > _looseness(was) else stricter, path, before, after, was=was, now=now)
        elif not same(before, after):
            c.say("arithmetic-respelled", path, before, after, was=was, now=now)


def _looseness(value: object) -> int:
    assert isinstance(value, str | int)
    return _DIVISION.index(value) if isinstance(value, str) else int(value)
