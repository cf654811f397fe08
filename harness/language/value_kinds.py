"""The kinds of values that an input is drawn from, from simplest to nastiest: cases shrink in this order.

One entry each. Which of them a number format draws is said in `dtypes.py`; how NumPy makes them is in
`harness/search/arrays.py`, and a test names a kind that is not made there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ValueKind:
    """One kind, and what it is for the manual: of real numbers, of block formats, of integers ("": not drawn there).

    `on_request`: drawn only where a falsifier or an input asks for it by name. `single`: there is one such array
    alone, so nothing more is drawn. `thinned`: of a real vector, all but a few entries may be set to zero. `scaled`:
    real numbers are drawn times one of a few powers of two.
    """

    name: str
    real: str = ""
    blocks: str = ""
    integers: str = ""
    on_request: bool = False
    single: bool = False
    thinned: bool = True
    scaled: bool = True


_KINDS = (
    ValueKind("zeros", "zeros", "zero bytes", "zeros", single=True, thinned=False),
    ValueKind("one_hot", "one entry of each row is 1", "all blocks alike but for one bit", thinned=False),
    ValueKind("integers", "-3 to 3", "random bits, scales a power of two"),
    ValueKind("normal", "normally distributed", "random bits, scales of usual size"),
    ValueKind("heavy", "Cauchy, clipped at a million", "scales over nine powers of two"),
    ValueKind("repeated", "two different rows: ties", "two different rows"),
    ValueKind("offset", "normal, about a mean of 100 to 1000 of either sign", thinned=False),
    ValueKind("saturating", "normal times 64: exp overflows and underflows", thinned=False, scaled=False),
    ValueKind("large", "normal times 2**20", "scales near the end of their format, at most that of float16"),
    ValueKind("tiny", "normal times one number from 1e-30 to 1e-12"),
    ValueKind("subnormal", "normal times a sixteenth of the smallest normal number", "the smallest scales there are"),
    ValueKind("positive", "above zero, from 1/8 to 8: scales", on_request=True, thinned=False),
    ValueKind("probabilities", "rows along the last axis are not negative and sum to 1, but for rounding",
              on_request=True, thinned=False, scaled=False),
    ValueKind("sorted", "ascending along the last axis, with ties", on_request=True, thinned=False),
    ValueKind("unit_pairs", "each two along the last axis are cos and sin of an angle; an odd one is 1",
              on_request=True, thinned=False, scaled=False),
    ValueKind("extreme", "near the largest number, all of one sign", on_request=True),
    ValueKind("nonfinite", "one NaN or infinity", "one scale that is not finite", on_request=True, thinned=False),
    ValueKind("small", integers="0 to 3: masks and counts", on_request=True),
    ValueKind("bytes", integers="every bit pattern of the type"),
)  # fmt: skip
VALUE_KINDS = {kind.name: kind for kind in _KINDS}

REAL = tuple(kind.name for kind in _KINDS if kind.real)
BLOCKS = tuple(kind.name for kind in _KINDS if kind.blocks)
INTEGERS = tuple(kind.name for kind in _KINDS if kind.integers)
