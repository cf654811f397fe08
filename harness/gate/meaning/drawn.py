"""The kinds and the types that an input is drawn from."""

from __future__ import annotations

from harness.contract.kinds import default_kinds
from harness.gate.meaning.view import Rule, VersionView


def drawn_kinds(view: VersionView, rule: Rule | None, name: str) -> tuple[str, ...]:
    """The kinds that an input is drawn from."""
    part = view.inputs[name]
    kinds = part.kinds or default_kinds(part.dtype, bool(part.formats))
    given = rule.given.get(name) if rule else None
    if given is not None:
        kinds = given.kinds or tuple(kind for kind in kinds if kind not in given.excluded)
    return kinds


def drawn_types(view: VersionView, rule: Rule | None, name: str) -> tuple[str, ...]:
    """The types that an input is drawn from."""
    part = view.inputs[name]
    given = rule.given.get(name) if rule else None
    return (given.dtypes if given is not None else ()) or part.formats or (part.dtype,)
