"""Who a contract is, what it builds on, and the arithmetic it allows."""

from __future__ import annotations

from harness.contract.access import entries
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, common, same
from harness.gate.ranges import relation
from harness.gate.spelling import scalar_text
from harness.language.accumulators import TF32
from harness.language.dtypes import DTYPES, FLOAT32

_LIFECYCLES = ("draft", "deprecated", "active")  # by how much may be relied on
_DEFAULTS: dict[str, int | bool | str | None] = {
    "exp_ulps": 2, "flush_to_zero": False, "division": "reciprocal", "compute": FLOAT32.name, "accumulator": None,
    "products": "rounded", "operands": FLOAT32.name, "blocks": None, "promoted": FLOAT32.name, "overflow": "infinity",
    "reduction": "exact", "sigmoid": "exp",
    "softmax": None, "exp": None, "merge": None, "probabilities": None,
}  # fmt: skip
_SUMS = "sums-loosened", "sums-tightened"
_POWERS = "powers-loosened", "powers-tightened"
# What a looser value is called, and what a stricter one. Numbers and truth values are in order by themselves.
_STEPS = {
    "exp_ulps": ("exp-ulps-raised", "exp-ulps-lowered"),
    "flush_to_zero": ("flush-allowed", "flush-forbidden"),
    "division": ("reciprocal-allowed", "reciprocal-forbidden"),
    "reduction": ("rounded-reduction-allowed", "rounded-reduction-forbidden"),
    "sigmoid": ("sigmoid-by-tanh-allowed", "sigmoid-by-tanh-forbidden"),
    "compute": ("compute-narrowed", "compute-widened"),
    "accumulator": _SUMS,
    "products": _SUMS,
    "operands": _SUMS,
    "promoted": _SUMS,
    "softmax": _POWERS,
    "exp": _POWERS,
    "merge": _POWERS,
    "probabilities": _POWERS,
}
# Words, from the strictest on; formats have a unit.
_LOOSER = "exact", "reciprocal", "rounded", "exp", "tanh", "online", "exp2", "lse"


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
    for key in _DEFAULTS:
        before, after = old.get(key), new.get(key)
        was, now = _value(old, key), _value(new, key)
        path = f"arithmetic.{key}"
        if was != now and not (key == "accumulator" and before is after is None):  # which is then that of `compute`
            c.say(_kind(key, was, now), path, before, after, was=_shown(was), now=_shown(now))
        elif not same(before, after):
            c.say("arithmetic-respelled", path, before, after, was=_shown(was), now=_shown(now))
    _adder(c, old.get("adder"), new.get("adder"))


def _value(said: dict[str, YamlNode], key: str) -> object:
    """What holds for a key, written or not."""
    if key in said:
        return said[key].value
    return _value(said, "compute") if key == "accumulator" else _DEFAULTS[key]


def _kind(key: str, was: object, now: object) -> str:
    if key == "overflow":
        return "overflow-changed"
    if key == "blocks":  # shorter ones have more totals: neither is stricter
        return "sums-tightened" if was is None else "sums-loosened" if now is None else "sums-changed"
    if key == "accumulator":
        before, after = DTYPES[str(was)].numbers, DTYPES[str(now)].numbers
        if (before.digits < after.digits) == (before.largest > after.largest):  # more digits, or larger numbers
            return "sums-changed"
    if key == "probabilities" and was is not None and now is not None:  # more digits, but a shorter range
        return "powers-changed"
    looser, stricter = _STEPS[key]
    return looser if _looseness(now) > _looseness(was) else stricter


def _looseness(value: object) -> float:
    match value:
        case None:
            return -1
        case int():
            return value
        case "tf32":
            return TF32.unit
        case str() if value in DTYPES:
            return DTYPES[value].numbers.unit
    return _LOOSER.index(str(value))


def _shown(value: object) -> object:
    return "none" if value is None else value


def _adder(c: ContractComparison, old: YamlNode | None, new: YamlNode | None) -> None:
    """Fewer terms, bits or digits cut more. With an adder at all, a dot product is no longer distributed."""
    if same(old, new):
        return
    kind = "sums-changed"
    if old is not None and new is not None:
        was, now = old.plain(), new.plain()
        steps = [now[key] - was[key] for key in ("terms", "bits", "digits") if key in was and key in now]
        if {*was} == {*now} and was["rounding"] == now["rounding"] and min(steps) * max(steps) >= 0:
            kind = "sums-loosened" if min(steps) < 0 else "sums-tightened"
    c.say(kind, "arithmetic.adder", old, new, was=_adder_text(old), now=_adder_text(new))


def _adder_text(node: YamlNode | None) -> str:
    return "none" if node is None else ", ".join(f"{key} {value}" for key, value in node.plain().items())
