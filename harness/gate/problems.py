"""What stops the gate besides a version that is too small: broken releases, dependencies and waivers."""

from __future__ import annotations

from dataclasses import dataclass

# {id: why it stops the gate}
PROBLEMS = {
    "version-too-small": "The version was raised by less than the changes since the base need.",
    "version-not-raised": "A version that others may have already was edited in place.",
    "version-below": "The declared version is below every version it could be compared with.",
    "first-release": "Nothing is frozen that later edits could be compared with; the first release is an explicit act.",
    "contract-gone": "A released contract is no longer here, and its last release did not say deprecated.",
    "release-edited": "A frozen copy no longer says what its digest says.",
    "release-missing": "A frozen copy that is listed is gone.",
    "release-unlisted": "A frozen copy is in no list, so that nobody knows whether it was released.",
    "dependency-unknown": "A contract depends on one that is not here.",
    "dependency-excludes": "The range of a dependent does not admit the version of what it depends on.",
    "dependency-on-draft": "A draft promises nothing, so a contract that others rely on cannot rest on it.",
    "dependency-cycle": "Contracts that depend on each other in a circle cannot be released one after the other.",
    "waiver-unknown": "A waiver whose key names no contract or no kind waives nothing.",
    "waiver-expired": "The date of a waiver has passed.",
    "waiver-unused": "A waiver that matches no finding hides the next one.",
}


@dataclass(frozen=True)
class Problem:
    """One finding that is no change. `detail` tells problems of one kind and contract apart."""

    id: str
    contract: str
    detail: str
    place: str
    message: str
    hint: str = ""

    def __post_init__(self) -> None:
        assert self.id in PROBLEMS, self.id

    @property
    def key(self) -> str:
        """What a waiver writes."""
        return ":".join(part for part in (self.contract, self.id, self.detail) if part)
