"""How the polynomial of a region is built: what all entries of an array have in common.

exact/region.py says what the letters mean for the bound; docs/bound.md derives it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """The counts of a polynomial written out in full; the default is that of one stored number.

    t      number of terms that are not zero, at most
    m      multiplications per term, at most
    r      those of them that may round: a factor that is a power of two, or zero, rounds nothing
    c      sum over the terms of prod max(1, |factor|): bounds every partial product
    grid   every term is an integer times 2**grid (minus infinity: no such power is known)
    low    every partial product of a term is an integer times 2**low
    pow2   every entry is exactly a power of two, or zero
    wild   some leaf is infinite, not a number, or without a finite bound; c does not count it
    """

    c: float
    grid: float
    low: float
    pow2: bool = False
    wild: bool = False
    t: int = 1
    m: int = 0
    r: int = 0

    @property
    def is_leaf(self) -> bool:
        """Whether it is one stored number per entry."""
        return self.t == 1 and self.m == 0

    def plus(self, other: Form) -> Form:
        """Of a sum, or of a difference."""
        return Form(
            self.c + other.c, min(self.grid, other.grid), min(self.low, other.low), False, self.wild or other.wild,
            self.t + other.t, max(self.m, other.m), max(self.r, other.r),
        )  # fmt: skip

    def times(self, other: Form, n: int = 1) -> Form:
        """Of a product, summed over n entries that are not zero."""
        rounds = not (self.pow2 or other.pow2)
        return Form(
            self.c * other.c * max(1, n), self.grid + other.grid, self.low + other.low,
            self.pow2 and other.pow2 and n <= 1, self.wild or other.wild,
            max(1, self.t * other.t * n), self.m + other.m + 1, self.r + other.r + rounds,
        )  # fmt: skip

    def summed(self, n: int) -> Form:
        """Of the sum over n entries that are not zero."""
        return Form(
            self.c * max(1, n), self.grid, self.low, self.pow2 and n <= 1, self.wild,
            max(1, self.t * n), self.m, self.r,
        )  # fmt: skip

    def beside(self, other: Form) -> Form:
        """Of entries of both in one array."""
        return Form(
            max(self.c, other.c), min(self.grid, other.grid), min(self.low, other.low), self.pow2 and other.pow2,
            self.wild or other.wild, max(self.t, other.t), max(self.m, other.m), max(self.r, other.r),
        )  # fmt: skip
