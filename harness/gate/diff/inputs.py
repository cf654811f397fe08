"""The tensors a case draws: type, shape, and the kinds of values."""

from __future__ import annotations

from collections.abc import Iterable

from harness.contract.access import entries, items, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, added, common, same
from harness.gate.diff.dimensions import relation_of
from harness.gate.integers import Undecidable, at_sizes, equal_everywhere, expression, integer_value, points
from harness.gate.spelling import alike, scalar_text
from harness.language.dtypes import INPUT, drawn_kinds, of_place
from harness.language.syntax import names
from harness.language.value_kinds import is_ranged

EVERYWHERE = "everywhere"  # entries count where nothing is said of padding


def compare_inputs(c: ContractComparison) -> None:
    """Inputs gone and new, and what changed about the others."""
    old, new = entries(c.old, "inputs"), entries(c.new, "inputs")
    for name in added(new, old):
        c.say("input-removed", f"inputs.{name}", old[name], None)
    for name in added(old, new):
        c.say("input-added", f"inputs.{name}", None, new[name])
    for name in common(old, new):
        if not same(old[name], new[name]):
            path = f"inputs.{name}"
            _dtype(c, path, old[name], new[name])
            _shape(c, path, old[name], new[name])
            if not _range(c, name, old[name], new[name]):
                _kinds(c, path, old[name], new[name])
            _padding(c, path, old[name], new[name])
            c.prose(path, old[name], new[name], "note")


def declared_kinds(declared: YamlNode) -> tuple[str, ...]:
    """The kinds of values that an input is drawn from."""
    kinds = tuple_of(declared, "values")
    return drawn_kinds(tuple_of(declared, "dtype")[0], kinds, ranged=is_ranged("range" in entries(declared), kinds))


def report_sets(
    c: ContractComparison, stem: str, path: str, nodes: tuple[YamlNode | None, YamlNode | None],
    old: Iterable[object], new: Iterable[object],
) -> bool:  # fmt: skip
    """Members that are gone (`<stem>-narrowed`) and that have come (`<stem>-widened`); whether there are any."""
    gone = [item for item in old if item not in set(new)]
    come = [item for item in new if item not in set(old)]
    if gone:
        c.say(f"{stem}-narrowed", path, *nodes, was=gone, now="")
    if come:
        c.say(f"{stem}-widened", path, *nodes, was="", now=come)
    return bool(gone or come)


def _dtype(c: ContractComparison, path: str, old: YamlNode, new: YamlNode) -> None:
    before, after = entries(old)["dtype"], entries(new)["dtype"]
    was, now = tuple_of(old, "dtype"), tuple_of(new, "dtype")
    path = f"{path}.dtype"
    numbers = not of_place(INPUT).keys().isdisjoint([*was, *now])
    if numbers and set(was).isdisjoint(now):
        c.say("input-dtype-changed", path, before, after)
        return
    if report_sets(c, "input-formats", path, (before, after), was, now):
        return
    if not same(before, after):
        c.say("input-respelled", path, before, after)


def _kinds(c: ContractComparison, path: str, old: YamlNode, new: YamlNode) -> None:
    before, after = entries(old).get("values"), entries(new).get("values")
    nodes = (before or old, after or new)
    told = report_sets(c, "input-kinds", f"{path}.values", nodes, declared_kinds(old), declared_kinds(new))
    if not told and not same(before, after):
        c.say("input-respelled", f"{path}.values", *nodes, was=declared_kinds(old), now=declared_kinds(new))


def _range(c: ContractComparison, name: str, old: YamlNode, new: YamlNode) -> bool:
    """What changed about the range of integers; whether there is one in one version alone, with kinds of its own."""
    before, after = entries(old).get("range"), entries(new).get("range")
    path = f"inputs.{name}.range"
    if before is None and after is None:
        return False
    if before is None or after is None:
        c.say("input-range-widened" if after is None else "input-range-narrowed", path, before or old, after or new,
              was=_told(before), now=_told(after))  # fmt: skip
        return True
    if not same(before, after):
        c.say(_RANGES[_relation(c, items(old, "range"), items(new, "range"))], path, before, after)
    return False


_RANGES = {"narrowed": "input-range-narrowed", "widened": "input-range-widened", "incomparable": "input-range-moved",
           "respelled": "input-respelled", "undecidable": "input-range-undecided"}  # fmt: skip


def _told(written: YamlNode | None) -> str:
    return "any" if written is None else "[" + ", ".join(str(item) for item in written.plain()) + "]"


def _relation(c: ContractComparison, old: list[YamlNode], new: list[YamlNode]) -> str:
    """How the integers of two ranges changed, for all numbers of the dimensions that the old contract allows."""
    if all(map(alike, old, new)):
        return "respelled"
    gone = come = 0
    try:
        sides = [[expression(end) for end in ends] for ends in (old, new)]
        needed = {name for side in sides for end in side for name in names(end)}
        if needed - set(entries(c.old, "dimensions")):
            return "undecidable"
        for dimensions in at_sizes(c.old):
            for point in points(needed, dimensions):
                (low, high), (least, most) = [[integer_value(end, point) for end in side] for side in sides]
                gone += least > low or most < high
                come += least < low or most > high
    except Undecidable:
        return "undecidable"
    return relation_of(gone, come)


def _padding(c: ContractComparison, path: str, old: YamlNode, new: YamlNode) -> None:
    """Where the entries count: everywhere, unless an input says otherwise."""
    before, after = entries(old).get("valid"), entries(new).get("valid")
    nodes = (before or old, after or new)
    was, now = (EVERYWHERE if node is None else scalar_text(node) for node in (before, after))
    if was != now:
        known = before is not None and after is not None and alike(before, after)
        c.say("input-respelled" if known else "input-padding-changed", f"{path}.valid", *nodes, was=was, now=now)


def _shape(c: ContractComparison, path: str, old: YamlNode, new: YamlNode) -> None:
    before, after = entries(old)["shape"], entries(new)["shape"]
    was, now = items(old, "shape"), items(new, "shape")
    path = f"{path}.shape"
    if len(was) == len(now) and all(map(alike, was, now)):
        if not same(before, after):
            c.say("input-respelled", path, before, after)
    elif len(was) == len(now) and all(_equal(c, *pair) for pair in zip(was, now, strict=True)):
        c.say("input-shape-respelled", path, before, after)
    else:
        c.say("input-shape-changed", path, before, after)


def _equal(c: ContractComparison, old: YamlNode, new: YamlNode) -> bool:
    """Whether two sizes are equal wherever both versions are defined."""
    return alike(old, new) or equal_everywhere(c.old, old, new)
