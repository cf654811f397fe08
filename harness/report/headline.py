"""The first line of every view: the verdict, against how much, and what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.report.terminal_text import counted
from harness.search.outcome import ERROR, FALSIFIED, NOT_RUN, SURVIVED, UNDECIDED, VACUOUS

ACTIONS = {
    FALSIFIED: "Fix the implementation, or the contract if it is the one that is wrong.",
    ERROR: "The run is not complete: fix the errors, then run again.",
    NOT_RUN: "The run is not complete: see what was not run.",
    VACUOUS: "A falsifier that tries nothing, or has not shown that it can fail, proves nothing: see its reason.",
    UNDECIDED: "The bound leaves too many cases open: narrow the kinds, or state `undecided` with a reason.",
    SURVIVED: "Nothing to do: no case broke a claim. This is a search, not a proof.",
}
MEANINGS = {
    FALSIFIED: "a case was found on which the claim does not hold",
    ERROR: "the falsifier could not be completed",
    NOT_RUN: "the falsifier never ran",
    VACUOUS: "nothing was tried, or nothing shows that the falsifier can fail",
    UNDECIDED: "the bound leaves more cases open than the contract allows",
    SURVIVED: "the claim held on every case that was judged",
}


def action(record: Mapping[str, Any]) -> str:
    """What a reader does next."""
    if record["interrupted"]:
        return "The run was interrupted: run again; what was not run is listed below."
    return ACTIONS[record["verdict"]]


def denominator(record: Mapping[str, Any]) -> str:
    """How much the verdict stands on: falsifiers, contracts, cases."""
    tried = [contract["falsifiers"] for contract in record["contracts"] if contract["falsifiers"]]
    if not tried:
        return "nothing was run"
    falsifiers = counted(sum(len(lines) for lines in tried), "falsifier")
    cases = sum(line["cases"] for lines in tried for line in lines)
    return f"{falsifiers} of {counted(len(tried), 'contract')}, {counted(cases, 'case')}"


def tally(record: Mapping[str, Any]) -> str:
    """`2 falsified, 71 survived`: each verdict by itself."""
    return ", ".join(f"{count} {verdict}" for verdict, count in record["counts"].items()) or "no verdicts"


def headline(record: Mapping[str, Any]) -> str:
    """Verdict, subject, denominator, action, in one line."""
    told = f"{record['subject']['name']} against {denominator(record)}: {tally(record)}"
    return f"{record['verdict'].upper()}: {told}. {action(record)}"
