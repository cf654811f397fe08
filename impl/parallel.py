"""Splitting a range among threads.

Kernels release the GIL, so ordinary threads run them side by side. A thread pool rather than Numba's own
layers: it needs no OpenMP, starts with the first parallel call, and is simply started anew in a forked child.
What a range computes must not depend on where the range begins or ends; then no thread count can change a
result.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache

from impl.errors import InvalidShape


def for_ranges(count: int, threads: int, task: Callable[[int, int], None]) -> None:
    """Call ``task(first, last)`` on at most ``threads`` ranges that together cover 0..count - 1.

    The caller's thread takes the last range. All ranges are finished before an error is raised, and of
    several errors that of the lowest range comes out. ``task`` must not call ``for_ranges`` with more than
    one thread.
    """
    if threads < 1:
        raise InvalidShape(f"threads must be at least 1, got {threads}")
    parts = min(threads, count)
    if parts <= 1:
        task(0, count)
        return
    bounds = [count * part // parts for part in range(parts + 1)]
    others = [_threads().submit(task, bounds[part], bounds[part + 1]) for part in range(parts - 1)]
    try:
        task(bounds[-2], bounds[-1])
    finally:
        wait(others)
        for other in others:
            other.result()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="impl")


if hasattr(os, "register_at_fork"):
    # A forked child inherits the pool object but none of its threads: a task given to it would wait for ever.
    os.register_at_fork(after_in_child=_threads.cache_clear)
