"""What a kill record has against its contract: each reason why it does not hold, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from harness.program.model import Program
from harness.teeth.record import DECLARED, MUTANT, SABOTEUR
from harness.teeth.shown import Shown, blind

if TYPE_CHECKING:  # it loads NumPy, and a run asks here for what a record says
    from harness.teeth.distinguish import Distinction

MIN_MUTATION_SCORE = 0.95  # killed mutants, of those that count
# Mutants that no case tells apart from the original are left out of the count up to these shares of all that are
# neither waived nor equivalent. Equivalent mutants that nobody has proved to be so are common; a bound that hides
# mutants is a blind spot. So the first share is the larger one.
SAME_SHARE, HIDDEN_SHARE = 0.25, 0.1
NAMED = 6  # faults in one sentence


def beyond_allowance(same: int, hidden: int, of: int) -> int:
    """How many mutants that are not distinguished count as alive; `of`: all that are not waived and not equivalent."""
    return max(0, same - ceil(SAME_SHARE * of)) + max(0, hidden - ceil(HIDDEN_SHARE * of))


def objections(
    program: Program, summary: Mapping[str, Any], lives: Sequence[Mapping[str, str]],
    distinctions: Mapping[str, Distinction], shown: Mapping[str, Shown],
) -> Iterator[str]:  # fmt: skip
    """Every reason, the gravest first; none where the record holds. `lives`: the faults that are not simply killed."""
    yield from of_falsifiers(summary)
    yield from blind(shown)
    for kind, of_kind in ((DECLARED, "declared faults"), (SABOTEUR, "saboteurs")):
        alive = [entry["fault"] for entry in lives if entry["kind"] == kind and entry["fate"] == "lives"]
        if alive:
            todo = "" if kind == DECLARED else "; or waive them under `waived_saboteurs`, with the reason"
            yield f"{of_kind} that no falsifier kills: {_names(alive)}{todo}"
    yield from _of_mutants(summary["mutants"], lives, distinctions)
    if program.equations and not summary["mutants"]["killed"] and not summary["declared"]["killed"]:
        yield (
            "no mutant of the equations and no declared fault is killed: nothing shows that a wrong equation would be "
            "noticed; return what the equations say, or declare a fault under `faults`"
        )
    stale = [entry["fault"] for entry in lives if entry["fate"] == "stale waiver"]
    if stale:
        yield f"waivers of what is killed or not planted: {_names(stale)}; remove them"


def of_falsifiers(summary: Mapping[str, Any]) -> list[str]:
    """What is said against single falsifiers; every other objection is one against all of the contract."""
    vacuous = summary.get("vacuous")
    return [f"{_names(vacuous)}: kills none of the planted faults"] if vacuous else []


def against_all(summary: Mapping[str, Any], errors: Mapping[str, str]) -> list[str]:
    """The objections of a kill record for which no falsifier of the contract counts as survived.

    None where a claim could not be evaluated: of the others it is then not known what they leave alive.
    """
    if errors or summary["holds"]:
        return []
    single = of_falsifiers(summary)
    return [objection for objection in summary.get("objections", ()) if objection not in single]


def _of_mutants(
    mutants: Mapping[str, int], lives: Sequence[Mapping[str, str]], distinctions: Mapping[str, Distinction]
) -> Iterator[str]:
    """Too few mutants are killed: because they live, or because nothing can tell them apart."""
    counted = mutants["distinguishable"] - mutants["waived"] + mutants["beyond"]
    if mutants["killed"] >= MIN_MUTATION_SCORE * counted:
        return
    alive = [entry["fault"] for entry in lives if entry["kind"] == MUTANT and entry["fate"] == "lives"]
    yield f"only {mutants['killed']} of {counted} mutants are killed, and {MIN_MUTATION_SCORE:.0%} are wanted" + (
        f"; alive: {_names(alive)}" if alive else ""
    )
    if mutants["beyond"]:
        names = [entry["fault"] for entry in lives if entry["fate"] == "not distinguished"]
        yield (
            f"{len(names)} mutants cannot be told from the original, {mutants['beyond']} more than is left out of the "
            f"count ({HIDDEN_SHARE:.0%} within a bound, {SAME_SHARE:.0%} of the same values): "
            f"{hidden_by([distinctions[name] for name in names])}; narrow the bound, let inputs take values that "
            "matter, or waive them under `waived_mutants`, with the reason"
        )


def hidden_by(distinctions: Sequence[Distinction]) -> str:
    """Which bounds hide how many mutants, and how wide they are; how many have the same values."""
    counts: Counter[str] = Counter()
    widest: dict[str, float] = {}
    for found in distinctions:
        if found.hidden is not None:
            name = found.hidden.equation
            counts[name] += 1
            widest[name] = max(widest.get(name, 0.0), found.hidden.width or 0.0)
    parts = [f"the bound of `{name}` ({_width(widest[name])}) hides {count}" for name, count in counts.most_common()]
    same = len(distinctions) - sum(counts.values())
    if same:
        parts.append(f"{same} have the same values in every case")
    return ", ".join(parts)


def _width(width: float) -> str:
    return f"{width:.2g} times its values" if width < float("inf") else "infinite"


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
