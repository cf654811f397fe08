"""Ctrl-C, told apart from a subject that raises KeyboardInterrupt by itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(KeyboardInterrupt):
    """The user's Ctrl-C: never held against a subject."""


@contextmanager
def user_interrupts() -> Iterator[None]:
    """Within, Ctrl-C raises Interrupted. Only the main thread gets signals; elsewhere there is nothing to do."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise Interrupted
