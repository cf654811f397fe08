"""A run from the order to the report: plan, search, verdict, record."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.report.baseline import compared
from harness.report.events import EventLog
from harness.report.moment import start_of
from harness.report.progress import Progress
from harness.report.provenance import made_of, provenance
from harness.report.record import Record, header, make_record, unplanned
from harness.report.write import prepare, write_report
from harness.run.execute import Event, Searching, Started, execute, one_thread, prepare_plan
from harness.run.plan import Key, Order, Result
from harness.run.work import work
from harness.run.workers import Crew
from harness.search.outcome import Outcome
from harness.subjects.interrupt import Interrupted, user_interrupts
from harness.teeth.earning import recorded_teeth, teeth_for
from harness.teeth.verdict import earned


def run_session(
    order: Order, profile: str, jobs: int, folder: Path, baseline: Mapping[str, Any] | None = None,
    earn_teeth: bool = False,
) -> Record:  # fmt: skip
    """Run the order; leave events.jsonl, report.json and cases/ in the folder; return the record.

    jobs: worker processes. The record is the same for every number, outside its block `run`.
    baseline: an earlier record to compare with. earn_teeth: contracts without a current kill record get one first,
    which is left in the folder too.
    """
    prepare(folder)
    one_thread()
    started, clock = start_of(time.time()), time.monotonic()
    run = {"started": started, "seconds": 0.0, "jobs": jobs, "host": platform.node(), "folder": str(folder),
           "parts": [], "falsifier_seconds": {}}  # fmt: skip
    origin: dict[str, Any] = provenance(order.subject, {}, order.model)
    progress = Progress()
    with EventLog(folder, unplanned(order, profile, origin), run) as log, user_interrupts(), Crew(work, jobs) as crew:
        plan = prepare_plan(order, crew)
        interrupted = False
        try:
            teeth = teeth_for(order, plan, jobs, folder, progress, run) if earn_teeth else recorded_teeth(plan)
        except Interrupted:
            interrupted, teeth = True, recorded_teeth(plan)
        origin["subject"] = made_of(order.subject, plan.files)
        planned = header(order, profile, plan, teeth, origin)
        log.planned(planned)
        progress.planned(plan)
        outcomes: dict[Key, Outcome] = {}
        try:
            for event in () if interrupted else _credited(execute(order, plan, crew), teeth):
                if isinstance(event, Outcome):
                    outcomes[event.contract, event.falsifier] = event
                _tell(event, log, progress)
        except Interrupted:
            interrupted = True
        finally:
            progress.clear()
        log.finished(interrupted)
    run["seconds"] = round(time.monotonic() - clock, 2)
    in_order = {key: outcomes[key] for key in plan.tasks if key in outcomes}
    record = make_record(planned, Result(plan, in_order, interrupted), run)
    if baseline is not None:
        record = compared(record, baseline)
    write_report(record, folder)
    return record


def _credited(events: Iterator[Event], teeth: Mapping[str, Mapping[str, Any]]) -> Iterator[Event]:
    """The events; an outcome counts as survived only where the kill record shows that its falsifier can fail."""
    for event in events:
        yield earned(event, teeth[event.contract]) if isinstance(event, Outcome) else event


def _tell(event: Event, log: EventLog, progress: Progress) -> None:
    """An event for the log of the run, and for the line that a person sees."""
    for listener in (log, progress):
        match event:
            case Started(key):
                listener.begun(key)
            case Searching(key, news):
                listener.news(key, news)
            case Outcome():
                listener.ended(event)
