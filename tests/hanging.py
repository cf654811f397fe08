"""Whether hostile input makes the code hang. How fast it is, benchmarks say."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

SECONDS = 10  # of this process's CPU, which other work on the machine does not lengthen


@contextmanager
def no_hang() -> Iterator[None]:
    """What is done inside ends in the time in which hostile input is to be refused."""
    started = time.process_time()
    yield
    assert time.process_time() - started < SECONDS
