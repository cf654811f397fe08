"""What the sums of an implementation do: the format they are held in, how long their blocks are, how they are added.

Without a declaration sums are in `compute`, in any order (docs/bound.md, "Accumulators").
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.language.dtypes import Floating

TF32 = Floating(11, -126, (2 - 2.0**-10) * 2.0**127, "infinity")  # operands of tensor cores: no type of stored numbers

TRUNCATE, NEAREST, FLOOR = "truncate", "nearest", "floor"
ROUNDINGS = (TRUNCATE, NEAREST, FLOOR)


@dataclass(frozen=True)
class Adder:
    """An adder that aligns: exact products and the accumulator, as many at once as there are `terms` and one.

    Each is cut to multiples of 2**(E - bits), E the largest exponent among them, and they are added exactly.

    terms      products that are added at once
    bits       fraction bits that are kept at the largest exponent
    rounding   truncate: operands and total are cut towards zero; nearest: operands are cut towards zero, the total is
               rounded to nearest; floor: operands are cut downwards, the total downwards or to nearest
    digits     of the total, and so of the accumulator
    """

    terms: int
    bits: int
    rounding: str
    digits: int

    @property
    def unit(self) -> float:
        """The relative error of rounding a total."""
        return 2.0**-self.digits if self.rounding == NEAREST else 2.0 ** (1 - self.digits)

    @property
    def shrinks(self) -> bool:
        """Whether nothing it does makes a number larger in size, so that no partial sum passes the absolute sum."""
        return self.rounding == TRUNCATE


@dataclass(frozen=True)
class Sums:
    """What sums over an axis do (`sum`, `mean`, `@`, `matvec`, the mean of squares of `rms_norm`).

    accumulator     the numbers that partial sums are held in
    exact_products  whether the product of two stored numbers is added without being rounded before
    cut_operands    whether operands of summed products may be cut, or rounded, to tf32
    blocks          terms of one block; 0: no blocks
    promoted        the numbers that the totals of blocks are summed in
    adder           how tensor cores add the products of one dot product; None: to nearest, one after the other
    """

    accumulator: Floating
    exact_products: bool = False
    cut_operands: bool = False
    blocks: int = 0
    promoted: Floating | None = None
    adder: Adder | None = None
