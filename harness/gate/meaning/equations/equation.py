"""One equation in two versions: what it computes, and which float32 results it admits.

Three questions, in this order. Does the new text, above the *old* equations that it reads, mean what the old text
means? Then what else changed is blamed on the equation where it changed. If not, and equations below it changed as
well: does it mean the same as a whole? Then one change makes up for the other. And where no claim, caller or refusal
reads the equation itself: does everything that is made of it mean the same? Then it was only an intermediate step.

Claims read an equation as a whole, or with equations below it given as a subject returned them:
`weights(chosen=route().experts)` reads `weights` with `chosen` given; `stagewise(trace())` reads every result with
all results before it given. What an equation promises is what it gives in each of these ways, and in no other.
"""

from __future__ import annotations

from dataclasses import replace

from harness.gate.meaning.canonical import conjuncts
from harness.gate.meaning.cases import ComparisonCase, drawn_cases
from harness.gate.meaning.equations.all_values import exhausted
from harness.gate.meaning.equations.block import format_view
from harness.gate.meaning.equations.constants import as_products, unseen, with_real_constants
from harness.gate.meaning.equations.counts import compare_counts
from harness.gate.meaning.equations.every_number import whole_cases
from harness.gate.meaning.equations.expression_diff import (
    ExpressionPair,
    ExpressionTally,
    common_arithmetic,
    diff_expressions,
    distinguished,
    first_difference,
    promises,
)
from harness.gate.meaning.equations.refused_cases import RefusedCases
from harness.gate.meaning.evidence import SAME_FUNCTION, RelationEvidence
from harness.gate.meaning.points import Points, Wanted
from harness.gate.meaning.space import Space
from harness.gate.meaning.view import VersionView, same_text, views
from harness.language.called import subject_call
from harness.language.syntax import Call, Name, Node, names, spell, walk
from harness.program.model import Program

MOST = 6  # ways in which one equation is looked at


def ways(views: tuple[VersionView, ...], name: str) -> list[tuple[str, ...]]:
    """Names given, in order of computation; first none. Only names that all versions have as equations below `name`."""
    found: dict[tuple[str, ...], None] = {(): None}
    for view in views:
        for given in _given(view, name):
            kept = [part for part in view.equations if part in given]
            if all(part in other.equations for part in kept for other in views):
                found[tuple(kept)] = None
    return list(found)[:MOST]


def _given(view: VersionView, name: str) -> list[set[str]]:
    below = view.depends[name]
    found = []
    for rule in view.rules.values():
        for call in walk(rule.claim):
            if not isinstance(call, Call):
                continue
            if call.name in view.equations and name in {call.name} | view.depends[call.name]:
                replaced = {key for key, _ in call.keywords}
                if name not in replaced:
                    found.append(replaced & below)
            elif call.name == "stagewise":
                found += _stages(view, call, name, below)
    return found


def _stages(view: VersionView, call: Call, name: str, below: frozenset[str]) -> list[set[str]]:
    """What is given where a stage is judged that is made of `name`, or is it."""
    found: list[set[str]] = []
    inner = subject_call(call.arguments[0])
    before: set[str] = set()
    for stage in view.returns[inner.name].values():
        if name == stage or (name in view.depends[stage] and name not in before):
            found.append(before & below)
        before = before | {stage}
    return found


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
        kept = ("respelled", "tightened", *(("loosened",) if found.relation == "different" else ()))
        if whole.relation in kept:  # one function as a whole is no other one, whatever it is above the old equations
            return replace(whole, why=f"{whole.why}, together with the change of {', '.join(changed)}")
    users = {part for view in (old, new) for part, below in view.depends.items() if name in below}
    alone = _kind(old, name) == _kind(new, name) and not any(_changed(old, new, part) for part in {*changed, *users})
    if name in old.promised | new.promised or (alone and found.relation == "different"):
        return found
    return _step(old, new, name) or found


def _kind(view: VersionView, name: str) -> str:
    """What is inferred of an equation: real numbers, integers or truth values."""
    return str(getattr(view.program.scope.names.get(name), "kind", ""))


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
    exactly = any(_compared_exactly(view, name) for view in (old, new))
    how = ways((old, new), name), common_arithmetic(old, new), exactly
    pair = ExpressionPair(name, old, new, Name(name), Name(name), *how, promises(old, new))
    below = {name} | old.depends[name] | new.depends[name]
    changed = [
        {part: view.equations[part] for part in view.equations if part in below and _changed(old, new, part)}
        for view in (old, new)
    ]
    spaces = Space(old), Space(new)
    counted = compare_counts(old, new, name)
    if counted is not None and not counted.differ:
        why = f"the integers that are written differently are equal for {counted.told}"
        return RelationEvidence("respelled", counted.n, "", why), False
    wanted = Wanted(
        frozenset(below),
        tuple(node for side in changed for node in side.values()),
        "|".join(sorted(f"{name}: {spell(view.equations[name])}" for view in (old, new))),
        {part: [*_asked(old, part), *_asked(new, part)] for part in below},
        counted.differ if counted is not None else (),
    )
    refused = RefusedCases(old, name)
    whole: list[ComparisonCase] = []
    if pair.ways == [()]:
        points = Points(*spaces, wanted, wanted.rng())
        on_all = exhausted(pair, points, refused)
        if on_all is not None:
            return on_all, False
        whole = [] if refused.possible else whole_cases((old, new), name, points)
    drawn = drawn_cases(*spaces, wanted)
    if not drawn.cases:
        return RelationEvidence("undecidable", 0, "", "no case is admitted by both versions"), False
    kept = [case for case in drawn.cases if not refused.has(case)] or drawn.cases
    gone = len(drawn.cases) - len(kept)
    told = f"{gone} other cases do not count, since every call is refused there" if gone else ""
    tally = diff_expressions(pair, kept)
    found = tally.evidence()
    if found.relation in ("tightened", "loosened"):
        tally, found = _by_products(pair, changed, kept) or (tally, found)
    if found.relation in SAME_FUNCTION:
        if counted is not None and not any(
            point.items() <= case.numbers.items() for point in counted.differ for case in drawn.cases
        ):
            why = "integers of dimensions differ where the arrays are too large to evaluate the whole"
            return RelationEvidence("undecidable", found.n, counted.shown, why), False
        if shown := first_difference(pair, whole):
            return RelationEvidence("different", found.n, shown, "a different function, shown by one case"), False
        if not whole:
            blind = _blind(pair, changed, drawn.cases)
            if blind:
                return RelationEvidence("undecidable", found.n, "", f"{found.why}; but {blind}"), False
        found = replace(found, why="; ".join(part for part in (found.why, told, drawn.left_out) if part))
    return found, tally.inner


def _blind(pair: ExpressionPair, changed: list[dict[str, Node]], drawn: list[ComparisonCase]) -> str:
    """Which constant no case shows, or ""."""
    constant = [
        {part: with_real_constants(node, view.is_real) for part, node in side.items()}
        for view, side in zip((pair.old, pair.new), changed, strict=True)
    ]
    return unseen(constant[0], constant[1], lambda side, part, node: _tells(pair, side, part, node, drawn))


def _by_products(
    pair: ExpressionPair, changed: list[dict[str, Node]], drawn: list[ComparisonCase]
) -> tuple[ExpressionTally, RelationEvidence] | None:
    """The two with the changed quotients by powers of two as products, where they are alike then.

    Both are exact. The bound tells them apart only where the number is by chance that of the entries of a sum, which
    makes the quotient a mean.
    """
    rewritten = [{name: as_products(node) for name, node in side.items()} for side in changed]
    if rewritten == changed:
        return None
    views = [view.with_equations({**view.equations, **side})
             for view, side in zip((pair.old, pair.new), rewritten, strict=True)]  # fmt: skip
    tally = diff_expressions(replace(pair, old=views[0], new=views[1]), drawn)
    found = tally.evidence()
    if found.relation != "respelled":
        return None
    return tally, replace(found, why=f"{found.why}, with x / 2 and x * 0.5 as one operation")


WITHIN_BOUNDS = {"close", "accurate", "admissible", "stagewise", "stagewise_rounded", "finite", "raises", "raises_or"}


def _compared_exactly(view: VersionView, name: str) -> bool:
    """Whether some part of a claim asks more of the equation, or of what is made of it, than the bound: its bits."""
    made = {name} | {part for part, below in view.depends.items() if name in below}
    parts = [part for rule in view.rules.values() for part in conjuncts(rule.claim) if names(part) & made]
    return any(not isinstance(part, Call) or part.name not in WITHIN_BOUNDS for part in parts)


def _tells(pair: ExpressionPair, side: int, part: str, node: Node, drawn: list[ComparisonCase]) -> bool:
    """Whether the cases tell one version from itself with one equation replaced."""
    view = (pair.old, pair.new)[side]
    other = view.with_equations({**view.equations, part: node})
    return distinguished(replace(pair, old=view, new=other), drawn)


def _asked(view: VersionView, name: str) -> list[str]:
    """The kinds that some rule asks for by name."""
    return [kind for rule in view.rules.values() if name in rule.given for kind in rule.given[name].kinds]


def compare_equation(old: Program, new: Program, name: str) -> RelationEvidence:
    """One equation of the contract (`weights`) or of a block format (`q4_k.sc`) in two versions.

    Changes of equations below it are blamed on those; a change that another one makes up for is seen as such. Both
    versions must have the equation.
    """
    before, after = views(old, new)
    if "." not in name:
        return equation_diff(before, after, name)
    format_, _, step = name.partition(".")
    return equation_diff(format_view(before, old.formats[format_]), format_view(after, new.formats[format_]), step)
