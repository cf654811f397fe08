"""Faults: wrong equations that can stand where the right ones do, and errors that are swallowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from harness.contract.check.desk import Desk
from harness.contract.model import Source
from harness.findings import nearest
from harness.language import types as T
from harness.language.infer import Scope
from harness.language.syntax import Node, spell


def check_fault(desk: Desk, index: int, equations: Mapping[str, Node], scope: Scope) -> dict[str, Node]:
    """The equations that one fault replaces."""
    replaced = {}
    fault = desk.contract.faults[index]
    if not fault.replace and not fault.ignores:
        desk.say(fault.place, f"{fault.id} changes nothing", "equations to replace, or errors to ignore")
    errors = {refusal.error for refusal in desk.contract.refusals}
    for position, error in enumerate(fault.ignores):
        if error not in errors:
            place = desk.at("faults", index, "ignores", position)
            desk.say(place, f"{fault.id} ignores {error!r}, which nothing refuses with", hint=nearest(error, errors))
    for name, source in fault.replace.items():
        if name not in equations:
            place = desk.at("faults", index, "replace", name)
            desk.say(place, f"a fault replaces an unknown equation {name!r}", hint=nearest(name, equations))
            continue
        node = desk.parse(source, f"fault in {name}")
        _fits(desk, name, node, source, scope)
        if node == equations[name]:
            desk.say(source.place, f"fault in {name}: the same as the equation", "a wrong equation", spell(node))
        replaced[name] = node
    return replaced


def _fits(desk: Desk, name: str, node: Node, source: Source, scope: Scope) -> None:
    """A wrong equation reads what the right one may read, and gives a value of its type and shape."""
    above = desk.declared[: desk.declared.index(name)]
    earlier = {known: desk.names[known] for known in above if known in desk.names}
    kind = desk.type(node, source, f"fault in {name}", replace(scope, names=earlier, subjects={}))
    declared = desk.names.get(name)
    if kind is None or declared is None:
        return
    if kind.shape != declared.shape:
        hint = "a fault that changes a shape cannot be run"
        desk.say(source.place, f"fault in {name}: another shape", T.show(declared.shape), T.show(kind.shape), hint)
    elif not _stands_for(kind, declared):
        hint = "what reads the equation could not run"
        desk.say(source.place, f"fault in {name}: another type", str(declared), str(kind), hint)


def _stands_for(kind: T.Type, declared: T.Type) -> bool:
    """Whether a fault's value can be read where the equation's was: integers count as real, not the other way."""
    if isinstance(kind, T.Array) and isinstance(declared, T.Array):
        return kind.kind == declared.kind or (kind.kind, declared.kind) == ("int", "real")
    return type(kind) is type(declared)
