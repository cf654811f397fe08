"""Whether a saboteur changes anything: what it returns or raises is compared with what the working subject did.

Where results are so that a saboteur leaves them as they are (the last entry of a lower triangle is not written: it is
zero anyway), no claim can notice it, and none has to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.program.model import Program
from harness.subjects.interrupt import Interrupted
from harness.subjects.subject import Subject
from harness.subjects.updates import gathered
from harness.teeth.fault_bench import exact_key
from harness.teeth.wrapped import WrappedSubject


class _Observed(WrappedSubject):
    """The working subject; `last` is how its last call ended."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(subject)
        self.last: object = None

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        try:
            returned = super().call(program, function, arguments, dimensions)
        except Interrupted:
            raise
        except Exception as error:
            self.last = _error_key(error)
            raise
        self.last = _results_key(gathered(program.scope.subjects[function], arguments, returned))
        return returned


class ObservedSaboteur(_Observed):
    """A saboteur around a working subject; `changed`: whether any call so far ended otherwise than the subject's."""

    def __init__(self, wrap: Callable[[Subject], Subject], real: Subject) -> None:
        self.real = _Observed(real)
        self.changed = False
        super().__init__(wrap(self.real))

    def call(
        self, program: Program, function: str, arguments: Mapping[str, Any], dimensions: Mapping[str, int]
    ) -> Mapping[str, Any]:
        try:
            return super().call(program, function, arguments, dimensions)
        finally:
            self.changed = self.changed or self.last != self.real.last


def _error_key(error: Exception) -> object:
    return type(error).__name__, str(error)


def _results_key(returned: Any) -> object:
    """Equal where every bit of every result is."""
    if not isinstance(returned, Mapping):
        return repr(returned)
    return tuple((name, exact_key(value)) for name, value in returned.items())
