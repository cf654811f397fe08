"""What the letters of an einsum say: which axes go together, which are summed, and in which order the others stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from harness.language.types import Mismatch

WRITTEN = 'einsum("bqd,bkd->bqk", q, k)'
_SPELLED = re.compile(r"([a-zA-Z]*),([a-zA-Z]*)->([a-zA-Z]*)")


@dataclass(frozen=True)
class Contraction:
    """The axes of two operands and of the result, a letter each.

    together: in both operands and in the result. summed: in both operands alone. first, second: in one operand and in
    the result. Each in the order of the operand that has it, `together` in that of the result.
    """

    left: str
    right: str
    result: str

    @property
    def together(self) -> str:
        return "".join(letter for letter in self.result if letter in self.left and letter in self.right)

    @property
    def summed(self) -> str:
        return "".join(letter for letter in self.left if letter in self.right and letter not in self.result)

    @property
    def first(self) -> str:
        return "".join(letter for letter in self.left if letter not in self.right)

    @property
    def second(self) -> str:
        return "".join(letter for letter in self.right if letter not in self.left)


@lru_cache(256)
def contraction(text: str) -> Contraction:
    """What a text says; Mismatch where it is no contraction of two operands."""
    found = _SPELLED.fullmatch(text.replace(" ", ""))
    if found is None:
        raise Mismatch("einsum needs a letter for each axis of two operands and of the result", WRITTEN, repr(text))
    read = Contraction(*found.groups())
    for part, what in ((read.left, "the first operand"), (read.right, "the second"), (read.result, "the result")):
        twice = [letter for letter in part if part.count(letter) > 1]
        if twice:
            raise Mismatch(f"einsum names two axes of {what} {twice[0]!r}", "another letter for each axis", repr(text))
    unknown = [letter for letter in read.result if letter not in read.left + read.right]
    if unknown:
        raise Mismatch(f"einsum: no operand has the axis {unknown[0]!r} of the result", got=repr(text))
    alone = [letter for letter in read.first + read.second if letter not in read.result]
    if alone:
        hint = "sum it with sum(x, axis) before"
        raise Mismatch(f"einsum: the axis {alone[0]!r} of one operand is summed alone", got=repr(text), hint=hint)
    return read
