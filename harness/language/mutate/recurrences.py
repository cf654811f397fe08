"""Recurrences: the state is forgotten, is read a step too early, or the steps run backwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from harness.language.mutate.faulty import rebuilt
from harness.language.mutate.mutant import Edits, Operator, Site
from harness.language.syntax import Binary, Call, Index, Name, Node, Number, Scan, Slice


def stepped(site: Site) -> Edits:
    """A whole recurrence with its steps done wrong."""
    match site.node:
        case Scan(nexts=nexts, index=index, length=length, starts=starts):
            for state, first in starts:
                yield f"reset-{state}", replace(site.node, nexts=tuple(_read(part, {state: first}) for part in nexts))
            first = Call("stack", (starts[-1][1], starts[-1][1]), (("axis", Number(0)),))
            before = Index(site.node, (Slice(None, Number(-1)),))
            yield (
                "step-early",
                Call("concat", (Index(first, (Slice(None, Number(1)),)), before), (("axis", Number(0)),)),
            )
            last = Binary("-", Binary("-", length, Number(1)), Name(index))
            yield "steps-backwards", replace(site.node, nexts=tuple(_read(part, {index: last}) for part in nexts))


def _read(node: Node, instead: Mapping[str, Node]) -> Node:
    """An expression in which something else is read in the place of a name."""
    if isinstance(node, Name):
        return instead.get(node.id, node)
    return rebuilt(node, lambda part: _read(part, instead))


OPERATORS = (
    Operator(
        "reset-<state>, step-early, steps-backwards",
        "a recurrence begins anew in each step, gives the state before it, or goes from the last step to the first",
        stepped,
    ),
)
