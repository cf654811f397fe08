"""One input at a time, watched: what it raises, how long it takes, how much memory it asks for."""

from __future__ import annotations

import resource
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from benchmarks.fuzz.kinds import Kind

MOST_SECONDS = 10.0
MOST_BYTES = 1 << 30  # beyond what the process has before the first input


class TooLong(BaseException):
    """An input is not done after MOST_SECONDS."""


@dataclass(frozen=True)
class Ended:
    """What became of an input. `signature`: "" if it was read or refused, else what and where, the same for alike."""

    refused: bool
    seconds: float
    signature: str = ""
    told: str = ""


def limit_memory() -> None:
    """An input that asks for more than MOST_BYTES gets a MemoryError, which is a finding."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    size = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MOST_BYTES, resource.RLIM_INFINITY))


def tried(kind: Kind, data: bytes) -> Ended:
    """One input through its reader."""
    started = time.perf_counter()
    try:
        with _watched():
            kind.read(data)
    except kind.refusals as error:
        spent = time.perf_counter() - started
        if "out of memory" in str(error):
            return Ended(True, spent, f"out of memory: {str(error)[:60]}", str(error))
        if "\n" in str(error) and not hasattr(error, "findings"):
            return Ended(True, spent, f"more than a line: {type(error).__name__}", str(error))
        return Ended(True, spent)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        spent = time.perf_counter() - started
        return Ended(False, spent, f"{type(error).__name__} {_where(error)}", traceback.format_exc())
    return Ended(False, time.perf_counter() - started)


def _where(error: BaseException) -> str:
    """The innermost place in the project."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/harness/" in frame.filename or "/impl/" in frame.filename]
    return f"{own[-1].filename.rpartition('/')[2]}:{own[-1].lineno}" if own else "?"


@contextmanager
def _watched() -> Iterator[None]:
    def late(_number: int, _frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
