"""A run in the process that leads it: the plan, and an outcome for every falsifier from worker processes.

The subject is loaded in worker processes only: whatever it does to its process, the leading one reports it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

from harness.findings import HandledError
from harness.printable import printable
from harness.program.collection import load
from harness.run.plan import Key, News, Offer, Order, Plan, check_model, check_selection, make_plan, pinned
from harness.run.workers import Begun, Crew, Died, Sign, Silent
from harness.search.domain import domain_of
from harness.search.outcome import ERROR, Outcome

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Started:
    """A worker process has been given this falsifier."""

    key: Key


@dataclass(frozen=True)
class Searching:
    """How far the search of a falsifier has come; about once a second."""

    key: Key
    news: News


Event = Started | Searching | Outcome


def prepare_plan(order: Order, crew: Crew) -> Plan:
    """Load the contracts, ask the subject what it offers, and say what is to be run.

    Raises HandledError where contracts, selection, model or subject cannot be used.
    """
    programs = load(order.contracts)
    check_selection(order, programs)
    check_model(order)
    return make_plan(order, programs, _offer(order, crew))


def execute(order: Order, plan: Plan, crew: Crew) -> Iterator[Event]:
    """Run what is planned: events as they happen. Each task ends with one Outcome, the same for every number of jobs.

    What needs no run comes first. Ctrl-C ends the iteration with Interrupted.
    """
    yield from plan.decided.values()
    given = replace(order, pinned=pinned(order, plan.files))
    tasks = [(given, *key) for key in plan.tasks if key not in plan.decided]
    drawn_from = domains(plan)
    for (_, *key), answer in crew.spread(tasks, order.timeout, lambda task: drawn_from[task[1:]]):
        contract, falsifier = key
        match answer:
            case Begun():
                yield Started((contract, falsifier))
            case Sign(told=News() as news):
                yield Searching((contract, falsifier), news)
            case Outcome():
                yield answer
            case Died():
                yield _ended((contract, falsifier), answer, order.cases)


def domains(plan: Plan) -> dict[Key, Key]:
    """For each falsifier of the plan's contracts the first one that draws the same cases: they share them."""
    first: dict[tuple[str, str], Key] = {}
    return {
        (program.id, falsifier.source.id): first.setdefault(
            (program.id, domain_of(program, falsifier)), (program.id, falsifier.source.id)
        )
        for program in plan.programs
        for falsifier in program.falsifiers
    }


def one_thread() -> None:
    """One thread for the linear algebra library, unless the user said otherwise: products are small here."""
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")


def _offer(order: Order, crew: Crew) -> Offer:
    try:
        offer: Offer = crew.ask(order, order.timeout)
    except Silent as silent:
        raise HandledError(f"subject {order.subject!r} cannot be imported: it {silent}") from None
    except Died as died:
        raise HandledError(f"subject {order.subject!r} ends the process that imports it ({died})") from None
    return offer


def _ended(key: Key, died: Died, wanted: int) -> Outcome:
    how = f"the subject {died}" if isinstance(died, Silent) else f"the subject ended the process ({died})"
    where = f"; the last case tried: {printable(died.note)}" if died.note else ""
    return Outcome(*key, ERROR, how + where, wanted=wanted)
