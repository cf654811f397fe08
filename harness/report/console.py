"""The view for people at a terminal: a line per falsifier, then what went wrong, worst first, then the verdict."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import click

from harness.findings import nearest
from harness.report.argument import argument
from harness.report.wording import WIDTH, counted, shorten, wrap
from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN, SURVIVED, UNDECIDED, VACUOUS, VERDICTS

COLOURS = {FALSIFIED: "red", ERROR: "red", VACUOUS: "yellow", UNDECIDED: "yellow", NOT_RUN: "yellow", SURVIVED: "green"}
TODO = {
    FALSIFIED: "Fix the implementation, or the contract if it is the one that is wrong.",
    ERROR: "The run is not complete: see the errors above.",
    NOT_RUN: "The run is not complete: see above what was not run.",
    VACUOUS: "A falsifier that tries nothing, or has not shown that it can fail, proves nothing: see its reason above.",
    UNDECIDED: "The bound leaves too many cases open: narrow the kinds, or state `undecided` with a reason.",
}
LEGEND = "open: undecided cases; worst: the largest error as a share of its bound (blank: an exact claim)"

Line = Mapping[str, Any]
Record = Mapping[str, Any]


def render(record: Record, folder: str, width: int = WIDTH) -> Iterator[str]:
    """The lines of the view. `folder`: where the record and the stored cases are."""
    yield from table(record, width)
    yield from troubles(record, folder, width)
    yield from absent(record, width)
    yield from summary(record, folder, width)


# --- every falsifier on one line ------------------------------------------------------------------------------------


def table(record: Record, width: int) -> Iterator[str]:
    """Falsifiers by contract: cases tried, cases left open, the worst case or the verdict against."""
    contracts = [contract for contract in record["contracts"] if contract["falsifiers"]]
    widest = max((len(line["id"]) for contract in contracts for line in contract["falsifiers"]), default=0)
    if contracts:
        yield f"{'cases':>{width - 16}}{'open':>6}{'worst':>10}"
    for contract in contracts:
        named = f"{contract['id']} {contract['version']}"
        title = shorten(contract["title"], width - len(named) - 2)
        yield f"{click.style(named, bold=True)}  {title}"
        yield from (one_line(line, widest, width) for line in contract["falsifiers"])
        yield ""
    if contracts:
        yield from wrap(LEGEND, width)
        yield ""


def one_line(line: Line, widest: int, width: int) -> str:
    """One falsifier: what was tried, and how near the bound the worst case came."""
    verdict = line["verdict"]
    space = width - widest - 30
    rule = f"{shorten(line['rule'], space):{space}}"
    cases = f"all {line['cases']}" if line["exhausted"] else str(line["cases"])
    margin = f"{line['margin']:.2g}" if line["margin"] else ""
    last = f"{margin if verdict == SURVIVED else verdict:>10}"
    if verdict != SURVIVED:
        last = click.style(last, fg=COLOURS[verdict], bold=True)
    return f"  {line['id']:{widest}}  {rule}{cases:>10}{line['undecided'] or '':>6}{last}".rstrip()


# --- what went wrong ------------------------------------------------------------------------------------------------


def troubles(record: Record, folder: str, width: int) -> Iterator[str]:
    """Every verdict against, worst first; what several falsifiers have in common is told once."""
    alike: dict[tuple[str, str], list[tuple[str, Line]]] = defaultdict(list)
    for contract in record["contracts"]:
        for line in contract["falsifiers"]:
            if line["verdict"] != SURVIVED:
                # every counterexample is told by itself
                common = line["reason"] if line["counterexample"] is None else f"{contract['id']} {line['id']}"
                alike[line["verdict"], common].append((contract["id"], line))
    for (verdict, reason), lines in sorted(alike.items(), key=lambda item: VERDICTS.index(item[0][0])):
        if len(lines) == 1 and verdict != NOT_RUN:
            yield from details(*lines[0], record, folder, width)
        else:
            yield from headed(verdict, f"{counted(len(lines), 'falsifier')}: {reason}", width)
            yield from wrap(", ".join(line["id"] for _, line in lines), width, 2)
        yield ""


def details(contract: str, line: Line, record: Record, folder: str, width: int) -> Iterator[str]:
    """One verdict against: the broken claim, the minimal case, the first difference, what to do."""
    yield from headed(line["verdict"], f"{line['id']}  {line['rule']}", width)
    yield f"  {line['place']}: {' '.join(line['claim'].split())}"
    example = line["counterexample"]
    if example is None or line["reason"] != example["evidence"]["reason"]:
        yield from wrap(line["reason"], width, 2)
    if example is not None:
        yield from argument(example, width)
        yield from wrap(line["if_fails"], width, 2)
        yield f"  replay: {replay_command(contract, line, record, folder)}"
    if line["cases"] or line["discarded"]:
        yield from wrap(effort(line), width, 2)


def headed(verdict: str, text: str, width: int) -> Iterator[str]:
    """A paragraph that begins with the verdict in capitals."""
    first, *rest = wrap(f"{verdict.upper()}  {text}", width, 0, 2)
    yield first.replace(verdict.upper(), click.style(verdict.upper(), fg=COLOURS[verdict], bold=True), 1)
    yield from rest


def effort(line: Line) -> str:
    """What was tried before the verdict."""
    told = (
        f"found after {counted(line['cases'], 'case')}"
        if line["verdict"] == FALSIFIED
        else counted(line["cases"], "case")
    )
    extras = [f"{line[name]} {name}" for name in ("undecided", "discarded") if line[name]]
    return ", ".join([told, *extras])


def replay_command(contract: str, line: Line, record: Record, folder: str) -> str:
    """What a reader types to see it again."""
    command = f"harness replay {shlex.quote(f'{folder}/{case_file(contract, line)}')}"
    paths = record["paths"]
    if paths != ["contracts"]:
        command += "".join(f" {shlex.quote(path)}" for path in paths)
    subject = record["subject"]["name"]
    return command if subject == "impl.subjects" else f"{command} --subject {shlex.quote(subject)}"


def case_file(contract: str, line: Line) -> str:
    """Where the durable case of a falsifier is kept, below the report folder."""
    return f"cases/{contract}/{line['id']}.json"


# --- what was not tested, and the verdict ---------------------------------------------------------------------------


def absent(record: Record, width: int) -> Iterator[str]:
    """What this run says nothing about."""
    subject = record["subject"]["name"]
    known = [contract["id"] for contract in record["contracts"]]
    for claim in record["unknown_claims"]:
        told = f"{subject} claims {claim!r}, which is no contract here; {nearest(claim, known)}"
        yield from headed(NOT_RUN, told, width)
        yield ""
    if record["not_offered"]:
        yield from wrap(f"not offered by {subject}: {', '.join(record['not_offered'])}", width, 0, 2)
    reasons = Counter((part["contract"], part["obligation"], part["reason"]) for part in record["declined"])
    for (contract, obligation, reason), falsifiers in reasons.items():
        told = f"not offered by {subject}: {obligation} of {contract} ({counted(falsifiers, 'falsifier')}): {reason}"
        yield from wrap(told, width, 0, 2)
    if record["not_applicable"]:
        count = counted(len(record["not_applicable"]), "falsifier")
        yield from wrap(f"not applicable to the model's own weights: {count}, listed in the record", width, 0, 2)
    if record["select"]:
        yield from wrap(f"only what matches {record['select']!r} was selected", width, 0, 2)


def fewest_kills(record: Record, width: int) -> Iterator[str]:
    """What the survivors have shown they can find; the one that has shown least by name."""
    lines = [line for contract in record["contracts"] for line in contract["falsifiers"] if line["verdict"] == SURVIVED]
    shown = sorted((line for line in lines if line.get("kills")), key=lambda line: line["kills"]["count"])
    if shown:
        first, least, most = shown[0]["id"], shown[0]["kills"], shown[-1]["kills"]
        told = f"teeth: every survivor has killed {least['count']} to {most['count']} planted faults; fewest: {first}, "
        yield from wrap(f"{told}{least['count']} of {least['of']} ({', '.join(least['faults'])})", width, 0, 2)


def summary(record: Record, folder: str, width: int) -> Iterator[str]:
    """The report's path, the denominator, and the verdict with what to do."""
    counts = record["counts"]
    tried = [contract["falsifiers"] for contract in record["contracts"] if contract["falsifiers"]]
    cases = sum(line["cases"] for lines in tried for line in lines)
    yield from fewest_kills(record, width)
    yield f"report: {folder}/record.json"
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    denominator = f"{counted(sum(counts.values()), 'falsifier')} of {counted(len(tried), 'contract')}"
    text = f"{record['subject']['name']} against {denominator}, {counted(cases, 'case')}: {told}."
    if not tried:
        text = f"{record['subject']['name']}: nothing was run."
    verdict = record["verdict"]
    yield from headed(verdict, f"{text} {TODO.get(verdict, '')}".rstrip(), width)
