"""The matrix of `harness teeth` for people: a line per falsifier, what lives worst first, one sentence at the end."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from harness.findings import HandledError, nearest
from harness.printable import printable
from harness.report.terminal_text import counted, shorten, wrap

KINDS = ("declared", "mutant", "saboteur")
SHOWN = 12  # faults that live, of one contract
AGAINST = ("lives", "stale waiver")
LEGEND = (
    "kills: declared faults, mutants of the equations, saboteurs around a working implementation; first: "
    "the first kill, with the number of cases it took"
)


def rendered(done: Sequence[Any], select: str, width: int) -> list[str]:
    """Every contract's matrix in short, and the verdict. `done`: programs with their kill records."""
    chosen = [(part, _chosen(part.program, select)) for part in done]
    chosen = [(part, falsifiers) for part, falsifiers in chosen if falsifiers]
    if not chosen:
        raise HandledError(
            f"--select {printable(select, 120)!r} matches no falsifier; `harness list` shows their ids and rules"
        )
    lines = []
    for part, falsifiers in chosen:
        lines += [*contract(part, falsifiers, width), ""]
    return [*lines, *wrap(LEGEND, width), "", *verdict([part for part, _ in chosen], width)]


def _chosen(program: Any, select: str) -> list[str]:
    return [
        falsifier.source.id for falsifier in program.falsifiers
        if select.lower() in f"{program.id} {falsifier.source.id} {falsifier.source.rule}".lower()
    ]  # fmt: skip


def contract(part: Any, falsifiers: Sequence[str], width: int) -> Iterator[str]:
    """One contract: its falsifiers, and what they let live."""
    record = part.record
    metadata = part.program.contract.metadata
    named = f"{metadata.id} {metadata.version}"
    room = max(len(name) for name in falsifiers)
    yield f"{click.style(named, bold=True)}{'decl':>{room + 8 - len(named)}}{'mut':>5}{'sab':>5}  first"
    for name in falsifiers:
        yield kill_line(name, record["falsifiers"][name], record["faults"], room, width)
    yield from wrap(in_numbers(record["summary"]), width, 2, 4)
    yield from alive(record, width)


def kill_line(name: str, line: Mapping[str, Any], faults: Mapping[str, Any], room: int, width: int) -> str:
    """`FALSIFY-MOE-ROUTER-001  5  26  3  weights:drop-normalisation@1 (3)`."""
    kinds = Counter(faults[fault]["kind"] for fault in line["kills"])
    counts = "".join(f"{kinds[kind] or '.':>{6 if kind == KINDS[0] else 5}}" for kind in KINDS)
    if not line["kills"]:
        last = click.style(f"VACUOUS: kills nothing in {counted(line['cases'], 'case')}", fg="red", bold=True)
    else:
        fault, cases = next(iter(line["kills"].items()))
        last = f"{shorten(fault, width - room - 26)} ({cases})"
    return f"  {name:{room}}{counts}  {last}"


def in_numbers(summary: Mapping[str, Any]) -> str:
    """Killed, of how many, and what was left out of the count."""
    declared, mutants, saboteurs = summary["declared"], summary["mutants"], summary["saboteurs"]
    beside = [
        f"{mutants[name]} {told}"
        for name, told in (
            ("waived", "waived"),
            ("not_distinguished", "not distinguished"),
            ("equivalent", "equivalent"),
        )
        if mutants[name]
    ]
    more = f" ({', '.join(beside)})" if beside else ""
    excused = f" ({saboteurs['excused']} excused)" if saboteurs["excused"] else ""
    return (
        f"killed: {declared['killed']} of {counted(declared['of'], 'declared fault')}, {mutants['killed']} of "
        f"{counted(mutants['distinguishable'], 'mutant')} that differ{more}, {saboteurs['killed']} of "
        f"{counted(saboteurs['of'], 'saboteur')}{excused}"
    )


def alive(record: Mapping[str, Any], width: int) -> Iterator[str]:
    """What no falsifier killed, worst first, with the reason."""
    for number, entry in enumerate(record["lives"]):
        if number >= SHOWN and entry["fate"] not in AGAINST:
            yield f"  ... {len(record['lives']) - number} more in the record"
            break
        fate = entry["fate"].upper() if entry["fate"] in AGAINST else entry["fate"]
        styled = click.style(fate, fg="red", bold=True) if entry["fate"] in AGAINST else fate
        first, *rest = wrap(f"{fate}: {entry['fault']}: {entry['reason']}", width, 2, 4)
        yield first.replace(fate, styled, 1)
        yield from rest


def verdict(done: Sequence[Any], width: int) -> Iterator[str]:
    """All contracts in one sentence, and what to do."""
    summaries = [part.record["summary"] for part in done]
    vacuous = [name for summary in summaries for name in summary["vacuous"]]
    falsifiers = sum(summary["falsifiers"] for summary in summaries)
    numbers = {
        kind: {key: sum(summary[kind][key] for summary in summaries) for key in summaries[0][kind]}
        for kind in ("declared", "mutants", "saboteurs")
    }
    mutants = numbers["mutants"]
    share = f" ({mutants['killed'] / mutants['distinguishable']:.1%})" if mutants["distinguishable"] else ""
    made = sum(bool(part.was) for part in done)
    yield f"kill records: {counted(len(done), 'contract')}, {made} made anew"
    good = all(summary["holds"] for summary in summaries)
    word = "TEETH" if good else "TOOTHLESS" if vacuous else "GAPS"
    verb = "kills" if falsifiers == 1 else "kill"
    text = (
        f"{falsifiers - len(vacuous)} of {counted(falsifiers, 'falsifier')} {verb} something; "
        f"{in_numbers({'falsifiers': falsifiers, **numbers})}{share}."
    )
    if vacuous:
        text += f" Vacuous: {', '.join(vacuous)}: a falsifier that notices none of the planted faults proves nothing."
    elif not good:
        text += " Fix the falsifiers that should have noticed what lives, or waive it by name with a reason."
    first, *rest = wrap(f"{word}  {text}", width, 0, 2)
    yield first.replace(word, click.style(word, fg="green" if good else "red", bold=True), 1)
    yield from rest


def explained(done: Sequence[Any], fault: str, width: int) -> list[str]:
    """One fault in every contract that has it: what is wrong, who kills it after how many cases, or why it lives."""
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
    said = record["faults"][fault]
    yield from wrap(f"{part.program.id}: {fault} ({said['kind']})", width, 0, 2)
    yield from wrap(said["story"], width, 2, 4)
    for entry in record["lives"]:
        if entry["fault"] == fault:
            yield from wrap(f"{entry['fate']}: {entry['reason']}", width, 2, 4)
    for name, line in record["falsifiers"].items():
        if fault in line["kills"]:
            yield f"  killed by {name} after {counted(line['kills'][fault], 'case')}"
        elif fault in line.get("checks", {}):
            after = counted(line["checks"][fault], "case")
            yield f"  noticed under {name} after {after}, by the checks that every result goes through"
    if said["kind"] != "saboteur" and part.program.has_reference:
        subject = shlex.quote(f"reference:{part.program.id}/{fault}")
        yield f"  try it: harness run --subject {subject} {part.program.contract.path}"


def stale_records(found: Sequence[tuple[Any, str]], width: int) -> list[str]:
    """Which kill records are out of date, and what to do."""
    bad = [(program, why) for program, why in found if why]
    lines = [line for program, why in bad for line in wrap(f"{program.contract.path}: {why}", width, 0, 2)]
    if bad:
        todo = "run `harness teeth` and commit what it writes beside the contracts."
        return [*lines, *wrap(f"STALE  {len(bad)} of {counted(len(found), 'kill record')}: {todo}", width, 0, 2)]
    return [f"CURRENT  {counted(len(found), 'kill record')}, all up to date"]
