"""One equation of a block format in two versions: integers on all values of their bytes, weights on random blocks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.gate.meaning.admitted import admitted
from harness.gate.meaning.all_values import NotSymbolic, exhausted_fields
from harness.gate.meaning.evidence import RelationEvidence, cut_lines
from harness.gate.meaning.expression_diff import ExpressionTally
from harness.gate.meaning.functions import Sharp, function_diff
from harness.gate.meaning.view import same_text
from harness.language.arithmetic import Arithmetic
from harness.language.evaluate import Bindings, Value, evaluate
from harness.language.exact.domain import Exact
from harness.language.formats import BlockFormat, field_count
from harness.language.packed import NotFinite, field
from harness.language.syntax import Node, names, spell
from harness.search.arrays import Draw, packed_array

KINDS = ("zeros", "one_hot", "integers", "normal", "heavy", "large", "subnormal")
ROUNDS = 8
BLOCKS = 16  # of one kind in one round


def block_diff(old: BlockFormat, new: BlockFormat, name: str, arithmetic: Arithmetic) -> RelationEvidence:
    """The equation `name` of one format. What changed below it is blamed on the equation where it changed."""
    if same_text(old.equations[name], new.equations[name]):
        return RelationEvidence("same", 0, "", "the text is the same")
    own = {**new.equations, **{part: node for part, node in old.equations.items() if part != name}}
    found = _computed_diff(old, new, own, name, arithmetic)
    if found.relation in ("different", "loosened", "undecidable") and _others_changed(old, new, name):
        whole = _computed_diff(old, new, new.equations, name, arithmetic)
        if whole.relation in ("respelled", "tightened"):
            return RelationEvidence(whole.relation, whole.n, "", f"{whole.why}; together with the changes below it")
    if found.relation == "different" and name != old.weights:
        made = _computed_diff(old, new, new.equations, old.weights, arithmetic)
        if made.relation in ("respelled", "tightened"):
            return RelationEvidence(made.relation, made.n, "", f"a step on the way to {old.weights}: {made.why}")
    return found


def _others_changed(old: BlockFormat, new: BlockFormat, name: str) -> bool:
    return any(not same_text(new.equations.get(part), node) for part, node in old.equations.items() if part != name)


def _computed_diff(
    old: BlockFormat, new: BlockFormat, equations: Mapping[str, Node], name: str, arithmetic: Arithmetic
) -> RelationEvidence:
    fields = {part: layout for part, layout in old.fields.items() if new.fields.get(part) == layout}
    sizes = {part: (placed[0], field_count(*placed)) for part, placed in fields.items()}
    try:
        exhausted = exhausted_fields(old.equations, equations, sizes, name)
    except (NotSymbolic, ValueError, LookupError, RecursionError):
        return _sampled(old, equations, name, arithmetic)
    if exhausted.difference is not None:
        entry, values, before, after = exhausted.difference
        shown = cut_lines(f"{values}\n{old.name}.{name}{entry}: old {before}, new {after}".strip())
        return RelationEvidence("different", exhausted.n, shown, "different integers, shown by one value of the bytes")
    n = max(1, exhausted.n)
    return RelationEvidence(
        "respelled", n, "", f"equal integers on all {n} values of the bytes that each entry is made of"
    )


def _sampled(old: BlockFormat, equations: Mapping[str, Node], name: str, arithmetic: Arithmetic) -> RelationEvidence:
    """Random blocks of every kind."""
    tally = ExpressionTally()
    seed = hashlib.sha256("|".join(sorted(f"{spell(old.equations[name])}{spell(equations[name])}")).encode()).digest()
    for turn in range(ROUNDS * len(KINDS)):
        kind = KINDS[turn % len(KINDS)]
        draw = Draw(kind, (0, 3, -3)[turn % 3], int.from_bytes(seed[:2], "little") + turn)
        raw = packed_array(old.name, draw, (BLOCKS, old.values), old).raw.reshape(-1, old.size)
        values = [_value(old, part, raw, name, Sharp()) for part in (old.equations, equations)]
        if any(isinstance(value, str) for value in values):
            return RelationEvidence(
                "undecidable", tally.n, "", next(value for value in values if isinstance(value, str))
            )
        what, told = f"{old.name}.{name}", f"{BLOCKS} blocks of kind {kind}; the first index is the block"
        seen = function_diff(Sharp(), *values)
        tally.differs(what, told, seen)
        if tally.different:
            tally.case(seen.judged)
            break
        domain = Exact(arithmetic)
        found = admitted(domain, *(_value(old, part, raw, name, domain) for part in (old.equations, equations)))
        tally.admits(what, told, found)
        tally.case(seen.judged, [found])
    return tally.evidence()


def _value(format_: BlockFormat, equations: Mapping[str, Node], raw: np.ndarray, name: str, domain: Any) -> Value:
    """The equation for many blocks, or text that says why it has no value."""
    bindings = Bindings(domain, equations, {}, {part: field(format_, raw, part) for part in format_.fields})
    try:
        with np.errstate(all="ignore"):
            for part in _order(equations, name):
                bindings.known[part] = evaluate(equations[part], bindings, batched=True)
    except (NotFinite, ArithmeticError, LookupError, TypeError, ValueError) as error:
        return f"no value ({type(error).__name__})"
    return bindings.known[name]


def _order(equations: Mapping[str, Node], name: str) -> list[str]:
    """The equation after everything that it is made of."""
    done: list[str] = []

    def add(part: str) -> None:
        for below in sorted(names(equations[part]) & set(equations)):
            if below not in done:
                add(below)
        if part not in done:
            done.append(part)

    add(name)
    return done
