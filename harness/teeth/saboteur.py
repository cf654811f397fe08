"""What a saboteur is: a fault around a whole implementation, where no equation says what the implementation does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.search.subject import Subject


@dataclass(frozen=True)
class Saboteur:
    """One way of going wrong.

    id     stable and readable, e.g. `one-ulp`, `stale-result`; unique among the saboteurs of a program
    story  one sentence for a reader of the matrix
    wrap   the subject, sabotaged. Called once per falsifier: state in it lasts over the cases of that falsifier.
           The wrapped subject must be the same on every run (no clocks, no unseeded randomness), must never change
           what the inner subject keeps, and passes `claims` and `missing` on.
    """

    id: str
    story: str
    wrap: Callable[[Subject], Subject]
