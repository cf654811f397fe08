"""A case that is not judged."""

from __future__ import annotations


class Undecided(Exception):
    """The bound does not decide a jump (a choice, a comparison), or a value is beyond what is computed.

    `choice`: the choice that is in doubt, if it is one; a claim may be judged for each that the bound admits.
    """

    def __init__(self, reason: str, choice: object = None) -> None:
        super().__init__(reason)
        self.choice = choice
