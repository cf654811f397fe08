"""Which cases are admitted: by enumerating the numbers that matter, or by containment of their ranges.

A case is numbers for the dimensions, a row of the tables, and a kind and a type for each input. These are independent
but for `where`, so one domain lies inside another where each part does. NumPy is not needed here.
"""

from __future__ import annotations

from harness.gate.meaning.combinations import compare_numbers
from harness.gate.meaning.domain_diff import DomainDiff
from harness.gate.meaning.drawn import drawn_kinds, drawn_types
from harness.gate.meaning.relation import RelationEvidence
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import Rule, VersionView, views
from harness.language.syntax import names
from harness.program.model import Program


def compare_domain(old: Program, new: Program, falsifier_id: str | None) -> RelationEvidence:
    """The cases a falsifier admits (`given`, `where`, `for_each`, `over`), or None: the contract's own domain.

    The contract's domain is the ranges of its dimensions and the kinds and types of its inputs; only what both
    versions have is compared.
    """
    return space_diff(*views(old, new), falsifier_id)


def space_diff(old: VersionView, new: VersionView, falsifier: str | None) -> RelationEvidence:
    """The cases of one falsifier in both versions, or of the contracts."""
    rules = (old.rules[falsifier], new.rules[falsifier]) if falsifier else (None, None)
    spaces = Space(old, rules[0]), Space(new, rules[1])
    balance = DomainDiff()
    same_text = compare_numbers(spaces, balance)
    for name in old.inputs:
        if name in new.inputs and (falsifier is None or _reads(old, rules[0], name) or _reads(new, rules[1], name)):
            same_text &= _kinds(name, spaces, balance)
    return balance.evidence(same_text)


def _kinds(name: str, spaces: tuple[Space, Space], balance: DomainDiff) -> bool:
    """Whether kinds and types are the same list; records what was removed and added."""
    texts = [(space.view.inputs[name].kinds, space.view.inputs[name].formats, space.view.inputs[name].dtype,
              space.rule.given.get(name) if space.rule else None) for space in spaces]  # fmt: skip
    for what, of in (("kind", drawn_kinds), ("type", drawn_types)):
        before, after = (of(space.view, space.rule, name) for space in spaces)
        balance.gone += [f"{name} of {what} {part}" for part in before if part not in after]
        balance.come += [f"{name} of {what} {part}" for part in after if part not in before]
    return texts[0] == texts[1]


def _reads(view: VersionView, rule: Rule | None, name: str) -> bool:
    """Whether a falsifier draws an input: its claim or a subject that it calls reads it."""
    assert rule is not None
    read = names(rule.claim)
    for subject in read & set(view.arguments):
        read |= {*view.arguments[subject].values(), *view.returns[subject].values()}
    return name in read.union(*(view.depends.get(part, frozenset()) for part in read))
