"""Numbers and choices drawn by Hypothesis: evenly, and the same on every machine and in every process.

Hypothesis does two things that help to test code, but would distort a search that reports how much it tried:

- It mixes integers from 100 upwards that it finds in the source files of loaded modules into the integers it draws.
  Cases would depend on what else was imported: on the subject, on the number of processes. So there are always fewer
  than 100 options to choose from, and larger numbers are drawn in digits.
- It makes up to five of six cases from an earlier one, by copying a part of it over another part that was drawn alike.
  Small dimensions and simple kinds then crowd out the others (measured: 14 of 200 cases in the upper quarter of a
  dimension). So no two parts are drawn alike: each has its own name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]
T = TypeVar("T")
DIGIT = 96


def one_of(draw: Draw, name: str, options: Sequence[T]) -> T:
    """One of the options, drawn for the part called `name`; shrinks to the first."""
    return options[_below(draw, name, len(options))]


def between(draw: Draw, name: str, low: int, high: int) -> int:
    """An integer from low to high, both included, drawn for the part called `name`; shrinks to low."""
    return low + _below(draw, name, high - low + 1)


def _below(draw: Draw, name: str, count: int) -> int:
    """An integer from 0 to count - 1, the higher digits first."""
    if count <= DIGIT:
        digit: int = draw(_digit(name, count))[1]
        return digit
    high = _below(draw, f"{name}, higher", -(-count // DIGIT))
    low: int = draw(_digit(name, min(DIGIT, count - high * DIGIT)))[1]
    return high * DIGIT + low


@lru_cache(4096)
def _digit(name: str, base: int) -> st.SearchStrategy[tuple[str, int]]:
    return st.sampled_from([(name, digit) for digit in range(base)])
