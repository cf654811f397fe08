"""Wrong results that a comparison is asked about, by name. Light: the report is made without NumPy."""

from __future__ import annotations

ZEROS = "all zeros"
MOVED = "moved on by one element"
LOST = "without its last element"
DOUBLED = "with the last element but one in the place of the last"
FOREIGN = "that of another case"
SCALED = "1 % too large"  # the only one that a sound bound may admit
