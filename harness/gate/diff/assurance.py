"""Evidence that the rules can fail: declared faults, and waived mutants."""

from __future__ import annotations

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, added, common, entries_by_id, same
from harness.gate.diff.obligations import report_order
from harness.gate.spelling import alike, scalar_text


def compare_faults(c: ContractComparison) -> None:
    """Faults gone and new, and planted otherwise."""
    old, new = entries_by_id(c.old, "faults"), entries_by_id(c.new, "faults")
    for name in added(new, old):
        c.say("fault-removed", f"faults.{name}", old[name], None, was=entries(old[name])["story"])
    for name in added(old, new):
        c.say("fault-added", f"faults.{name}", None, new[name], now=entries(new[name])["story"])
    for name in common(old, new):
        _compare_fault(c, f"faults.{name}", old[name], new[name])
    report_order(c, "faults", old, new)


def _compare_fault(c: ContractComparison, path: str, old: YamlNode, new: YamlNode) -> None:
    before, after = entries(old, "replace"), entries(new, "replace")
    errors = [{item.value for item in items(fault, "ignores")} for fault in (old, new)]
    planted = set(before) == set(after) and all(alike(before[name], after[name]) for name in before)
    for key, unchanged in (("replace", planted), ("ignores", errors[0] == errors[1])):
        nodes = entries(old).get(key), entries(new).get(key)
        if not unchanged:
            c.say("fault-changed", f"{path}.{key}", *nodes)
        elif not same(*nodes):
            c.say("fault-respelled", f"{path}.{key}", *nodes)
    if planted and list(before) != list(after):
        c.say("fault-respelled", f"{path}.replace", entries(old)["replace"], entries(new)["replace"])
    c.prose(path, old, new, "story")


def compare_mutants(c: ContractComparison) -> None:
    """Waived mutants."""
    _compare_waivers(c, "waived_mutants", "mutant", "mutant-waived", "mutant-unwaived")


def compare_saboteurs(c: ContractComparison) -> None:
    """Waived saboteurs."""
    _compare_waivers(c, "waived_saboteurs", "saboteur", "saboteur-waived", "saboteur-unwaived")


def _compare_waivers(c: ContractComparison, section: str, key: str, waived: str, unwaived: str) -> None:
    """Waivers in one section; `key` names the fault of an entry, the other two are kinds of change."""
    old, new = entries_by_id(c.old, section, key), entries_by_id(c.new, section, key)
    for name in added(new, old):
        c.say(unwaived, f"{section}.{name}", old[name], None, was=scalar_text(entries(old[name])[key]))
    for name in added(old, new):
        c.say(waived, f"{section}.{name}", None, new[name], now=scalar_text(entries(new[name])[key]))
    for name in common(old, new):
        c.prose(f"{section}.{name}", old[name], new[name], "reason")
    report_order(c, section, old, new)
