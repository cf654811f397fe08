"""The kinds of values that an input is drawn from, from simplest to nastiest: cases shrink in this order.

One entry each. Which of them a number format draws is said in `dtypes.py`; how NumPy makes them is in
`harness/search/arrays.py` and `ranged_integers.py`, and a test names a kind that is not made there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ValueKind:
    """One kind, and what it is for the manual: of real numbers, of block formats, of integers ("": not drawn there).

    `ranged`: of integers with a range, which have kinds of their own.
    `on_request`: drawn only where a falsifier or an input asks for it by name. `single`: there is one such array
    alone, so nothing more is drawn. `thinned`: of a real vector, all but a few entries may be set to zero. `scaled`:
    real numbers are drawn times one of a few powers of two.
    """

    name: str
    real: str = ""
    blocks: str = ""
    integers: str = ""
    ranged: str = ""
    on_request: bool = False
    single: bool = False
    thinned: bool = True
    scaled: bool = True


PERMUTATION = "permutation"
PROMISES = ("sorted", "distinct", PERMUTATION, "offsets")  # kinds of integers that promise something of a whole row

_KINDS = (
    ValueKind("zeros", "zeros", "zero bytes", "zeros", single=True, thinned=False),
    ValueKind("lowest", ranged="the low end of the range everywhere", single=True, thinned=False),
    ValueKind("equal", ranged="one number everywhere, often the high end"),
    ValueKind("one_hot", "one entry of each row is 1", "all blocks alike but for one bit", thinned=False),
    ValueKind("integers", "-3 to 3", "random bits, scales a power of two"),
    ValueKind("normal", "normally distributed", "random bits, scales of usual size"),
    ValueKind("heavy", "Cauchy, clipped at a million", "scales over nine powers of two"),
    ValueKind("repeated", "two different rows: ties", "two different rows", ranged="two numbers, mixed"),
    ValueKind("ends", ranged="the two ends of the range, mixed"),
    ValueKind("uniform", ranged="any numbers of the range; now and then ascending, or with both ends among them"),
    ValueKind("offset", "normal, about a mean of 100 to 1000 of either sign", thinned=False),
    ValueKind("saturating", "normal times 64: exp overflows and underflows", thinned=False, scaled=False),
    ValueKind("large", "normal times 2**20", "scales near the end of their format, at most that of float16"),
    ValueKind("tiny", "normal times one number from 1e-30 to 1e-12"),
    ValueKind("subnormal", "normal times a sixteenth of the smallest normal number", "the smallest scales there are"),
    ValueKind("positive", "above zero, from 1/64 to 64: scales", on_request=True, thinned=False),
    ValueKind("probabilities", "rows along the last axis are not negative and sum to 1, but for rounding",
              on_request=True, thinned=False, scaled=False),
    ValueKind("sorted", "ascending along the last axis, with ties", ranged="ascending along the last axis, with ties",
              on_request=True, thinned=False),
    ValueKind("unit_pairs", "each two along the last axis are cos and sin of an angle; an odd one is 1",
              on_request=True, thinned=False, scaled=False),
    ValueKind("extreme", "near the largest number, all of one sign", on_request=True),
    ValueKind("nonfinite", "one NaN or infinity", "one scale that is not finite", on_request=True, thinned=False),
    ValueKind("small", integers="0 to 3: masks and counts", on_request=True),
    ValueKind("bytes", integers="every bit pattern of the type"),
    ValueKind("distinct", ranged="no number twice along the last axis", on_request=True),
    ValueKind(PERMUTATION, ranged="0 to n - 1 along a last axis of n, each once; it needs no range", on_request=True),
    ValueKind("offsets", ranged="ascending along the last axis from 0 to the high end: packed rows", on_request=True),
)  # fmt: skip
VALUE_KINDS = {kind.name: kind for kind in _KINDS}

REAL = tuple(kind.name for kind in _KINDS if kind.real)
BLOCKS = tuple(kind.name for kind in _KINDS if kind.blocks)
INTEGERS = tuple(kind.name for kind in _KINDS if kind.integers)
RANGED = tuple(kind.name for kind in _KINDS if kind.ranged)


def is_ranged(has_range: bool, kinds: tuple[str, ...]) -> bool:
    """Whether integers are drawn from a range: one that is declared, or that of permutations."""
    return has_range or kinds == (PERMUTATION,)
