"""The view for people at a terminal: the verdict, what went wrong, worst first, every falsifier on a line, the gaps."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import click

from harness.findings import nearest
from harness.report.argument import argument
from harness.report.escaping import clean
from harness.report.headline import action, denominator, tally
from harness.report.lines import case_file
from harness.report.ranking import Row, against, ranked
from harness.report.relations import identified
from harness.report.sharpness import sharpness
from harness.report.terminal_text import WIDTH, counted, shorten, wrap
from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN, SURVIVED, UNDECIDED, VACUOUS

COLOURS = {FALSIFIED: "red", ERROR: "red", VACUOUS: "yellow", UNDECIDED: "yellow", NOT_RUN: "yellow", SURVIVED: "green"}
LEGEND = (
    "open: undecided cases; refused: how small an error would have been noticed, as a share of the value, in the "
    "median case (any: the smallest; blank: no numbers are compared); worst: the largest error as a share of its "
    "bound (blank: an exact claim)"
)
FULL = 6  # arguments told in full, each of a cause of its own; the others in a few lines each
BRIEF = 20  # and of these so many
GAPS = 3  # of each kind of gap

Line = Mapping[str, Any]
Cause = tuple[str, ...]
Record = Mapping[str, Any]


def render(record: Record, folder: str, width: int = WIDTH, file: str = "report.json") -> Iterator[str]:
    """The lines of the view. `folder`: where the record and the stored cases are; `file`: what to open of it."""
    record = clean(record)
    place = {fingerprint: number for number, fingerprint in enumerate(record["worst_first"])}
    rows = sorted(ranked(record), key=lambda row: place.get(row.fingerprint, len(place)))
    yield from opening(record, width)
    yield from changes(record, width)
    yield from troubles(record, rows, folder, width)
    yield from table(record, width)
    yield from gaps(record, width)
    yield from closing(record, f"{folder}/{file}", width)


# --- the verdict ----------------------------------------------------------------------------------------------------


def opening(record: Record, width: int) -> Iterator[str]:
    """Verdict and action, then the denominator."""
    part = record["shard"]
    which = f" (part {part['index']} of {part['of']})" if part else ""
    yield from headed(record["verdict"], f"{which.strip()} {action(record)}".strip(), width)
    text = f"{record['subject']['name']} against {denominator(record)}: {tally(record)}"
    yield from wrap(text if record["counts"] else f"{record['subject']['name']}: nothing was run", width, 2)
    yield ""


def closing(record: Record, path: str, width: int) -> Iterator[str]:
    """What the survivors have shown, where the report is, and the verdict again: a terminal shows the last lines."""
    yield from earned_teeth(record, width)
    yield from fewest_kills(record, width)
    yield f"report: {path}"
    told = tally(record) if record["counts"] else "nothing was run"
    yield from headed(record["verdict"], f"{record['subject']['name']}: {told}", width)


def changes(record: Record, width: int) -> Iterator[str]:
    """What is new since the baseline."""
    base = record["baseline"]
    if base is None:
        return
    counts = ", ".join(f"{len(base[name])} {name}" for name in ("new", "known", "changed", "fixed", "gone"))
    yield from wrap(f"since the baseline ({base['subject']}, {base['verdict']}): {counts}", width)
    for name in ("fixed", "gone"):
        if base[name]:
            told = [f"{part['falsifier']}{': ' + part['why'] if part['why'] else ''}" for part in base[name][:BRIEF]]
            more = f", ... {len(base[name]) - BRIEF} more" if len(base[name]) > BRIEF else ""
            yield from wrap(f"{name}: {'; '.join(told)}{more}", width, 2, 4)
    yield ""


# --- what went wrong ------------------------------------------------------------------------------------------------


def troubles(record: Record, rows: list[Row], folder: str, width: int) -> Iterator[str]:
    """Every verdict against, worst first; those with a cause already reported, or late in the list, in a few lines."""
    full = brief = left = 0
    told: set[Cause] = set()
    for group in against(rows):
        row = group[0]
        if len(group) > 1 or row.verdict == NOT_RUN:
            yield from headed(row.verdict, f"{counted(len(group), 'falsifier')}: {row.line['reason']}", width)
            yield from wrap(shorten(", ".join(part.id for part in group), 20 * width), width, 2)
            yield ""
            continue
        cause = cause_of(row)
        if row.line["counterexample"] is not None and (full >= FULL or cause in told):
            brief += 1
            if brief > BRIEF:
                left += 1
                continue
            yield from brief_details(row, record, folder, width)
        else:
            full += row.line["counterexample"] is not None
            yield from details(row, record, folder, width)
        told.add(cause)
        yield ""
    if left:
        yield from wrap(f"and {counted(left, 'more counterexample')}, in the report and below cases/", width)
        yield ""


def cause_of(row: Row) -> Cause:
    """What falsifications have in common: where they differ first; where no equation says so, the functions called."""
    at, contract = row.line["diverges"]["at"], str(row.contract["id"])
    return (contract, at) if at else (contract, "", *row.line["functions"])


def details(row: Row, record: Record, folder: str, width: int) -> Iterator[str]:
    """One verdict against: the broken claim, the minimal case, the steps, the difference, what to do."""
    line, example = row.line, row.line["counterexample"]
    yield from _claim(row, width)
    if example is None or line["reason"] != example["evidence"]["reason"]:
        yield from wrap(line["reason"], width, 2)
    if example is not None:
        yield from argument(example, width)
        yield from others("also fails", line["also_fails"], row.contract["id"], width)
        yield from others("still holds", line["stands"], row.contract["id"], width)
        yield from wrap(f"to do: {line['if_fails']}", width, 2, 4)
        yield f"  replay: {replay_command(row.contract['id'], line, record, folder)}"
    if line["cases"] or line["discarded"]:
        yield from wrap(effort(line), width, 2)


def brief_details(row: Row, record: Record, folder: str, width: int) -> Iterator[str]:
    """A counterexample like one told before: the claim, the difference, the replay."""
    yield from _claim(row, width)
    evidence = row.line["counterexample"]["evidence"]
    at = row.line["diverges"]["at"]
    first = f"; differs first at {at}" if at else ""
    text = f"{evidence['reason']}{first}: expected {evidence['expected']}, got {evidence['got']}"
    yield from wrap(shorten(text, 2 * width), width, 2, 6)
    yield f"  replay: {replay_command(row.contract['id'], row.line, record, folder)}"


def _claim(row: Row, width: int) -> Iterator[str]:
    status = f"[{row.line['status']}] " if row.line["status"] else ""
    yield from headed(row.verdict, f"{status}{row.id}  {row.line['rule']}", width)
    yield f"  {row.line['place']}: {' '.join(row.line['claim'].split())}"


def others(label: str, related: Mapping[str, Any], contract: str, width: int) -> Iterator[str]:
    """Other falsifiers, by id; those of another contract with its name."""
    if related["count"]:
        shown = ", ".join(identified(part, contract) for part in related["shown"][:8])
        more = f", ... {related['count'] - 8} more" if related["count"] > 8 else ""
        yield from wrap(f"{label}: {shown}{more}", width, 2, 4)


def headed(verdict: str, text: str, width: int) -> Iterator[str]:
    """A paragraph that begins with the verdict in capitals."""
    first, *rest = wrap(f"{verdict.upper()}  {text}", width, 0, 2)
    yield first.replace(verdict.upper(), click.style(verdict.upper(), fg=COLOURS[verdict], bold=True), 1)
    yield from rest


def effort(line: Line) -> str:
    """What was tried before the verdict."""
    counts = counted(line["cases"], "case")
    told = f"found after {counts}" if line["verdict"] == FALSIFIED else counts
    extras = [f"{line[name]} {name}" for name in ("distinct", "undecided", "discarded") if line[name]]
    return ", ".join([told, *extras])


def replay_command(contract: str, line: Line, record: Record, folder: str) -> str:
    """What a reader types to see it again."""
    case = line["case"] or case_file(contract, line["id"])
    command = f"harness replay {shlex.quote(f'{folder}/{case}')}"
    paths = record["paths"]
    if paths != ["contracts"]:
        command += "".join(f" {shlex.quote(path)}" for path in paths)
    return f"{command} --subject {shlex.quote(record['subject']['name'])}"


# --- every falsifier on one line ------------------------------------------------------------------------------------


def table(record: Record, width: int) -> Iterator[str]:
    """Falsifiers by contract: cases tried, cases left open, the worst case or the verdict against."""
    contracts = [contract for contract in record["contracts"] if contract["falsifiers"]]
    widest = max((len(line["id"]) for contract in contracts for line in contract["falsifiers"]), default=0)
    if contracts:
        yield f"{'cases':>{width - 25}}{'open':>6}{'refused':>9}{'worst':>10}"
    for contract in contracts:
        named = f"{contract['id']} {contract['version']}"
        title = shorten(contract["title"], width - len(named) - 2)
        yield f"{click.style(named, bold=True)}  {title}"
        yield from (falsifier_line(line, widest, width) for line in contract["falsifiers"])
        yield ""
    if contracts:
        yield from wrap(LEGEND, width)
        yield ""


def falsifier_line(line: Line, widest: int, width: int) -> str:
    """One falsifier: what was tried, how small an error it refuses, and how near the bound the worst case came."""
    verdict = line["verdict"]
    space = max(width - widest - 39, 8)
    rule = f"{shorten(line['rule'], space):{space}}"
    cases = f"all {line['cases']}" if line["exhausted"] else str(line["cases"])
    margin = f"{line['margin']:.2g}" if line["margin"] else ""
    last = f"{margin if verdict == SURVIVED else verdict:>10}"
    if verdict != SURVIVED:
        last = click.style(last, fg=COLOURS[verdict], bold=True)
    return f"  {line['id']:{widest}}  {rule}{cases:>10}{line['undecided'] or '':>6}{sharpness(line):>9}{last}".rstrip()


def earned_teeth(record: Record, width: int) -> Iterator[str]:
    """The contracts whose kill records this run earned, and how long that took."""
    names = [name for name, said in record["teeth"].items() if said["state"] == "earned"]
    if names:
        seconds = record["run"].get("teeth_seconds")
        how = "read from this folder" if seconds is None else f"earned in this run, {seconds:.1f} s"
        yield from wrap(
            f"kill records: of {', '.join(names)} {how}; `harness teeth` keeps them beside the contracts", width, 0, 2
        )


def fewest_kills(record: Record, width: int) -> Iterator[str]:
    """How many planted faults the survivors have killed; the one with the fewest by name."""
    lines = [(contract["id"], line) for contract in record["contracts"] for line in contract["falsifiers"]]
    survivors = [(contract, line) for contract, line in lines if line["verdict"] == SURVIVED and line["kills"]]
    shown = sorted(survivors, key=lambda pair: pair[1]["kills"]["count"])
    if shown:
        (contract, first), least, most = shown[0], shown[0][1]["kills"], shown[-1][1]["kills"]
        alone = len({name for name, _ in lines}) == 1
        first = identified({"contract": contract, "falsifier": first["id"]}, contract if alone else "")
        told = f"teeth: every survivor has killed {least['count']} to {most['count']} planted faults; fewest: {first}, "
        named = f"among them {', '.join(least['faults'])}" if least["faults"] else "mutants of the equations"
        yield from wrap(f"{told}{least['count']} of {least['of']} ({named})", width, 0, 2)


# --- what was not tested --------------------------------------------------------------------------------------------


def gaps(record: Record, width: int) -> Iterator[str]:
    """What this run says nothing about."""
    known = [contract["id"] for contract in record["contracts"]]
    for claim in record["unknown_claims"]:
        told = f"{record['subject']['name']} claims {claim!r}, which is not a contract here; {nearest(claim, known)}"
        yield from headed(NOT_RUN, told, width)
    if record["not_tested"]:
        yield "not tested"
    for gap in record["not_tested"]:
        more = f", ... {gap['count'] - GAPS} more" if gap["count"] > GAPS else ""
        text = f"{gap['what']} ({gap['why']}): {', '.join(gap['shown'][:GAPS])}{more}"
        yield from wrap(text, width, 2, 4)
    if record["not_tested"] or record["unknown_claims"]:
        yield ""
