"""The tensors a case draws: type, shape, and the kinds of values."""

from __future__ import annotations

from collections.abc import Iterable

from harness.contract.access import entries, items, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, added, common, same
from harness.gate.integers import equal_everywhere
from harness.gate.spelling import alike, scalar_text
from harness.language.dtypes import INPUT, drawn_kinds, of_place

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
            _kinds(c, path, old[name], new[name])
            _padding(c, path, old[name], new[name])
            c.prose(path, old[name], new[name], "note")


def declared_kinds(declared: YamlNode) -> tuple[str, ...]:
    """The kinds of values that an input is drawn from."""
    return drawn_kinds(tuple_of(declared, "dtype")[0], tuple_of(declared, "values"))


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
