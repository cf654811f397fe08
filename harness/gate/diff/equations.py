"""What is computed: a changed text is no change of meaning until evaluating both has shown one."""

from __future__ import annotations

from collections.abc import Callable

from harness.contract.access import carried, entries
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, added, common, entries_by_id
from harness.gate.spelling import parsed, scalar_text
from harness.language.syntax import names

MEANS = {"same": "respelled", "respelled": "respelled", "tightened": "tightened", "loosened": "loosened",
         "moved": "bounds-moved", "different": "meaning-changed", "undecidable": "undecided",
         "reshaped": "shape-changed"}  # fmt: skip


def compare_equations(c: ContractComparison) -> None:
    """The contract's own equations."""
    old, new = entries(c.old, "equations"), entries(c.new, "equations")
    compare_named(c, "equations", old, new, _steps(c.old, c.new), _steps(c.new, c.old))


IsStep = Callable[[str], bool]


def _steps(here: YamlNode, there: YamlNode) -> IsStep:
    """Of the equations that one version alone has: which are steps on the way to others, and nothing by themselves.

    No subject carries a step, and where a claim reads it, the other version has that rule as well. Then nobody outside
    can name it, and everything that was made of it had to be edited, which is compared by itself: unless its name
    stands for something else there.
    """
    own: set[str] = {*entries(there, "dimensions"), *entries(there, "inputs")}
    for subject in entries(here, "subjects").values():
        keys = ("arguments", "returns", "updates")
        own |= {scalar_text(part) for key in keys for part in carried(subject, key).values()}
    kept = entries_by_id(there, "falsification_tests")
    for id, rule in entries_by_id(here, "falsification_tests").items():
        claim = parsed(scalar_text(entries(rule)["claim"])) if id not in kept else None
        own |= names(claim) if claim is not None else set()
    return lambda name: name not in own


def compare_named(
    c: ContractComparison, path: str, old: dict[str, YamlNode], new: dict[str, YamlNode], went: IsStep, came: IsStep,
    prefix: str = "",
) -> None:  # fmt: skip
    """Equations under their names; `prefix` is that of a block format (`q4_k.`).

    went, came      which of the equations gone and new are mere steps
    """
    for name in added(new, old):
        c.say("step-removed" if went(name) else "equation-removed", f"{path}.{name}", old[name], None)
    for name in added(old, new):
        c.say("step-added" if came(name) else "equation-added", f"{path}.{name}", None, new[name])
    for name in common(old, new):
        if not c.expression("equation-respelled", f"{path}.{name}", old[name], new[name]):
            found = c.evaluation.equation(prefix + name)
            c.say(f"equation-{MEANS[found.relation]}", f"{path}.{name}", old[name], new[name], shown=found)
    stayed = [name for name in old if name in new]
    if stayed != common(old, new):
        first = next(name for name, other in zip(common(old, new), stayed, strict=True) if name != other)
        c.say("equations-reordered", path, old[first], new[first], was=stayed, now=common(old, new))
