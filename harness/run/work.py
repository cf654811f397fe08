"""What a worker process does: ask the subject what it offers, or run one falsifier."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from typing import Any

from harness.findings import HandledError
from harness.printable import printable
from harness.program.collection import load
from harness.program.model import Program
from harness.run.plan import News, Offer, Order, bound, changed
from harness.run.workers import sign, write_down
from harness.search.outcome import ERROR, Outcome, Tally


def work(task: Any) -> Any:
    """An order alone asks for the subject's offer; (order, contract, falsifier) for the outcome of that falsifier."""
    return survey(task) if isinstance(task, Order) else run_one(*task)


def survey(order: Order) -> Offer:
    """What the subject offers of every contract; a fault to be planted must be declared by one of them."""
    from harness.subjects.declines import declines_of
    from harness.subjects.planting import check_fault
    from harness.subjects.source_files import subject_files

    programs, subject = _loaded(replace(order, select=""))
    kind, _, fault = order.subject.partition(":")
    claims, files = subject.claims(), {}
    if kind == "reference":
        check_fault(fault, list(programs.values()))
        claims = tuple(name for name, program in programs.items() if program.has_reference)
    else:
        files = subject_files(kind)
        if subject.surroundings.flushes():
            told = f"note: {printable(order.subject, 120)} sets the processor to take subnormal numbers for zero"
            print(f"{told} (-ffast-math?); its calls run so, the judge does not", file=sys.stderr, flush=True)
    subject.errors()  # a mistake in them is told once, before anything runs
    missing = {name: tuple(subject.missing(part)) for name, part in programs.items()}
    return Offer(claims, missing, declines_of(subject, programs.values()), files)


def run_one(order: Order, contract: str, falsifier: str) -> Outcome:
    """One falsifier, in whatever process this is."""
    from harness.search.engine import broken_by
    from harness.subjects.surroundings import judging

    different = _different(order)
    if different:
        return Outcome(contract, falsifier, ERROR, different, wanted=order.cases)
    try:
        with judging():
            search = search_for(order, contract, falsifier)
            search.before_trial = _before_trial
            outcome: Outcome = search.run()
    except HandledError:
        raise
    except Exception as error:
        return Outcome(contract, falsifier, ERROR, broken_by(error), wanted=order.cases)
    return outcome


def _before_trial(case: Any, tally: Tally) -> None:
    """Tell the leading process which case is tried, in case it is the last one, and that the search goes on."""
    write_down(case.recipe)
    sign(lambda: News(tally.cases, tally.margin))


def search_for(order: Order, contract: str, falsifier: str) -> Any:
    """The search of one falsifier, ready to run."""
    from harness.search.engine import Search
    from harness.subjects.declines import declines_of, without_declined_rows

    order = replace(order, select="", pinned=None)
    programs, subject = _loaded(order)
    whole = next(part for part in programs[contract].falsifiers if part.source.id == falsifier)
    chosen = without_declined_rows(declines_of(subject, programs.values()), programs[contract], whole)
    fixed, layers = bound(order, contract) if order.model else ({}, ())
    return Search(programs[contract], chosen, subject, order.cases, fixed, layers)


@cache
def _different(order: Order) -> str:
    """Why this process would not try what the run was planned with, or ""; asked once in each process."""
    if order.pinned is None:
        return ""
    from harness.subjects.source_files import subject_files

    kind = order.subject.partition(":")[0]
    try:
        _loaded(replace(order, select="", pinned=None))
        path = changed(order, {} if kind == "reference" else subject_files(kind))
    except (HandledError, OSError) as error:
        return f"cannot be loaded again as it was planned: {printable(str(error))}"
    return f"{printable(path, 200)} changed after the run was planned: run again" if path else ""


@cache
def _loaded(order: Order) -> tuple[dict[str, Program], Any]:
    from harness.subjects.subject import load_subject

    return {program.id: program for program in load(order.contracts)}, load_subject(order.subject)
