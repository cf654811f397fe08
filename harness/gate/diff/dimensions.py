"""The integers a case draws: decided by containment of the values, not by their spelling."""

from __future__ import annotations

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, EvaluationResult, added, common, same
from harness.gate.integers import MAX_POINTS, Undecidable, Values, at_sizes, closure, inside, points, values_of

CHANGED = {"narrowed": "narrowed", "widened": "widened", "incomparable": "moved", "same": "respelled",
           "respelled": "respelled", "undecidable": "undecided"}  # fmt: skip


def compare_dimensions(c: ContractComparison) -> None:
    """Dimensions gone, new, and drawn from other values."""
    old, new = entries(c.old, "dimensions"), entries(c.new, "dimensions")
    for name in added(new, old):
        c.say("dimension-removed", f"dimensions.{name}", old[name], None)
    for name in added(old, new):
        c.say("dimension-added", f"dimensions.{name}", None, new[name])
    for name in common(old, new):
        if not same(old[name], new[name]):
            found = values_relation(name, c.old, c.new) or c.evaluation.dimension(name)
            c.say(f"dimension-{CHANGED[found.relation]}", f"dimensions.{name}", old[name], new[name], shown=found)


def _sizes_alone(name: str, root: YamlNode) -> set[int]:
    """The numbers of a dimension that `sizes` draws beside any numbers of the others."""
    return {int(str(entries(size)[name].value)) for size in items(root, "sizes") if [*entries(size)] == [name]}


def values_relation(name: str, root: YamlNode, other: YamlNode) -> EvaluationResult | None:
    """How the values of one dimension changed, in every situation that the old contract allows; None if undecided."""
    old, new = entries(root, "dimensions"), entries(other, "dimensions")
    alone = _sizes_alone(name, root), _sizes_alone(name, other)
    gone = come = cases = 0
    try:
        needed = {part for tree in (old, new) for part in closure({name}, tree, {})} - {name}
        if needed - set(old):
            return None
        for point in (point for dimensions in at_sizes(root) for point in points(needed, dimensions)):
            before, after = values_of(old[name], point), values_of(new[name], point)
            gone += not _inside(before, after, alone[1])
            come += not _inside(after, before, alone[0])
            cases += 1
    except Undecidable:
        return None
    return EvaluationResult(relation_of(gone, come), "", cases)


def _inside(left: Values, right: Values, besides: set[int]) -> bool:
    return inside(left, right) or (len(left) <= MAX_POINTS and all(one in right or one in besides for one in left))


def relation_of(gone: int, come: int) -> str:
    """What it means that something is gone, or has come."""
    if gone:
        return "incomparable" if come else "narrowed"
    return "widened" if come else "respelled"
