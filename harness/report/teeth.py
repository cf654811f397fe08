"""The kill matrix as text: a row per falsifier, the faults that live, worst first, and one sentence at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from harness.findings import HandledError, nearest
from harness.printable import printable
from harness.report.terminal_text import counted, shorten, wrap

KINDS = ("declared", "mutant", "saboteur")
SHOWN = 12  # faults that live, of one contract; those that count against it are all shown
COUNTS_AGAINST = ("lives", "stale waiver")
LEGEND = (
    "decl, mut, sab: how many declared faults, mutants of the equations and saboteurs around a working implementation "
    "a falsifier kills; first: its earliest kill, with the number of cases that it took"
)


def rendered(done: Sequence[Any], select: str, width: int) -> list[str]:
    """The kill matrix of every contract in short, and the verdict. `done`: programs with their kill records."""
    chosen = [(part, _chosen(part.program, select)) for part in done]
    chosen = [(part, falsifiers) for part, falsifiers in chosen if falsifiers]
    if not chosen:
        raise HandledError(
            f"--select {printable(select, 120)!r} matches no falsifier; `harness list` shows their ids and rules"
        )
    lines = []
    for part, falsifiers in chosen:
        lines += [*matrix(part, falsifiers, width), ""]
    return [*lines, *wrap(LEGEND, width), "", *verdict([part for part, _ in chosen], width)]


def _chosen(program: Any, select: str) -> list[str]:
    return [
        falsifier.source.id for falsifier in program.falsifiers
        if select.lower() in f"{program.id} {falsifier.source.id} {falsifier.source.rule}".lower()
    ]  # fmt: skip


def matrix(part: Any, falsifiers: Sequence[str], width: int) -> Iterator[str]:
    """One contract: a row per falsifier, the kills in numbers, and the faults that live."""
    record = part.record
    metadata = part.program.contract.metadata
    named = f"{metadata.id} {metadata.version}"
    room = max(len(name) for name in falsifiers)
    yield f"{click.style(named, bold=True)}{'decl':>{room + 8 - len(named)}}{'mut':>5}{'sab':>5}  first"
    for name in falsifiers:
        yield falsifier_row(name, record["falsifiers"][name], record["faults"], room, width)
    yield from wrap(kills_in_numbers(record["summary"]), width, 2, 4)
    yield from live_faults(record, width)
    for text in record["summary"]["objections"]:
        first, *rest = wrap(f"AGAINST IT: {text}", width, 2, 4)
        yield first.replace("AGAINST IT", click.style("AGAINST IT", fg="red", bold=True), 1)
        yield from rest


def falsifier_row(name: str, row: Mapping[str, Any], faults: Mapping[str, Any], room: int, width: int) -> str:
    """One row, such as `FALSIFY-MOE-ROUTER-001  5  26  3  weights:drop-normalisation@1 (3)`."""
    kinds = Counter(faults[fault]["kind"] for fault in row["kills"])
    counts = "".join(f"{kinds[kind] or '.':>{6 if kind == KINDS[0] else 5}}" for kind in KINDS)
    if row.get("errors"):
        end = click.style("ERROR: the claim cannot be evaluated, see below", fg="red", bold=True)
    elif not row["kills"]:
        end = click.style(f"VACUOUS: kills nothing in {counted(row['cases'], 'case')}", fg="red", bold=True)
    else:
        fault, cases = next(iter(row["kills"].items()))
        end = f"{shorten(fault, width - room - 26)} ({cases})"
    return f"  {name:{room}}{counts}  {end}"


def kills_in_numbers(summary: Mapping[str, Any]) -> str:
    """How many faults of each kind are killed, of how many; in brackets those that are not counted."""
    declared, mutants, saboteurs = summary["declared"], summary["mutants"], summary["saboteurs"]
    which = "that count" if mutants["beyond"] else "that differ"
    return (
        f"killed: {declared['killed']} of {counted(declared['of'], 'declared fault')}, {mutants['killed']} of "
        f"{counted(mutants['distinguishable'] + mutants['beyond'], 'mutant')} {which}"
        f"{_of_these(mutants, 'waived', 'not_distinguished', 'equivalent')}, {saboteurs['killed']} of "
        f"{counted(saboteurs['of'], 'saboteur')}{_of_these(saboteurs, 'waived', 'excused', 'without_effect')}"
    )


def _of_these(counts: Mapping[str, int], *names: str) -> str:
    """Those that are not killed and not simply alive, such as ` (1 waived, 13 not distinguished, of which 8 count)`."""
    parts = [f"{counts[name]} {name.replace('_', ' ')}" for name in names if counts[name]]
    if counts.get("beyond"):
        parts = [f"{part}, of which {counts['beyond']} count" if "distinguished" in part else part for part in parts]
    return f" ({', '.join(parts)})" if parts else ""


def live_faults(record: Mapping[str, Any], width: int) -> Iterator[str]:
    """The faults that no falsifier killed, worst first, with the reason."""
    for number, entry in enumerate(record["lives"]):
        if number >= SHOWN and entry["fate"] not in COUNTS_AGAINST:
            yield f"  ... {len(record['lives']) - number} more in the record"
            break
        fate = entry["fate"].upper() if entry["fate"] in COUNTS_AGAINST else entry["fate"]
        styled = click.style(fate, fg="red", bold=True) if entry["fate"] in COUNTS_AGAINST else fate
        first, *rest = wrap(f"{fate}: {entry['fault']}: {entry['reason']}", width, 2, 4)
        yield first.replace(fate, styled, 1)
        yield from rest


def verdict(done: Sequence[Any], width: int) -> Iterator[str]:
    """All contracts in one sentence, and what to do where something is wrong."""
    summaries = [part.record["summary"] for part in done]
    vacuous = [name for summary in summaries for name in summary["vacuous"]]
    falsifiers = sum(summary["falsifiers"] for summary in summaries)
    numbers = {
        kind: {key: sum(summary[kind][key] for summary in summaries) for key in summaries[0][kind]}
        for kind in ("declared", "mutants", "saboteurs")
    }
    mutants = numbers["mutants"]
    of = mutants["distinguishable"] + mutants["beyond"]
    share = f"; {mutants['killed'] / of:.1%} of the mutants" if of else ""
    made = sum(bool(part.was) for part in done)
    yield f"kill records: {counted(len(done), 'contract')}, {made} made anew"
    good = all(summary["holds"] for summary in summaries)
    broken = any(part.errors for part in done)
    word = "PASSED" if good else "ERROR" if broken else "VACUOUS" if vacuous else "FAILED"
    verb = "kills" if falsifiers == 1 else "kill"
    text = (
        f"{falsifiers - len(vacuous)} of {counted(falsifiers, 'falsifier')} {verb} something; "
        f"{kills_in_numbers({'falsifiers': falsifiers, **numbers})}{share}."
    )
    if broken:
        text += " What cannot be evaluated is nobody's kill: mend the contract, or the harness."
    elif vacuous:
        text += f" Vacuous: {', '.join(vacuous)}: a falsifier that kills none of the planted faults proves nothing."
    elif not good:
        text += " Strengthen the falsifiers that should kill what lives, or waive it by name with a reason."
    first, *rest = wrap(f"{word}  {text}", width, 0, 2)
    yield first.replace(word, click.style(word, fg="green" if good else "red", bold=True), 1)
    yield from rest


def explained(done: Sequence[Any], fault: str, width: int) -> list[str]:
    """One fault in every contract that has it: what is wrong, what kills it after how many cases, or why it lives."""
    lines: list[str] = []
    for part in done:
        faults = part.record["faults"]
        key = next((name for name in faults if name.lower() == fault.lower()), None)
        if key is not None:
            lines += [*_explained(part, key, width), ""]
    if not lines:
        known = {name for part in done for name in part.record["faults"]}
        raise HandledError(f"no fault is called {fault!r}; {nearest(fault, known)}")
    return lines[:-1]


def _explained(part: Any, fault: str, width: int) -> Iterator[str]:
    record = part.record
    planted = record["faults"][fault]
    yield from wrap(f"{part.program.id}: {fault} ({planted['kind']})", width, 0, 2)
    yield from wrap(planted["story"], width, 2, 4)
    for entry in record["lives"]:
        if entry["fault"] == fault:
            yield from wrap(f"{entry['fate']}: {entry['reason']}", width, 2, 4)
    for name, row in record["falsifiers"].items():
        if fault in row["kills"]:
            yield f"  killed by {name} after {counted(row['kills'][fault], 'case')}"
        elif fault in row.get("checks", {}):
            after = counted(row["checks"][fault], "case")
            yield f"  noticed under {name} after {after}, by the checks that every result goes through"
    if planted["kind"] != "saboteur" and part.program.has_reference:
        subject = _quoted(f"reference:{part.program.id}/{fault}")
        yield f"  try it: harness run --subject {subject} {part.program.contract.path}"


def _quoted(text: str) -> str:
    return text if all(character.isalnum() or character in "-_:@/." for character in text) else f"'{text}'"


def stale_records(found: Sequence[tuple[Any, str]], width: int) -> list[str]:
    """The kill records that are not current, and what to do."""
    bad = [(program, why) for program, why in found if why]
    lines = [line for program, why in bad for line in wrap(f"{program.contract.path}: {why}", width, 0, 2)]
    if bad:
        todo = "run `harness teeth` and commit what it writes beside the contracts."
        return [*lines, *wrap(f"STALE  {len(bad)} of {counted(len(found), 'kill record')}: {todo}", width, 0, 2)]
    return [f"CURRENT  {counted(len(found), 'kill record')}, of these contracts and this version of language and teeth"]
