"""Semantic versions, and how large the step from one to another is."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import NamedTuple

_FORM = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")


class Level(IntEnum):
    """What a change asks of the version; the greatest of all changes is what the contract needs."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Version(NamedTuple):
    """x.y.z, ordered as numbers."""

    major: int
    minor: int
    patch: int

    @staticmethod
    def of(text: str) -> Version:
        """The version that a text says; ValueError where it says none."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a version x.y.z")
        return Version(*(int(part) for part in match.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    def raised(self, level: Level) -> Version:
        """The next version after a change of this level. 0.y.z is no exception: what is released is relied on."""
        match level:
            case Level.MAJOR:
                return Version(self.major + 1, 0, 0)
            case Level.MINOR:
                return Version(self.major, self.minor + 1, 0)
            case Level.PATCH:
                return Version(self.major, self.minor, self.patch + 1)
        return self


def step(old: Version, new: Version) -> Level:
    """How large the step is that leads from one version up to another; NONE where it does not lead up."""
    if new <= old:
        return Level.NONE
    if new.major > old.major:
        return Level.MAJOR
    return Level.MINOR if new.minor > old.minor else Level.PATCH
