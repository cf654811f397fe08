"""Faults: wrong equations that can stand where the right ones do, and errors that are swallowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from harness.contract.model import Source
from harness.findings import nearest
from harness.language import types as T
from harness.language.infer import Scope
from harness.language.syntax import Node, spell
from harness.program.check.checker import Checker


def check_fault(checker: Checker, index: int, equations: Mapping[str, Node], scope: Scope) -> dict[str, Node]:
    """The equations that one fault replaces."""
    replaced = {}
    fault = checker.contract.faults[index]
    if not fault.replace and not fault.ignores:
        checker.say(fault.place, f"{fault.id} changes nothing", "equations to replace, or errors to ignore")
    errors = {refusal.error for refusal in checker.contract.refusals}
    for position, error in enumerate(fault.ignores):
        if error not in errors:
            place = checker.at("faults", index, "ignores", position)
            checker.say(place, f"{fault.id} ignores {error!r}, which no refusal raises", hint=nearest(error, errors))
    for name, source in fault.replace.items():
        if name not in equations:
            place = checker.at("faults", index, "replace", name)
            checker.say(place, f"a fault replaces an unknown equation {name!r}", hint=nearest(name, equations))
            continue
        node = checker.parse(source, f"fault in {name}")
        _fits(checker, name, node, source, scope)
        if node == equations[name]:
            checker.say(source.place, f"fault in {name}: the same as the equation", "a wrong equation", spell(node))
        replaced[name] = node
    return replaced


def _fits(checker: Checker, name: str, node: Node, source: Source, scope: Scope) -> None:
    """A wrong equation reads what the right one may read, and gives a value of its type and shape."""
    above = checker.declared[: checker.declared.index(name)]
    earlier = {known: checker.names[known] for known in above if known in checker.names}
    kind = checker.type(node, source, f"fault in {name}", replace(scope, names=earlier, subjects={}))
    declared = checker.names.get(name)
    if kind is None or declared is None:
        return
    if kind.shape != declared.shape:
        hint = "a fault that changes a shape cannot be run"
        checker.say(source.place, f"fault in {name}: another shape", T.show(declared.shape), T.show(kind.shape), hint)
    elif not _stands_for(kind, declared):
        hint = "what reads the equation could not run"
        checker.say(source.place, f"fault in {name}: another type", str(declared), str(kind), hint)


def _stands_for(kind: T.Type, declared: T.Type) -> bool:
    """Whether a fault's value can be read where the equation's was: integers count as real, not the other way."""
    if isinstance(kind, T.Array) and isinstance(declared, T.Array):
        return kind.kind == declared.kind or (kind.kind, declared.kind) == ("int", "real")
    return type(kind) is type(declared)
