"""From a contract's text to a checked program, or findings that point into the file.

Every part has a meaning: names are bound, shapes fit, every input and equation is used, every refusal is
provoked by some claim, and a claim that calls no subject is refused because it could not fail.
"""

from harness.program.check.contract import check, check_all
from harness.program.check.judged_kinds import unjudged_kinds

__all__ = ["check", "check_all", "unjudged_kinds"]
