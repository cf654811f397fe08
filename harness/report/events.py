"""The log of a run: one JSON object per line, written as things happen, so that a run that is killed leaves a report.

The order of events: `started` (who and what), `planned` (the header of the record), then `begun`, `news` and `ended`
for falsifiers, and `finished`. Every line is whole when it is followed by a line break; a torn one at the end is not
looked at.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from harness.findings import HandledError
from harness.printable import printable
from harness.report.lines import found
from harness.report.record import SCHEMA, Record, assemble
from harness.report.write import EVENTS, handled_os_errors, write_case
from harness.run.plan import Key, News
from harness.search.outcome import Outcome
from harness.strict_json import MOST_PARTS, loads, parts

LOG = "contract-harness/events/1"
KILLED = "interrupted: the run was killed; this report is made from its log"
UNPLANNED = "interrupted before anything was planned"
SELDOM = 5.0  # seconds between two news of one falsifier


class EventLog:
    """The writer. Every event is flushed: a killed process loses at most the line that it was writing."""

    def __init__(self, folder: Path, started: Mapping[str, Any], run: Mapping[str, Any]) -> None:
        """`started`: what is known of the record's header before anything is planned."""
        self.folder = folder
        self.clock = time.monotonic()
        self.last_news: dict[Key, float] = {}
        with handled_os_errors(folder / EVENTS):
            self.file = (folder / EVENTS).open("w", encoding="utf-8", errors="backslashreplace")
        self.write("started", log=LOG, schema=SCHEMA, header=started, run=run)

    def __enter__(self) -> EventLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.file.close()
        except OSError:
            if kind is None:  # else it was said already, of the event that could not be written
                raise

    def write(self, event: str, **data: Any) -> None:
        line = json.dumps({"event": event, "at": self.seconds(), **data}, ensure_ascii=False, allow_nan=False)
        with handled_os_errors(self.folder / EVENTS):
            self.file.write(line + "\n")
            self.file.flush()

    def seconds(self) -> float:
        return round(time.monotonic() - self.clock, 3)

    def planned(self, header: Mapping[str, Any]) -> None:
        self.write("planned", header=header)

    def begun(self, key: Key) -> None:
        self.write("begun", contract=key[0], falsifier=key[1])

    def news(self, key: Key, news: News) -> None:
        now = time.monotonic()
        if now - self.last_news.get(key, 0.0) >= SELDOM:
            self.last_news[key] = now
            margin = news.margin if news.margin < float("inf") else None
            self.write("news", contract=key[0], falsifier=key[1], cases=news.cases, margin=margin)

    def ended(self, outcome: Outcome) -> None:
        line = found(outcome)
        with handled_os_errors(self.folder):
            write_case(line, self.folder)
        seconds = round(outcome.seconds, 3)
        self.write("ended", contract=outcome.contract, falsifier=outcome.falsifier, seconds=seconds, line=line)

    def finished(self, interrupted: bool) -> None:
        """The last event."""
        self.write("finished", interruption="interrupted" if interrupted else "")


def read_events(text: str, path: str) -> list[dict[str, Any]]:
    """The events of a log. A last line that is torn is left out; anything else that is damaged is refused."""
    if parts(text) > MOST_PARTS:
        raise HandledError(f"{path}: not the log of a run: more than {MOST_PARTS} values")
    events: list[dict[str, Any]] = []
    *lines, _torn = text.split("\n")  # not splitlines: a text in an event may hold other line breaks
    for number, line in enumerate(lines, 1):
        try:
            event = loads(line)
        except (ValueError, RecursionError) as error:
            raise HandledError(f"{path}:{number}: not an event: {printable(str(error), 120)}") from None
        if not isinstance(event, dict) or not isinstance(event.get("event"), str):
            raise HandledError(f"{path}:{number}: not an event: expected an object with `event`, got {line[:40]!r}")
        events.append(event)
    if not events or events[0].get("log") != LOG:
        log = events[0].get("log") if events else None
        raise HandledError(
            f"{path}: not the log of a run: expected {LOG!r} in its first line, got {printable(repr(log), 80)}"
        )
    return events


def record_from_events(events: list[dict[str, Any]]) -> Record:
    """The record of a run as far as it came. What was begun and not ended is not run: nobody knows its verdict."""
    first = events[0]
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        by_kind.setdefault(event["event"], []).append(event)
    planned, finished = by_kind.get("planned", []), by_kind.get("finished", [])
    interruption = finished[-1]["interruption"] if finished else KILLED if planned else UNPLANNED
    ended = by_kind.get("ended", [])
    lines = {(event["contract"], event["falsifier"]): event["line"] for event in ended}
    seconds = {f"{event['contract']} {event['falsifier']}": event["seconds"] for event in ended}
    run = {**first["run"], "seconds": events[-1]["at"], "falsifier_seconds": seconds}
    header = planned[-1]["header"] if planned else first["header"]
    return assemble(header, lines, run, interruption, dict(_unfinished(by_kind)))


def _unfinished(by_kind: Mapping[str, list[dict[str, Any]]]) -> Iterator[tuple[Key, str]]:
    last = {(event["contract"], event["falsifier"]): event["cases"] for event in by_kind.get("news", ())}
    for event in by_kind.get("begun", ()):
        key = (event["contract"], event["falsifier"])
        yield key, f"interrupted while it was running, after {last.get(key, 0)} cases or more"
