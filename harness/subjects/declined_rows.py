"""Rows of a falsifier's tables, told apart by a condition of their columns: a subject may decline some of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from harness.findings import nearest
from harness.language.infer import TypeRefused, infer
from harness.language.syntax import Name, Node, SyntaxRefused, names, parse, walk
from harness.language.types import Array
from harness.program.model import FalsifierProgram, Program

Row = Mapping[str, object]


class ConditionRefused(Exception):
    """A condition that no row of the obligations' rules can be held against."""


def check_condition(program: Program, obligations: Iterable[str], condition: object) -> None:
    """ConditionRefused where this is no truth value of columns, or is true of no row that it is meant for."""
    try:
        node = parse(str(condition))
    except SyntaxRefused as error:
        raise ConditionRefused(f"which is no expression: {error.message}") from None
    wanted = set(obligations)
    rules = [part for part in program.falsifiers if wanted & set(part.source.discharges)]
    read = [part for part in rules if reads(part, node)]
    if not read:
        known = sorted({name for part in rules for name in part.rows[0]})
        unknown = sorted(_columns(node) - set(known))
        hint = nearest(unknown[0], known) if unknown else "it names no column"
        raise ConditionRefused(f"but no rule has all of its names; {hint}")
    for part in read:
        columns = {name: part.scope.names[name] for name in part.rows[0]}
        try:
            kind = infer(node, replace(part.scope, names=columns, subjects={}, judging=False))
        except TypeRefused as error:
            raise ConditionRefused(f"which does not fit {part.source.id}: {error}") from None
        if not (isinstance(kind, Array) and kind.kind == "bool" and not kind.shape):
            raise ConditionRefused(f"which is no condition but: {kind}")
    if not any(_holds(node, row) for part in read for row in part.rows):
        raise ConditionRefused("which is true of no row")


def reads(falsifier: FalsifierProgram, condition: Node) -> bool:
    """Whether a condition is about this falsifier: it names columns, and the falsifier has all of them."""
    named = _columns(condition)
    return bool(named) and named <= set(falsifier.rows[0])


def rows_left(falsifier: FalsifierProgram, conditions: Sequence[str]) -> tuple[Row, ...]:
    """The rows of which none of the conditions that are about this falsifier is true."""
    nodes = [node for node in map(parse, conditions) if reads(falsifier, node)]
    return tuple(row for row in falsifier.rows if not any(_holds(node, row) for node in nodes))


def declined_share(program: Program, falsifier: FalsifierProgram, condition: str) -> tuple[int, int]:
    """How many rows a condition declines, of how many that `where` leaves (where it reads columns alone)."""
    where = falsifier.where
    rows: Sequence[Row] = falsifier.rows
    if where is not None and not names(where) & set(program.dimensions):
        rows = [row for row in rows if _holds(where, row)]
    node = parse(condition)
    about = rows if reads(falsifier, node) else []
    return sum(_holds(node, row) for row in about), len(rows)


def _columns(condition: Node) -> set[str]:
    """The names that a condition reads; those of functions that it calls are none."""
    return {part.id for part in walk(condition) if isinstance(part, Name)}


def _holds(condition: Node, row: Row) -> bool:
    from harness.language.evaluate import Bindings, evaluate
    from harness.language.single import Single

    return bool(evaluate(condition, Bindings(Single(), {}, {}, row)))
