"""The kinds and the types that an input is drawn from."""

from __future__ import annotations

from harness.gate.meaning.view import Rule, VersionView
from harness.language import dtypes


def drawn_kinds(view: VersionView, rule: Rule | None, name: str) -> tuple[str, ...]:
    """The kinds that an input is drawn from."""
    part = view.inputs[name]
    given = rule.given.get(name) if rule else None
    chosen, excluded = (given.kinds, given.excluded) if given is not None else ((), ())
    return dtypes.drawn_kinds(part.dtype, part.kinds, chosen, excluded)


def drawn_types(view: VersionView, rule: Rule | None, name: str) -> tuple[str, ...]:
    """The types that an input is drawn from."""
    part = view.inputs[name]
    given = rule.given.get(name) if rule else None
    return (given.dtypes if given is not None else ()) or part.formats or (part.dtype,)
