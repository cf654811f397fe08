"""Numbers and choices drawn by Hypothesis, the same on every machine and in every process.

Hypothesis mixes constants that it finds in the source files of loaded modules into every integer it draws (choices
from a list included), so the cases would depend on what else was imported: on the subject, on the number of processes.
No such constant lies in the range drawn from here; the offset is taken off again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

OFFSET = 0x51A7_5EED_0000_0000
T = TypeVar("T")


def between(low: int, high: int) -> st.SearchStrategy[int]:
    """An integer from low to high, both included; shrinks to low."""
    return st.integers(OFFSET, OFFSET + high - low).map(lambda drawn: drawn - OFFSET + low)


def one_of(options: Sequence[T]) -> st.SearchStrategy[T]:
    """One of the options; shrinks to the first."""
    return st.integers(OFFSET, OFFSET + len(options) - 1).map(lambda drawn: options[drawn - OFFSET])
