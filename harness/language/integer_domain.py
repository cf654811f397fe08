"""The integers that a dimension may be: what `min`, `max` and `values` mean, for all who ask.

How an end is evaluated is the caller's: as any expression where cases are drawn, without NumPy in the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from harness.language.syntax import Node, Number, names

Evaluate = Callable[[Node], int]


@dataclass(frozen=True)
class IntegerDomain:
    """The integers from `low` to `high`, both included, and of these only `values` where there are any.

    None: no such end. Ends may be expressions of dimensions declared before.
    """

    low: Node | None = None
    high: Node | None = None
    values: tuple[int, ...] = ()

    def integers(self, evaluate: Evaluate) -> Sequence[int]:
        """All of them, for a domain that has two ends or values: `values` in their order, else a range."""
        if self.values:
            return self.within(self.values, evaluate)
        assert self.low is not None and self.high is not None, "a domain without ends or values has no list"
        return range(evaluate(self.low), evaluate(self.high) + 1)

    def least(self, evaluate: Evaluate) -> int:
        """The first of them."""
        if self.values:
            return min(self.values)
        assert self.low is not None, "a domain without a lower end has no least integer"
        return evaluate(self.low)

    def within(self, declared: Collection[int], evaluate: Evaluate) -> Sequence[int]:
        """Those of `declared` that are in this domain too; what is left of a range is one, unless there are values."""
        low, high = self.ends(evaluate)
        kept = tuple(number for number in self.values if number in declared) if self.values else declared
        if isinstance(kept, range):
            start = kept.start if low is None else max(low, kept.start)
            return range(start, kept.stop if high is None else min(high + 1, kept.stop))
        return tuple(number for number in kept if _between(low, number, high))

    def admits(self, number: int, evaluate: Evaluate) -> bool:
        """Whether it is one of them."""
        low, high = self.ends(evaluate)
        return _between(low, number, high) and (not self.values or number in self.values)

    def ends(self, evaluate: Evaluate) -> tuple[int | None, int | None]:
        """`low` and `high` as numbers."""
        low, high = (None if end is None else evaluate(end) for end in (self.low, self.high))
        return low, high

    def told(self, evaluate: Evaluate) -> str:
        """In words, for messages: `1 to 8`, `one of 2, 4`."""
        low, high = self.ends(evaluate)
        if self.values:
            return f"one of {', '.join(map(str, self.values))}"
        if high is None:
            return f"{low} or more"
        return f"at most {high}" if low is None else f"{low} to {high}"

    def in_a_model(self) -> IntegerDomain:
        """What a model file may fix it to, which may be larger than the cases that are drawn.

        An upper end counts only where it is made of other dimensions; of values, the least is the lower end.
        """
        if self.values:
            return IntegerDomain(low=Number(min(self.values)))
        return IntegerDomain(self.low, self.high if self.high is not None and names(self.high) else None)

    @property
    def reads(self) -> set[str]:
        """The dimensions that its ends are made of."""
        return set().union(*(names(end) for end in (self.low, self.high) if end is not None))


def _between(low: int | None, number: int, high: int | None) -> bool:
    return (low is None or low <= number) and (high is None or number <= high)
