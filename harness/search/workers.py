"""Processes that work on tasks, and survive a task that kills its process.

A pool of the standard library cannot say which task was running when a process died. Here every process has a pipe of
its own and one task at a time, so the culprit is known and the others go on.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any

from harness.findings import HandledError

Work = Callable[[Any], Any]


class Died(Exception):
    """A task ended its process."""


class Worker:
    """One process, started at once."""

    def __init__(self, work: Work) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(work, theirs), daemon=True)
        self.process.start()
        theirs.close()  # else the end of the process would not end the pipe

    def give(self, task: Any) -> None:
        with suppress(OSError):  # it died before: `take` says so
            self.pipe.send(task)

    def take(self) -> Any:
        """The answer; Died where none will come."""
        try:
            refused, answer = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join()
            raise Died(_end(self.process.exitcode)) from None
        if refused:
            raise HandledError(answer)
        return answer

    def end(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join()


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

    def ask(self, task: Any) -> Any:
        """The answer to one task."""
        self.workers[0].give(task)
        return self.workers[0].take()

    def spread(self, tasks: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
        """Every task with its answer, or with Died, as they come."""
        waiting = deque(tasks)
        busy: dict[Any, tuple[Worker, Any]] = {}  # by pipe
        while len(self.workers) < min(self.jobs, len(tasks)):
            self.workers.append(Worker(self.work))
        idle = list(self.workers)
        while waiting or busy:
            while waiting and idle:
                worker, task = idle.pop(), waiting.popleft()
                worker.give(task)
                busy[worker.pipe] = (worker, task)
            for pipe in wait(list(busy)):
                worker, task = busy.pop(pipe)
                try:
                    answer = worker.take()
                except Died as died:
                    answer = died
                    self.workers.remove(worker)
                    worker.end()
                    worker = Worker(self.work)
                    self.workers.append(worker)
                idle.append(worker)
                yield task, answer


def _serve(work: Work, pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = (False, work(task))
        except HandledError as error:
            answer = (True, str(error))
        pipe.send(answer)


def _end(code: int | None) -> str:
    """How a process ended."""
    if code is not None and code < 0:
        try:
            return f"killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"killed by signal {-code}"
    return f"exit code {code}"
