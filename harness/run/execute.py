"""A whole run: contracts, a subject, and an outcome for every falsifier."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from harness.findings import HandledError
from harness.printable import printable
from harness.program.collection import load
from harness.program.model import Program
from harness.run.plan import Key, Offer, Order, Result, bound, check_model, check_selection, plan
from harness.run.watch import News, Watch
from harness.run.workers import Begun, Crew, Died, Sign, Silent, sign, write_down
from harness.search.outcome import ERROR, NOT_RUN, Outcome, Tally
from harness.subjects.interrupt import Interrupted, user_interrupts

__all__ = ["Order", "Result", "execute", "run_one", "search_for", "survey"]

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


Settle = Callable[[Outcome], Outcome]


def as_found(plan: Result) -> Settle:
    """Outcomes count as the search found them."""
    del plan
    return lambda outcome: outcome


def execute(
    order: Order, jobs: int, watch: Watch | None = None, settled: Callable[[Result], Settle] = as_found
) -> Result:
    """Run everything; outcomes are the same for every number of jobs.

    The subject is loaded in worker processes only: whatever it does to its process, this one reports it.
    settled: from the plan, what an outcome counts for (harness/teeth/verdict.py); every outcome goes through it first.
    """
    watch = watch or Watch()
    one_thread()
    with user_interrupts(), Crew(work, jobs) as crew:
        programs = load(order.contracts)
        check_selection(order, programs)
        check_model(order)
        result, tasks, done = plan(order, programs, _offer(order, crew))
        settle = settled(result)
        watch.planned(result)
        for key, outcome in done.items():
            done[key] = settle(outcome)
            watch.ended(done[key], len(tasks))
        try:
            for key, answer in crew.spread([(order, *key) for key in tasks if key not in done], order.timeout):
                match answer:
                    case Begun():
                        watch.begun(key[1:])
                    case Sign(told=News() as news):
                        watch.news(key[1:], news)
                    case _:
                        outcome = answer if isinstance(answer, Outcome) else _ended(key[1:], answer, order.cases)
                        done[key[1:]] = settle(outcome)
                        watch.ended(done[key[1:]], len(tasks))
        except Interrupted:
            result.interrupted = True
    result.outcomes = [done.get(key, Outcome(*key, NOT_RUN, "interrupted", wanted=order.cases)) for key in tasks]
    return result


def one_thread() -> None:
    """One thread for the linear algebra library, unless the user said otherwise: products are small here."""
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")


def work(task: Any) -> Any:
    """What a worker process is asked: an order alone asks for the subject's offer."""
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
    """What is tried is known should it be the last, and that the search goes on."""
    write_down(case.recipe)
    sign(lambda: News(tally.cases, tally.margin))


def search_for(order: Order, contract: str, falsifier: str) -> Any:
    """The search of one falsifier, ready to run."""
    from harness.search.engine import Search

    order = replace(order, select="")
    programs, subject = _loaded(order)
    chosen = next(part for part in programs[contract].falsifiers if part.source.id == falsifier)
    fixed, layers = bound(order, contract) if order.model else ({}, ())
    return Search(programs[contract], chosen, subject, order.cases, fixed, layers)


@cache
def _loaded(order: Order) -> tuple[dict[str, Program], Any]:
    from harness.subjects.subject import load_subject

    return {program.id: program for program in load(order.contracts)}, load_subject(order.subject)


def _offer(order: Order, crew: Crew) -> Offer:
    try:
        offer: Offer = crew.ask(order, order.timeout)
    except Silent as silent:
        raise HandledError(f"subject {order.subject!r} cannot be imported: it {silent}") from None
    except Died as died:
        raise HandledError(f"subject {order.subject!r} ends the process that imports it ({died})") from None
    return offer


def _ended(key: Key, died: Died, wanted: int) -> Outcome:
    told = f"the subject {died}" if isinstance(died, Silent) else f"the subject ended the process ({died})"
    where = f"; the last case tried: {printable(died.note)}" if died.note else ""
    return Outcome(*key, ERROR, told + where, wanted=wanted)
