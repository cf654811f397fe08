"""How large a contract may be: stated in the manual, refused by name beyond."""

from __future__ import annotations

MOST_ROWS = 100_000  # that the falsifiers of a contract enumerate with `for_each` and `over`, together
LARGEST_CASE = 1 << 30  # bytes of what a case draws and computes (harness/program/footprint.py)
LARGEST_WHOLE = 1 << 26  # the same, of a case whose claim reads rows alone, where shrinking or telling it asks for all
