"""The view for people at a terminal: worst first, one line per falsifier, the verdict and what to do at the end."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import click

from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN, SURVIVED, UNDECIDED, VACUOUS, VERDICTS

COLOURS = {FALSIFIED: "red", ERROR: "red", VACUOUS: "yellow", UNDECIDED: "yellow", NOT_RUN: "yellow", SURVIVED: "green"}
TODO = {
    FALSIFIED: "fix the implementation, or the contract if it is the one that is wrong",
    ERROR: "the run is not complete: see the errors above",
    NOT_RUN: "the run is not complete: see above what was not run",
    VACUOUS: "a falsifier that tries nothing proves nothing: widen its `given` or `where`",
    UNDECIDED: "the bound leaves too many cases open: narrow the kinds, or state `undecided` with a reason",
    SURVIVED: "nothing to do",
}
WIDTH = 100


def render(record: Mapping[str, Any], folder: str) -> Iterator[str]:
    """The lines of the view. `folder`: where the record and the stored cases are."""
    lines = [(contract, line) for contract in record["contracts"] for line in contract["falsifiers"]]
    good = [(contract, line) for contract, line in lines if line["verdict"] == SURVIVED]
    bad = [(contract, line) for contract, line in lines if line["verdict"] != SURVIVED]
    for contract in record["contracts"]:
        mine = [line for owner, line in good if owner is contract]
        if mine:
            yield click.style(f"{contract['id']} {contract['version']}", bold=True) + f"  {contract['title']}"
            yield from (one_line(line) for line in mine)
            yield ""
    for _, line in sorted(bad, key=lambda pair: -VERDICTS.index(pair[1]["verdict"])):
        yield from details(line, record, folder)
        yield ""
    if record["not_offered"]:
        yield f"not offered by {record['subject']['name']}: {', '.join(record['not_offered'])}"
    if record["not_applicable"]:
        yield f"not applicable to the model's own weights: {len(record['not_applicable'])} falsifiers (listed in the record)"
    yield from summary(record, folder)


def one_line(line: Mapping[str, Any]) -> str:
    """A survivor: what was tried, and how near the bound the worst case came."""
    effort = f"{line['cases']} cases" + (" (all there are)" if line["exhausted"] else "")
    extras = [f"{line[name]} {name}" for name in ("undecided", "discarded") if line[name]]
    if line["margin"]:
        extras.append(f"worst at {line['margin']:.2g} of the bound")
    told = ", ".join([effort, *extras])
    return f"  {click.style('survived', fg='green')}  {line['id']}  {shorten(line['rule'])}\n            {told}"


def shorten(text: str, width: int = WIDTH - 40) -> str:
    return textwrap.shorten(text, width, placeholder=" ...")


def details(line: Mapping[str, Any], record: Mapping[str, Any], folder: str) -> Iterator[str]:
    """A verdict against: the broken claim, the minimal case, the first difference, what to do."""
    verdict = line["verdict"]
    yield click.style(verdict.upper(), fg=COLOURS[verdict], bold=True) + f"  {line['id']}  {line['rule']}"
    yield f"  {line['place']}: {' '.join(line['claim'].split())}"
    example = line["counterexample"]
    if example is None:
        yield f"  {line['reason']}"
        yield f"  {line['cases']} cases, {line['undecided']} undecided, {line['discarded']} discarded"
        return
    yield from argument(example)
    yield f"  {line['if_fails']}"
    yield f"  found after {line['cases']} cases; replay: {replay_command(line, record, folder)}"


def argument(example: Mapping[str, Any]) -> Iterator[str]:
    """Let ... then ... : the case and where it parts from the contract."""
    numbers = {**example["dimensions"], **example["table"]}
    yield "  Let " + ", ".join(f"{name} = {value}" for name, value in numbers.items())
    for name, part in example["inputs"].items():
        kind = f" ({part['dtype']})" if "format" in part else ""
        yield f"      {name}{kind} = {part['shown']}"
    if example["steps"]:
        yield "  By the equations"
        yield from (f"      {name} = {shown}" for name, shown in example["steps"].items())
    yield from difference(example["evidence"])


def difference(evidence: Mapping[str, Any]) -> Iterator[str]:
    stage = f"stage {evidence['stage']}: " if evidence["stage"] else ""
    place = "" if evidence["index"] is None else f" at {evidence['index']}"
    yield f"  Then {stage}{evidence['reason']}{place}"
    yield f"      expected {evidence['expected']}"
    told = f"      got      {evidence['got']}"
    if evidence["ulps"] is not None:
        told += f"   ({evidence['ulps']:.3g} ulps away)"
    yield told
    if evidence["bound"] is not None:
        yield f"      bound    {evidence['bound']:.3g}; {evidence['wrong']} of {evidence['of']} elements are beyond theirs"
    elif evidence["wrong"]:
        yield f"      {evidence['wrong']} of {evidence['of']} elements differ"


def replay_command(line: Mapping[str, Any], record: Mapping[str, Any], folder: str) -> str:
    command = f"harness replay {shlex.quote(f'{folder}/{case_file(line)}')}"
    subject = record["subject"]["name"]
    return command if subject == "impl.subjects" else f"{command} --subject {shlex.quote(subject)}"


def case_file(line: Mapping[str, Any]) -> str:
    """Where the durable case of a falsifier is kept, below the report folder."""
    return f"cases/{line['id']}.json"


def summary(record: Mapping[str, Any], folder: str) -> Iterator[str]:
    """The denominator, the report's path, and the verdict with what to do."""
    counts = record["counts"]
    total = sum(counts.values())
    cases = sum(line["cases"] for contract in record["contracts"] for line in contract["falsifiers"])
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items()) or "nothing was run"
    contracts = sum(1 for contract in record["contracts"] if contract["falsifiers"])
    yield f"report: {folder}/record.json"
    verdict = record["verdict"]
    headline = "SURVIVED" if verdict == SURVIVED else verdict.upper()
    yield (
        click.style(headline, fg=COLOURS[verdict], bold=True)
        + f": {record['subject']['name']} against {total} falsifiers of {contracts} contracts, {cases} cases: {told}. "
        + (TODO[verdict] if total else "no falsifier matches; see `harness list`")
        + "."
    )
