"""When a run started, by a clock that may have been wrong."""

from __future__ import annotations

from datetime import UTC, datetime

FARTHEST = 10**15  # seconds: a start beyond them is not told


def start_of(clock: float) -> int:
    """What a clock shows, in whole seconds; 0, which is unknown, where it shows nothing that can be a time."""
    return int(clock) if abs(clock) <= FARTHEST else 0


def moment(seconds: int) -> datetime | None:
    """Seconds since 1970 as a date and time; None where it is unknown (0), or outside the years 1 to 9999."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (OverflowError, OSError, ValueError):
        return None
