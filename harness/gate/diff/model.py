"""How a model file's tensors and metadata bind to the contract: what files are called by."""

from __future__ import annotations

from harness.contract.access import entries, tuple_of
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, added, common, same


def compare_model(c: ContractComparison) -> None:
    """The binding as a whole, then key by key."""
    before, after = entries(c.old).get("model"), entries(c.new).get("model")
    if before is None or after is None:
        c.say("model-removed" if after is None else "model-added", "model", before, after)
        return
    _architectures(c, before, after)
    old, new = entries(before), entries(after)
    if not same(old["layers"], new["layers"]):
        c.say("model-layers-retargeted", "model.layers", old["layers"], new["layers"])
    _bindings(c, "model.dimensions", "model-dimension", entries(before, "dimensions"), entries(after, "dimensions"))
    _bindings(c, "model.tensors", "tensor-template", entries(before, "tensors"), entries(after, "tensors"))


def _architectures(c: ContractComparison, old: YamlNode, new: YamlNode) -> None:
    was, now = tuple_of(old, "architecture"), tuple_of(new, "architecture")
    nodes = entries(old)["architecture"], entries(new)["architecture"]
    for name in was:
        if name not in now:
            c.say("model-architecture-removed", f"model.architecture.{name}", *nodes, was=name, now="")
    for name in now:
        if name not in was:
            c.say("model-architecture-added", f"model.architecture.{name}", *nodes, was="", now=name)
    if set(was) == set(now) and was != now:
        c.say("list-reordered", "model.architecture", *nodes)


def _bindings(c: ContractComparison, path: str, stem: str, old: dict[str, YamlNode], new: dict[str, YamlNode]) -> None:
    for name in added(new, old):
        c.say(f"{stem}-removed", f"{path}.{name}", old[name], None)
    for name in added(old, new):
        c.say(f"{stem}-added", f"{path}.{name}", None, new[name])
    for name in common(old, new):
        if not same(old[name], new[name]):
            c.say(f"{stem}-respelled", f"{path}.{name}", old[name], new[name])
