"""Falsifiers: a claim that can fail, where it is tried, and the values it is tried for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from harness.contract.model import Falsifier, Source
from harness.language import types as T
from harness.language.called import function_of
from harness.language.claims import in_units
from harness.language.infer import Scope
from harness.language.integer_domain import IntegerDomain
from harness.language.syntax import Call, Name, Node, names, spell, walk
from harness.program.check.checker import At, Checker, is_truth
from harness.program.check.cover import check_cover
from harness.program.check.given import narrowed_scope
from harness.program.check.rows import enumerable
from harness.program.check.tables import rows_of, with_columns, with_values
from harness.program.check.taken_rows import note_rows
from harness.program.footprint import expression
from harness.program.model import FalsifierProgram, InputProgram


def check_falsifier(
    checker: Checker,
    index: int,
    scope: Scope,
    inputs: Mapping[str, InputProgram],
    dimensions: Mapping[str, IntegerDomain],
) -> FalsifierProgram | None:
    """One falsifier in its own scope; None after saying what is wrong with it."""
    falsifier = checker.contract.falsifiers[index]
    at = partial(checker.at, "falsification_tests", index)
    before = len(checker.findings)
    scope = narrowed_scope(checker, falsifier, scope, inputs, dimensions, at)
    tables = len(checker.findings)
    scope = with_values(checker, falsifier, scope, at)
    scope = with_columns(checker, falsifier, scope, at)
    if len(checker.findings) > tables:
        return None
    where = None if falsifier.where is None else _where(checker, falsifier, falsifier.where, scope)
    cover = check_cover(checker, falsifier, scope, at)
    noted: list[tuple[Node, T.Type]] = []
    judging = replace(scope, judging=True, noted=noted)
    claim = _claim(checker, falsifier, judging)
    for name in names(claim) | (names(where) if where is not None else set()) | set(falsifier.over):
        checker.use(name)
    for name in falsifier.for_each:
        if name not in names(claim):
            message = f"{falsifier.id}: for_each gives {name!r} values that the claim does not use"
            checker.say(at("for_each", name), message, hint=f"use {name} in the claim, or remove it")
    if not _reads_tables(checker, falsifier, claim, at) or not enumerable(checker, falsifier, at):
        return None
    if len(checker.findings) > before:
        return None
    accurate = any(in_units(part) for part in walk(claim))
    rows = rows_of(falsifier, checker.contract.tables)
    held = expression(noted, judging.subjects, note_rows(checker, noted))
    return FalsifierProgram(falsifier, claim, where, replace(judging, noted=None), accurate, rows, cover, held)


def _where(checker: Checker, falsifier: Falsifier, source: Source, scope: Scope) -> Node:
    """A condition of dimensions and columns alone."""
    what = f"{falsifier.id}: where"
    where = checker.parse(source, what)
    checker.condition(where, source, what, f"{what} is not a condition", scope)
    columns = {column for name in falsifier.over for column in checker.contract.tables[name].columns}
    early = {*checker.contract.dimensions, *falsifier.for_each, *columns}  # known before arrays are drawn
    for part in walk(where):
        name = part.id if isinstance(part, Name) else part.name if isinstance(part, Call) else ""
        known = name in scope.names or name in scope.subjects
        if known and name not in early and function_of(part) is None:
            checker.say(source.place_at(part.start), f"{what} is decided before arrays are drawn",
                     "dimensions and columns only", spell(part), "narrow inputs with `given`")  # fmt: skip
            break
    return where


def _claim(checker: Checker, falsifier: Falsifier, judging: Scope) -> Node:
    """Something that holds or not, of what a subject returns."""
    source = falsifier.claim
    claim = checker.parse(source, falsifier.id)
    kind = checker.type(claim, source, falsifier.id, judging)
    if kind is None:
        return claim
    if not is_truth(kind) and not isinstance(kind, T.Claim):
        message = f"{falsifier.id}: this is not a claim"
        many = isinstance(kind, T.Array) and kind.kind == "bool"
        hint = "all(...) asks whether every entry is true" if many else ""
        checker.say(source.place, message, "close(...), identical(...), a comparison, ...", str(kind), hint)
    elif not any(isinstance(part, Call) and part.name in judging.subjects for part in walk(claim)):
        hint = f"call one: {', '.join(f'{name}()' for name in judging.subjects)}"
        checker.say(source.place, f"{falsifier.id}: the claim calls no subject, so it cannot fail", hint=hint)
    return claim


def _reads_tables(checker: Checker, falsifier: Falsifier, claim: Node, at: At) -> bool:
    """Whether the claim uses some column of every table; the first that it does not is said."""
    for name in falsifier.over:
        if not set(checker.contract.tables[name].columns) & names(claim):
            checker.say(at("over"), f"{falsifier.id}: over enumerates {name!r}, which the claim does not use")
            return False
    return True
