"""What a worker process does: ask the subject what it offers, or run one falsifier."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from harness.findings import HandledError
from harness.program.collection import load
from harness.program.model import Program
from harness.run.plan import News, Offer, Order, bound
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
    subject.errors()  # a mistake in them is told once, before anything runs
    missing = {name: tuple(subject.missing(part)) for name, part in programs.items()}
    return Offer(claims, missing, declines_of(subject, programs.values()), files)


def run_one(order: Order, contract: str, falsifier: str) -> Outcome:
    """One falsifier, in whatever process this is."""
    from harness.search.engine import broken_by

    try:
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

    order = replace(order, select="")
    programs, subject = _loaded(order)
    whole = next(part for part in programs[contract].falsifiers if part.source.id == falsifier)
    chosen = without_declined_rows(declines_of(subject, programs.values()), programs[contract], whole)
    fixed, layers = bound(order, contract) if order.model else ({}, ())
    return Search(programs[contract], chosen, subject, order.cases, fixed, layers)


@cache
def _loaded(order: Order) -> tuple[dict[str, Program], Any]:
    from harness.subjects.subject import load_subject

    return {program.id: program for program in load(order.contracts)}, load_subject(order.subject)
