"""What is computed: a changed text is no change of meaning until evaluating both has shown one."""

from __future__ import annotations

from harness.contract.access import entries
from harness.contract.node import Node
from harness.gate.comparison import Comparison, added, both

MEANS = {"same": "respelled", "respelled": "respelled", "tightened": "tightened", "loosened": "loosened",
         "different": "meaning-changed", "undecidable": "undecided", "reshaped": "shape-changed"}  # fmt: skip


def compare_equations(c: Comparison) -> None:
    """The contract's own equations."""
    compare_named(c, "equations", entries(c.old, "equations"), entries(c.new, "equations"))


def compare_named(c: Comparison, path: str, old: dict[str, Node], new: dict[str, Node], prefix: str = "") -> None:
    """Equations under their names; `prefix` is that of a block format (`q4_k.`)."""
    for name in added(new, old):
        c.say("equation-removed", f"{path}.{name}", old[name], None)
    for name in added(old, new):
        c.say("equation-added", f"{path}.{name}", None, new[name])
    for name in both(old, new):
        if not c.expression("equation-respelled", f"{path}.{name}", old[name], new[name]):
            found = c.evaluation.equation(prefix + name)
            c.say(f"equation-{MEANS[found.relation]}", f"{path}.{name}", old[name], new[name], shown=found)
    stayed = [name for name in old if name in new]
    if stayed != both(old, new):
        first = next(name for name, other in zip(both(old, new), stayed, strict=True) if name != other)
        c.say("equations-reordered", path, old[first], new[first], was=stayed, now=both(old, new))
