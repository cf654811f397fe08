"""What stops the gate besides a version that is too small: broken releases, dependencies and waivers."""

from __future__ import annotations

from dataclasses import dataclass

# {id: why it stops the gate}
PROBLEMS = {
    "version-too-small": "The version was raised by less than the changes since the base need.",
    "version-not-raised": "A version that others may already use was edited in place.",
    "version-below": "The declared version is lower than a released one, so something newer was lost.",
    "first-release": "No release is frozen that edits could be compared with. The first release is made explicitly.",
    "contract-gone": "A released contract was removed, and its last release was not deprecated.",
    "release-edited": "A frozen copy no longer has the bytes that were released.",
    "release-missing": "A frozen copy that is listed is missing.",
    "release-unlisted": "A frozen copy is not listed, so it is unknown whether it was released.",
    "release-misfiled": "The contract inside a frozen copy has another id or version than its path says.",
    "release-removed": "A release that the base has is no longer listed. Releases are only ever added.",
    "release-replaced": "A release differs from the release of the same version in the base.",
    "dependency-unknown": "A contract depends on a contract that is missing.",
    "dependency-excludes": "A contract depends on a range of versions that does not include the present one.",
    "dependency-on-draft": "A draft promises nothing, so an active contract cannot depend on it.",
    "dependency-cycle": "Contracts that depend on each other in a circle cannot be released one after the other.",
    "waiver-unknown": "The key of a waiver names an unknown contract or kind, so it waives nothing.",
    "waiver-impossible": "The waiver names a finding that cannot be waived.",
    "waiver-expired": "The date of a waiver has passed.",
    "waiver-unused": "A waiver that matches no finding could hide a later one.",
}

# What no waiver accepts: others rely on a release as it is. A waiver of a change lowers the level that it needs.
FIRM = frozenset({"version-not-raised", "version-below", *(id for id in PROBLEMS if id.startswith("release-"))})


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
