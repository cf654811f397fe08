"""One equation in two versions: what it computes, and which float32 results it admits.

Three questions, in this order. Does the new text, above the *old* equations that it reads, mean what the old text
means? Then what else changed is blamed on the equation where it changed. If not, and equations below it changed as
well: does it mean the same as a whole? Then one change makes up for the other. And where no claim, caller or refusal
reads the equation itself: does everything that is made of it mean the same? Then it was only an intermediate step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from harness.gate.meaning.cases import ComparisonCase, cases
from harness.gate.meaning.constants import unseen
from harness.gate.meaning.counterexample_text import cut_lines
from harness.gate.meaning.exhaust import Exhausted, exhaust
from harness.gate.meaning.expression_diff import ExpressionPair, common_arithmetic, diff_expressions, distinguished
from harness.gate.meaning.points import Wanted
from harness.gate.meaning.readers import ways
from harness.gate.meaning.relation import RelationEvidence
from harness.gate.meaning.renaming import same_text
from harness.gate.meaning.space import Space
from harness.gate.meaning.symbols import NotSymbolic, Symbolic, stored_array
from harness.gate.meaning.view import VersionView
from harness.language.evaluate import Bindings, evaluate
from harness.language.syntax import Name, Node, spell
from harness.language.undecided import Undecided

POINTS = 64  # combinations of dimensions for which integer equations are compared on all values
SAME = ("respelled", "tightened", "loosened")  # the same function
WORST = ("same", "respelled", "tightened", "loosened", "undecidable", "different")


def equation_diff(old: VersionView, new: VersionView, name: str) -> RelationEvidence:
    """The equation of that name, which both versions have."""
    if same_text(old.equations[name], new.equations[name]):
        return RelationEvidence("same", 0, "", "the text is the same")
    own = replace(new.with_equations(above(old, new, name)), formats={**new.formats, **old.formats})
    found, inner = computed_diff(old, own, name)
    if inner and found.relation in ("respelled", "tightened"):
        found = _carried(old, own, name, found)
    if found.relation in ("respelled", "tightened"):
        return found
    changed = sorted(part for part in old.depends[name] | new.depends[name] if _changed(old, new, part))
    if changed:
        whole, _ = computed_diff(old, new, name)
        if whole.relation in ("respelled", "tightened"):
            return replace(whole, why=f"{whole.why}, together with the change of {', '.join(changed)}")
    made = _made_of(old, new, name)
    alone = not any(_changed(old, new, part) for part in {*changed, *made} - {name})
    if name in old.promised | new.promised or (alone and found.relation == "different"):
        return found
    return _step(old, new, name) or found


def _made_of(old: VersionView, new: VersionView, name: str) -> list[str]:
    """The equations that something relies on and that are made of this one, in both versions."""
    return sorted(
        part for part in old.promised & new.promised if name in old.depends[part] | new.depends[part] and part != name
    )


def _carried(old: VersionView, own: VersionView, name: str, found: RelationEvidence) -> RelationEvidence:
    """Regions go on through an equation: what is made of it may admit more although itself it does not."""
    for part in _made_of(old, own, name):
        carried, _ = computed_diff(old, own, part)
        if WORST.index(carried.relation) > WORST.index(found.relation):
            found = replace(carried, why=f"{part}, which uses it: {carried.why}")
        if found.relation not in ("respelled", "tightened"):
            break
    return found


def _step(old: VersionView, new: VersionView, name: str) -> RelationEvidence | None:
    """The worst relation among the promised equations that use a step; None where one of them means something else."""
    made = _made_of(old, new, name)
    found = [computed_diff(old, new, part)[0] for part in made]
    if not found or any(part.relation in ("different", "undecidable") for part in found):
        return None
    worst = max(found, key=lambda part: WORST.index(part.relation))
    return replace(worst, why=f"only other equations use this step; in {', '.join(made)}: {worst.why}")


def _changed(old: VersionView, new: VersionView, name: str) -> bool:
    return not same_text(old.equations.get(name), new.equations.get(name))


def above(old: VersionView, new: VersionView, name: str) -> dict[str, Node]:
    """The new equation above the old ones; what the old version does not have is as in the new one."""
    kept = {part: node for part, node in old.equations.items() if name not in old.depends[part]}
    return {**new.equations, **kept, name: new.equations[name]}


def computed_diff(old: VersionView, new: VersionView, name: str) -> tuple[RelationEvidence, bool]:
    """One equation in two versions, as each computes it; whether what is made of it has to be looked at as well."""
    pair = ExpressionPair(name, old, new, Name(name), Name(name), ways((old, new), name), common_arithmetic(old, new))
    below = {name} | old.depends[name] | new.depends[name]
    changed = [
        {part: view.equations[part] for part in view.equations if part in below and _changed(old, new, part)}
        for view in (old, new)
    ]
    wanted = Wanted(
        frozenset(below),
        tuple(node for side in changed for node in side.values()),
        "|".join(sorted(f"{name}: {spell(view.equations[name])}" for view in (old, new))),
        frozenset(part for part in below if nonfinite(old, part) or nonfinite(new, part)),
    )
    drawn = cases(Space(old), Space(new), wanted)
    if not drawn:
        return RelationEvidence("undecidable", 0, "", "no case is admitted by both versions"), False
    exhausted = _exhausted(pair, drawn) if pair.ways == [()] else None
    if exhausted is not None:
        return exhausted, False
    tally = diff_expressions(pair, drawn)
    found = tally.evidence()
    if found.relation in SAME:
        blind = unseen(changed[0], changed[1], lambda side, part, node: _tells(pair, side, part, node, drawn))
        if blind:
            return RelationEvidence("undecidable", found.n, "", f"{found.why}; but {blind}"), False
    return found, tally.inner


def _tells(pair: ExpressionPair, side: int, part: str, node: Node, drawn: list[ComparisonCase]) -> bool:
    """Whether the cases tell one version from itself with one equation replaced."""
    view = (pair.old, pair.new)[side]
    other = view.with_equations({**view.equations, part: node})
    return distinguished(replace(pair, old=view, new=other), drawn)


def nonfinite(view: VersionView, name: str) -> bool:
    """Whether some claim makes an input non-finite."""
    if name not in view.inputs:
        return False
    kinds = [view.inputs[name].kinds, *(rule.given[name].kinds for rule in view.rules.values() if name in rule.given)]
    return any("nonfinite" in part for part in kinds)


# --- integers, on all values ------------------------------------------------------------------------------------


def _exhausted(pair: ExpressionPair, drawn: list[ComparisonCase]) -> RelationEvidence | None:
    """Integer equations on every value of the stored integers they are made of; None where that is not possible."""
    points = {tuple(case.numbers.items()): case for case in drawn}
    seen: dict[object, int] = {}
    total, at = 0, ""
    try:
        for case in list(points.values())[:POINTS]:
            found = _at(pair, case, seen)
            total += max(1, found.n)
            if found.difference is not None:
                entry, values, old, new = found.difference
                at = ", ".join(f"{name} = {value}" for name, value in case.numbers.items())
                lines = [line for line in (at, values) if line]
                shown = cut_lines("\n".join(["; ".join(lines), f"{pair.what}{entry}: old {old}, new {new}"]).strip())
                return RelationEvidence(
                    "different", total, shown, "a different function of integers, shown by one value"
                )
    except NotSymbolic:
        return None
    except (ArithmeticError, LookupError, TypeError, ValueError, Undecided):
        return None
    sizes = f", for {min(len(points), POINTS)} combinations of dimensions" if pair.old.dimensions else ""
    return RelationEvidence(
        "respelled", total, "", f"equal integers on all {total} values of what each entry is made of{sizes}"
    )


def _at(pair: ExpressionPair, case: ComparisonCase, seen: dict[object, int]) -> Exhausted:
    names: dict[str, object] = {**case.numbers, **case.row}
    for name, value in case.arrays.items():
        part = pair.old.inputs.get(name) or pair.new.inputs[name]
        names[name] = stored_array(name, np.shape(value), part.dtype) if not part.formats else value
    domain = Symbolic()
    sides = [
        evaluate(node, Bindings(domain, view.equations, view.depends, names))
        for view, node in ((pair.old, pair.left), (pair.new, pair.right))
    ]
    return exhaust(sides[0], sides[1], seen)


def exhausted_fields(
    old: Mapping[str, Node], new: Mapping[str, Node], fields: Mapping[str, tuple[str, int]], name: str
) -> Exhausted:
    """Equations of one block on all values of its bytes; `fields` gives type and length. May raise NotSymbolic."""
    values = []
    for equations in (old, new):
        domain = Symbolic()
        bindings = Bindings(domain, equations, {}, {})
        for field, (dtype, count) in fields.items():
            try:
                bindings.known[field] = stored_array(field, (count,) if count > 1 else (), dtype)
            except NotSymbolic:
                continue  # a real field: only an equation that reads it is no integer expression
        values.append(_known(name, bindings))
    return exhaust(values[0], values[1], {})


def _known(name: str, bindings: Bindings) -> object:
    try:
        return bindings.value(name)
    except KeyError as error:
        raise NotSymbolic(f"{error} is real") from None
