"""A case that is not judged."""

from __future__ import annotations


class Undecided(Exception):
    """The bound does not decide a jump (a choice, a comparison), or a value is beyond what is computed."""
