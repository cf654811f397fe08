"""Equations: each computes a value from what is declared before it."""

from __future__ import annotations

from dataclasses import replace

from harness.language import types as T
from harness.language.syntax import Node, Scan, names, walk
from harness.program.check.checker import Checker
from harness.program.check.taken_rows import note_by_rows, note_rows
from harness.program.footprint import expression


def check_equation(checker: Checker, name: str) -> Node:
    """The equation, known from here on with its type and with everything below it."""
    source = checker.contract.equations[name]
    what = f"equation {name}"
    node = checker.parse(source, what)
    _check_bound_names(checker, name, node)
    noted: list[tuple[Node, T.Type]] = []
    kind = checker.type(node, source, what, replace(checker.scope(), noted=noted))
    if isinstance(kind, T.Word):
        checker.say(source.place, f"{what}: a text is not a value", "an expression that computes", source.text)
    if kind is None or isinstance(kind, T.Word):
        checker.broken.add(name)
        return node
    checker.held[name] = expression(noted, within=note_rows(checker, noted))
    note_by_rows(checker, node, noted)
    read = names(node) & set(checker.names)
    checker.depends[name] = frozenset(read.union(*(checker.depends.get(used, frozenset()) for used in read)))
    checker.names[name] = kind
    if read & checker.recurrent or any(isinstance(part, Scan) for part in walk(node)):
        checker.recurrent.add(name)
    checker.shaping |= {part for size in kind.shape for monomial, _ in size.terms for part in monomial}
    return node


def _check_bound_names(checker: Checker, name: str, node: Node) -> None:
    """The index and the states of a recurrence are no names of the contract; one may be that of its equation."""
    declared = set(checker.declared) - {name}
    for part in walk(node):
        for taken in sorted(part.bound & declared - set(checker.names)) if isinstance(part, Scan) else ():
            message = f"equation {name}: {taken!r} is declared below"
            checker.say(
                checker.contract.equations[name].place_at(part.start),
                message,
                "a new name for the index and each state",
            )
