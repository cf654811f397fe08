"""In which ways claims read an equation: as a whole, or with equations below it given as a subject returned them.

`weights(chosen=route().experts)` reads `weights` with `chosen` given; `stagewise(trace())` reads every result with
all results before it given. What an equation promises is what it gives in each of these ways, and in no other.
"""

from __future__ import annotations

from harness.gate.meaning.view import VersionView
from harness.language.syntax import Call, walk

MOST = 6  # ways in which one equation is looked at


def ways(views: tuple[VersionView, ...], name: str) -> list[tuple[str, ...]]:
    """Names given, in order of computation; first none. Only names that all versions have as equations below `name`."""
    found: dict[tuple[str, ...], None] = {(): None}
    for view in views:
        for given in _given(view, name):
            kept = [part for part in view.equations if part in given]
            if all(part in other.equations for part in kept for other in views):
                found[tuple(kept)] = None
    return list(found)[:MOST]


def _given(view: VersionView, name: str) -> list[set[str]]:
    below = view.depends[name]
    found = []
    for rule in view.rules.values():
        for call in walk(rule.claim):
            if not isinstance(call, Call):
                continue
            if call.name in view.equations and name in {call.name} | view.depends[call.name]:
                replaced = {key for key, _ in call.keywords}
                if name not in replaced:
                    found.append(replaced & below)
            elif call.name == "stagewise":
                found += _stages(view, call, name, below)
    return found


def _stages(view: VersionView, call: Call, name: str, below: frozenset[str]) -> list[set[str]]:
    """What is given where a stage is judged that is made of `name`, or is it."""
    found: list[set[str]] = []
    trace = call.arguments[0]
    inner = trace.arguments[0] if isinstance(trace, Call) and trace.name == "again" else trace
    before: set[str] = set()
    for stage in view.returns[inner.name].values() if isinstance(inner, Call) else ():
        if name == stage or (name in view.depends[stage] and name not in before):
            found.append(before & below)
        before = before | {stage}
    return found
