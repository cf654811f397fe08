"""Judging an error: its class and the numbers in its message, and apart from these the sentence that it says.

Numbers are compared as a collection: each has to be in the message as often as in that of the contract, in any order
and beside any others. "expected 12, got 10" and "10 instead of 12" say the same; which of two numbers is called the
expected one is said by the words around it, so only the sentence can be wrong about that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from harness.judge.claims import Evidence, Judgement, fails

HOLDS = Judgement(True, None, 0.0, 1, 1)
# Digits behind a letter or an underscore belong to a name (q4_k); a minus behind a number is a dash (3-5).
NUMBER = re.compile(r"(?<!\w)-?[0-9]+(?:\.[0-9]+)?")
GROUPED = re.compile(r"(?<!\w)[0-9]{1,3}(?:[,_][0-9]{3})+(?![0-9])")  # 1,024: read both ways


def raises(
    names: Sequence[str], message: str, told: str, error: str, numbers: Sequence[int] = (), part: str = ""
) -> Judgement:
    """An error of this class, with these numbers and this text in its message.

    names: of the class that was raised, its bases, and what the subject says they stand for; told: the error as text.
    """
    expected = error
    if numbers:
        expected += f" with {' and '.join(map(str, numbers))} in its message"
    if part:
        expected += f": ...{part}..."
    if error not in names:
        return fails(Evidence("another error", expected, told))
    if part not in message:
        return fails(Evidence("another message", expected, told))
    if Counter(numbers) - numbers_in(message):
        return fails(Evidence("other numbers in the message", expected, told))
    return HOLDS


def says(message: str, told: str, sentence: str) -> Judgement:
    """A message that contains the sentence, word for word."""
    return HOLDS if sentence in message else fails(Evidence("another message", f"...{sentence}...", told))


def numbers_in(message: str) -> Counter[int]:
    """The integers that a message says in decimal digits, with how often it says each."""
    plain = message.replace("\N{MINUS SIGN}", "-")
    found = Counter(int(part[0]) for part in NUMBER.finditer(plain) if "." not in part[0])
    return found + Counter(int(re.sub("[,_]", "", part[0])) for part in GROUPED.finditer(plain))
