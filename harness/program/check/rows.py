"""How many rows falsifiers enumerate: each is run, so there is an end to them."""

from __future__ import annotations

import math

from harness.contract.model import Falsifier
from harness.program.check.checker import At, Checker
from harness.program.limits import MOST_ROWS


def enumerable(checker: Checker, falsifier: Falsifier, at: At) -> bool:
    """Whether the rows of a falsifier, and of those before it, stay within the limit; if not, that is said."""
    tables = checker.contract.tables
    counts = [*map(len, falsifier.for_each.values()), *(len(tables[name].rows) for name in falsifier.over)]
    rows = math.prod(counts) if counts else 0
    checker.rows += rows
    if checker.rows <= MOST_ROWS:
        return True
    before = checker.rows - rows
    place = at("for_each") if falsifier.for_each else at("over")
    got = f"{' x '.join(map(str, counts))} = {rows}" + (f", and {before} of falsifiers before it" if before else "")
    message = f"{falsifier.id}: too many rows to enumerate"
    checker.say(place, message, f"at most {MOST_ROWS} in a contract", got, "draw some of them as dimensions")
    checker.rows = before  # the next is held against the limit by itself
    return False
