"""What a subject's code may change around itself: the state of the process that the judge depends on, too.

The judge has a state of its own, and what a subject changed is put back after its import and after every call. What
its results may depend on (flush-to-zero, the locale, the folder, ...) it gets again when it is called next, as in a
process of its own. How NumPy and `warnings` treat what is unusual stays the judge's in calls, too.
"""

from __future__ import annotations

import gc
import locale
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.subjects.floating_point import (
    default_floating_point_state,
    floating_point_state,
    set_floating_point_state,
)

try:  # without the enumeration that `signal` looks each handler up in: a third of the time of entering a subject
    from _signal import getsignal as _getsignal  # type: ignore[import-not-found]
except ImportError:
    from signal import getsignal as _getsignal

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGALRM", "SIGVTALRM", "SIGPROF") if hasattr(signal, name)
)
TIMERS = tuple(getattr(signal, name) for name in ("ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF")
               if hasattr(signal, name))  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One piece of state. `own`: the subject gets what it left behind back when it is called next."""

    name: str
    read: Callable[[], Any]
    set: Callable[[Any], object]
    own: bool = True


def _main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _numpy_errors() -> tuple[Any, ...]:
    return (np.geterr(), np.geterrcall(), np.getbufsize())


def _set_numpy_errors(state: tuple[Any, ...]) -> None:
    errors, call, size = state
    np.seterr(**errors)
    np.seterrcall(call)
    np.setbufsize(size)


def _warnings() -> tuple[Any, ...]:
    return (list(warnings.filters), warnings.showwarning)


def _set_warnings(state: tuple[Any, ...]) -> None:
    warnings.filters[:] = state[0]  # type: ignore[index]  # a list, whatever the stubs promise
    warnings.showwarning = state[1]


def _folder() -> str | None:
    with suppress(OSError):
        return os.getcwd()  # noqa: PTH109 - the text is all that is needed, thousands of times
    return None


def _set_folder(folder: str | None) -> None:
    if folder is not None:
        with suppress(OSError):
            os.chdir(folder)


def _streams() -> tuple[Any, ...]:
    return (sys.stdin, sys.stdout, sys.stderr)


def _set_streams(streams: tuple[Any, ...]) -> None:
    sys.stdin, sys.stdout, sys.stderr = streams


def _handlers() -> tuple[Any, ...]:
    return tuple(_getsignal(number) for number in SIGNALS)


def _set_handlers(handlers: tuple[Any, ...]) -> None:
    """Python's handlers; one that was not set from Python (None) cannot be set from it."""
    if _main_thread():
        for number, handler in zip(SIGNALS, handlers, strict=True):
            if handler is not None and _getsignal(number) is not handler:
                signal.signal(number, handler)


def _armed() -> tuple[Any, ...]:
    """The timers that would send a signal, as whether they run: how much time is left changes by itself."""
    return tuple(signal.getitimer(timer)[0] > 0 for timer in TIMERS)


def _disarm(armed: tuple[Any, ...]) -> None:
    for timer, before in zip(TIMERS, armed, strict=True):
        if not before:
            signal.setitimer(timer, 0)


def _tracing() -> tuple[Any, ...]:
    return (sys.gettrace(), sys.getprofile())


def _set_tracing(state: tuple[Any, ...]) -> None:
    sys.settrace(state[0])
    sys.setprofile(state[1])


def _interpreter() -> tuple[Any, ...]:
    return (sys.getrecursionlimit(), sys.get_int_max_str_digits(), gc.isenabled())


def _set_interpreter(state: tuple[Any, ...]) -> None:
    sys.setrecursionlimit(state[0])
    sys.set_int_max_str_digits(state[1])
    (gc.enable if state[2] else gc.disable)()


PARTS = (
    Part("timers", _armed, _disarm, own=False),  # first: none may end in the judge's code
    Part("floating point", floating_point_state, set_floating_point_state),
    Part("numpy errors", _numpy_errors, _set_numpy_errors, own=False),
    Part("numpy printing", np.get_printoptions, lambda options: np.set_printoptions(**options)),
    Part("warnings", _warnings, _set_warnings, own=False),
    Part("locale", lambda: locale.setlocale(locale.LC_ALL), lambda name: locale.setlocale(locale.LC_ALL, name)),
    Part("folder", _folder, _set_folder),
    Part("streams", _streams, _set_streams),
    Part("signal handlers", _handlers, _set_handlers),
    Part("tracing", _tracing, _set_tracing, own=False),
    Part("interpreter", _interpreter, _set_interpreter, own=False),
)


class Surroundings:
    """The state that one subject left behind, apart from the judge's."""

    def __init__(self) -> None:
        self.own: dict[str, Any] = {}  # what differs from the judge's, by the name of its part

    @contextmanager
    def entered(self) -> Iterator[None]:
        """The subject's code runs within; afterwards the judge's state is as it was before."""
        process = os.getpid()
        before = [part.read() for part in PARTS]
        if self.own:
            for part in PARTS:
                if part.name in self.own:
                    part.set(self.own[part.name])
        try:
            yield
        finally:
            if os.getpid() != process:  # the subject forked: this is a second judge, whose answers nobody asked for
                os._exit(0)
            self.own = {}
            for part, state in zip(PARTS, before, strict=True):
                left = part.read()
                if left is not state and _differ(left, state):
                    if part.own:
                        self.own[part.name] = left
                    part.set(state)

    def flushes(self) -> bool:
        """Whether the subject computes with subnormal numbers taken for zero."""
        with self.entered():
            return bool(np.float32(1e-40) * np.float32(1) == 0)


def _differ(left: Any, before: Any) -> bool:
    """Whether a state changed; what cannot be compared is taken to have."""
    try:
        return bool(left != before)
    except Exception:
        return True


@contextmanager
def judging() -> Iterator[None]:
    """Within, the arithmetic is that of a new process, whatever was loaded into this one before."""
    state = floating_point_state()
    default_floating_point_state()
    try:
        with np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"):
            yield
    finally:
        set_floating_point_state(state)
