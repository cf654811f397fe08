"""One run from the order to the report: the log while it goes on, the record and the stored cases at its end."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.report.baseline import compared
from harness.report.events import EventLog
from harness.report.progress import Progress
from harness.report.provenance import made_of, provenance
from harness.report.record import Header, Record, header, make_record, unplanned
from harness.report.write import prepare, write_report
from harness.run.execute import execute, one_thread
from harness.run.plan import Order, Result
from harness.run.watch import Watches
from harness.teeth.verdict import by_teeth


def conduct(order: Order, profile: str, jobs: int, folder: Path, baseline: Mapping[str, Any] | None = None) -> Record:
    """Run the order and leave events.jsonl, report.json and cases/ in the folder."""
    prepare(folder)
    one_thread()
    started = time.time()
    run = {"started": int(started), "seconds": 0.0, "jobs": jobs, "host": platform.node(), "folder": str(folder),
           "parts": [], "falsifier_seconds": {}}  # fmt: skip
    origin: dict[str, Any] = provenance(order.subject, {}, order.model)

    def planned(result: Result) -> Header:
        origin["subject"] = made_of(order.subject, result.files)
        return header(order, profile, result, origin)

    progress = Progress()
    with EventLog(folder, unplanned(order, profile, origin), run, planned) as log:
        try:
            result = execute(order, jobs, Watches(log, progress), by_teeth)
        finally:
            progress.clear()
        log.finished(result)
    run["seconds"] = round(time.time() - started, 2)
    record = make_record(order, profile, result, origin, run)
    if baseline is not None:
        record = compared(record, baseline)
    write_report(record, folder)
    return record
