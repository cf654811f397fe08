"""Processes that work on tasks, and survive a task that kills its process or never returns.

A pool of the standard library cannot say which task was running when a process died. Here every process has a pipe of
its own and one task at a time, so the culprit is known and the others go on. A process sends signs of life while it
works; one that is silent for too long is ended.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ctypes import c_char
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from time import monotonic  # taken before any subject is loaded, which may put something else into `time`
from types import TracebackType
from typing import Any

from harness.findings import HandledError
from harness.run.allocation import keep_freed_memory
from harness.run.parent_death import end_with_parent

Work = Callable[[Any], Any]
ANSWER, REFUSED, SIGN = "answer", "refused", "sign"
ROOM = 1024  # bytes of a note
OFTEN = 1.0  # seconds between signs of life
START_UP = 120.0  # seconds at least until the first sign of life: a process is started, a subject imported


class Died(Exception):
    """A task ended its process. `note`: what the task wrote down last."""

    def __init__(self, how: str, note: str = "") -> None:
        super().__init__(how)
        self.note = note


class Silent(Died):
    """A task gave no sign of life for too long; its process was ended."""


class Begun:
    """A process has been given the task."""


@dataclass(frozen=True)
class Sign:
    """A sign of life: whatever the task told."""

    told: Any


class _Desk:
    """Where this process tells of its work; without a pipe, in the leading process, nobody listens."""

    pipe: Connection | None = None
    note: Any = None
    task = 0
    last = 0.0


def sign(told: Callable[[], Any]) -> None:
    """A sign of life, at most one a second; called by work that takes its time. Lets `told` be made only if sent."""
    now = monotonic()
    if _Desk.pipe is not None and now - _Desk.last >= OFTEN:
        _Desk.last = now
        with suppress(OSError):  # the leading process is gone, and this one about to follow
            _Desk.pipe.send((_Desk.task, SIGN, told()))


def write_down(text: str) -> None:
    """What this process is about to try; it is known when the process dies of it."""
    if _Desk.note is not None:
        _Desk.note.value = text.encode("utf-8", "replace")[: ROOM - 1]


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """A process that is started here leaves Ctrl-C to this one from its first moment: it inherits what is blocked."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Worker:
    """One process, started at once."""

    def __init__(self, work: Work) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.note = context.RawArray(c_char, ROOM)
        self.process = context.Process(target=_serve, args=(work, theirs, self.note), daemon=True)
        with _deaf_to_ctrl_c():
            self.process.start()
        theirs.close()  # else the end of the process would not end the pipe
        self.heard, self.alive = monotonic(), False
        self.task = 0  # counted, so that an answer to an earlier one is known

    def give(self, task: Any) -> None:
        self.note.value = b""
        self.heard, self.alive = monotonic(), False
        self.task += 1
        with suppress(OSError):  # it died before: `take` says so
            self.pipe.send((self.task, task))

    def take(self) -> Any:
        """The answer, or a sign of life; Died where neither will come.

        What answers another task than the last one given (a process that the task forked and that went on) is none.
        """
        try:
            number, kind, answer = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join()
            raise Died(_end(self.process.exitcode), self._noted()) from None
        except Exception:  # whatever it is that was written there
            self.process.kill()
            self.process.join()
            raise Died("it wrote into the pipe of its answers", self._noted()) from None
        if number != self.task:
            return Sign(None)
        self.heard, self.alive = monotonic(), True
        if kind == REFUSED:
            raise HandledError(answer)
        return Sign(answer) if kind == SIGN else answer

    def patience(self, limit: float) -> float:
        """Seconds for which the process may go on without a sign of life."""
        allowed = limit if self.alive else max(limit, START_UP)
        return max(0.0, self.heard + allowed - monotonic())

    def silenced(self, limit: float) -> Silent:
        """The end of a process that was silent for too long."""
        self.process.kill()  # what hangs may not heed a milder signal
        allowed = limit if self.alive else max(limit, START_UP)
        return Silent(f"did not return within {allowed:g} s", self._noted())

    def end(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join(1)
        self.process.kill()
        self.process.join()

    def _noted(self) -> str:
        return bytes(self.note.value).decode("utf-8", "replace")


def _one_group(_task: Any) -> Hashable:
    return None


class _Waiting:
    """Tasks that wait. A worker stays with one group, whose tasks share what they compute, as long as it has tasks."""

    def __init__(self, tasks: Sequence[Any], group: Callable[[Any], Hashable]) -> None:
        self.groups: dict[Hashable, deque[Any]] = {}
        for task in tasks:
            self.groups.setdefault(group(task), deque()).append(task)
        self.taken: dict[Worker, Hashable] = {}  # the group that a worker is at

    def __bool__(self) -> bool:
        return bool(self.groups)

    def take(self, worker: Worker) -> Any:
        """The next task of the worker's group, else of one that nobody is at, else of the one with most tasks left."""
        own = self.taken.get(worker)
        if own is None or own not in self.groups:
            free = [name for name in self.groups if name not in self.taken.values()]
            own = free[0] if free else max(self.groups, key=lambda name: len(self.groups[name]))
            self.taken[worker] = own
        task = self.groups[own].popleft()
        if not self.groups[own]:
            del self.groups[own]
        return task


class Crew:
    """Up to `jobs` processes doing the same kind of work."""

    def __init__(self, work: Work, jobs: int) -> None:
        self.work, self.jobs = work, jobs
        self.workers = [Worker(work)]

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self.workers:
            worker.end()

    def ask(self, task: Any, limit: float | None = None) -> Any:
        """The answer to one task."""
        (worker,) = self.workers[:1]
        worker.give(task)
        while True:
            if limit is not None and not worker.pipe.poll(worker.patience(limit)):
                raise worker.silenced(limit)
            answer = worker.take()
            if not isinstance(answer, Sign):
                return answer

    def spread(
        self, tasks: Sequence[Any], limit: float | None = None, group: Callable[[Any], Hashable] = _one_group
    ) -> Iterator[tuple[Any, Any]]:
        """Every task with Begun, its signs of life, and its answer or Died, as they come.

        limit: seconds without a sign of life after which a task is given up. group: tasks of one group are given to
        one worker while others have work of their own; groups begin in the order of their first tasks.
        """
        waiting = _Waiting(tasks, group)
        busy: dict[Any, tuple[Worker, Any]] = {}  # by pipe
        while len(self.workers) < min(self.jobs, len(tasks)):
            self.workers.append(Worker(self.work))
        idle = list(self.workers)
        while waiting or busy:
            while waiting and idle:
                worker = idle.pop()
                task = waiting.take(worker)
                worker.give(task)
                busy[worker.pipe] = (worker, task)
                yield task, Begun()
            patience = None if limit is None else min(worker.patience(limit) for worker, _ in busy.values())
            ready = wait(list(busy), patience)
            late = [pipe for pipe, (worker, _) in busy.items() if limit is not None and not worker.patience(limit)]
            for pipe in ready or late:
                worker, task = busy[pipe]
                try:
                    if not ready and limit is not None:
                        raise worker.silenced(limit)
                    answer = worker.take()
                except Died as died:
                    answer = died
                    self.workers.remove(worker)
                    worker.end()
                    worker = Worker(self.work)
                    self.workers.append(worker)
                if not isinstance(answer, Sign):
                    del busy[pipe]
                    idle.append(worker)
                yield task, answer


def _serve(work: Work, pipe: Connection, note: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    end_with_parent()
    sys.dont_write_bytecode = True  # a run leaves nothing beside the subject's files
    # Processes side by side share the cores. Threads of OpenMP wait for each other by spinning, which then takes the
    # time of the one waited for: 14 s instead of 46 for a contract on threads. Read when OpenMP is loaded, later.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    keep_freed_memory()
    with suppress(OSError):  # what a subject prints is not part of the report
        os.dup2(2, 1)
    _Desk.pipe, _Desk.note = pipe, note
    while True:
        try:
            _Desk.task, task = pipe.recv()
        except (EOFError, OSError):
            return
        _Desk.last = 0.0
        try:
            answer = (_Desk.task, ANSWER, work(task))
        except HandledError as error:
            answer = (_Desk.task, REFUSED, str(error))
        with suppress(OSError):  # nobody is left who would want it, or the task closed the pipe
            pipe.send(answer)


def _end(code: int | None) -> str:
    """How a process ended."""
    if code is not None and code < 0:
        try:
            return f"killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"killed by signal {-code}"
    return f"exit code {code}"
