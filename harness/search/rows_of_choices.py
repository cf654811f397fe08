"""Whether each row of what a claim compares follows from the same row of a choice: then rows are judged one by one.

A batch of tokens has a choice for each of them, and of eight tokens with two admitted choices each there are 256
together. Where row r of the compared value depends on the choice of row r alone, a row that fails with a choice of its
own fails with it whatever the others chose. So each row is tried by itself, and there are 16 to look at.
"""

from __future__ import annotations

from dataclasses import replace

from harness.language import types as T
from harness.language.infer import Scope, infer
from harness.language.syntax import Call, Name, Node, TakenRows, children, names, walk
from harness.language.taken_rows import by_rows
from harness.program.model import Program

CHOICES = ("top_k", "argmax", "argmin", "argsort")  # functions whose result the bound may leave in doubt


def follows_by_rows(program: Program, scope: Scope, node: Node) -> bool:
    """Whether the rows of an expression, along its first axis, follow from the same rows of every choice below it."""
    if not _chooses(program, node):
        return True
    if isinstance(node, Name):
        return node.id in program.equations and follows_by_rows(program, scope, program.equations[node.id])
    made = program.by_rows.expressions.get(node) or _made(scope, node)
    return made is not None and _parts(program, scope, made)


def _parts(program: Program, scope: Scope, made: Node) -> bool:
    """Of what is computed by rows: the rows of parts that follow by rows, and whole parts without a choice."""
    match made:
        case TakenRows(value=Name() as name):
            return follows_by_rows(program, scope, name)
        case TakenRows(value=whole):
            return not _chooses(program, whole)
        case Name():
            return not _chooses(program, made)
    return all(_parts(program, scope, child) for child in children(made))


def _made(scope: Scope, node: Node) -> Node | None:
    """How the rows of an expression of a claim are computed from rows of its parts; None where they are not."""
    noted: list[tuple[Node, T.Type]] = []
    infer(node, replace(scope, noted=noted))
    found = by_rows(node, noted)
    return None if found is None else found.made


def _chooses(program: Program, node: Node) -> bool:
    """Whether a choice is below an expression."""
    below = {part for name in names(node) for part in ({name} | program.depends.get(name, frozenset()))}
    expressions = [node, *(program.equations[name] for name in below if name in program.equations)]
    return any(isinstance(part, Call) and part.name in CHOICES for one in expressions for part in walk(one))
