"""Block formats: other contracts decode weights with them, so that every byte of the layout is relied on."""

from __future__ import annotations

from harness.contract.access import entries, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, added, common, same
from harness.gate.diff.equations import compare_named
from harness.gate.spelling import scalar_text


def compare_formats(c: ContractComparison) -> None:
    """Formats gone and new, and what changed about the others."""
    old, new = entries(c.old, "formats"), entries(c.new, "formats")
    for name in added(new, old):
        c.say("format-removed", f"formats.{name}", old[name], None)
    for name in added(old, new):
        c.say("format-added", f"formats.{name}", None, new[name])
    for name in common(old, new):
        _compare_format(c, f"formats.{name}", name, old[name], new[name])


def _compare_format(c: ContractComparison, path: str, name: str, old: YamlNode, new: YamlNode) -> None:
    before, after = entries(old), entries(new)
    for key in ("values", "bytes"):
        if not same(before[key], after[key]):
            c.say("format-size-changed", f"{path}.{key}", before[key], after[key])
    _fields(c, f"{path}.fields", entries(old, "fields"), entries(new, "fields"))
    ends = scalar_text(before["weights"]), scalar_text(after["weights"])  # the one equation that others decode with
    went, came = (lambda part, end=end: part != end for end in ends)
    steps = entries(old, "equations"), entries(new, "equations")
    compare_named(c, f"{path}.equations", *steps, went, came, f"{name}.")
    if not same(before["weights"], after["weights"]):
        c.say("format-weights-retargeted", f"{path}.weights", before["weights"], after["weights"])
    if set(tuple_of(old, "scales")) != set(tuple_of(new, "scales")):
        c.say("format-scales-changed", f"{path}.scales", before["scales"], after["scales"])
    elif not same(before["scales"], after["scales"]):
        c.say("format-respelled", f"{path}.scales", before["scales"], after["scales"])
    c.prose(path, old, new, "note")


def _fields(c: ContractComparison, path: str, old: dict[str, YamlNode], new: dict[str, YamlNode]) -> None:
    for name in added(new, old):
        c.say("format-field-removed", f"{path}.{name}", old[name], None)
    for name in added(old, new):
        c.say("format-field-added", f"{path}.{name}", None, new[name])
    for name in common(old, new):
        before, after = entries(old[name]), entries(new[name])
        if not same(before["dtype"], after["dtype"]):
            c.say("format-field-dtype-changed", f"{path}.{name}.dtype", before["dtype"], after["dtype"])
        if not same(before["at"], after["at"]):
            c.say("format-field-moved", f"{path}.{name}.at", before["at"], after["at"])
