"""The versions that kill records depend on; docs/mutants.md says what makes a record out of date.

Raise a version when the code that decides can give another verdict or another kill than before; leave it otherwise
(a comment, a faster way to the same numbers, another message). `tests/test_deciding_code.py` asks for one of
the two whenever that code has changed.
"""

from __future__ import annotations

LANGUAGE = 4  # what a contract means, which cases are drawn, and how a result is judged
TEETH = 3  # which faults are planted, and what counts as a kill
VERSIONS = {"language": LANGUAGE, "teeth": TEETH}
