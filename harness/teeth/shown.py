"""What the cases of a contract show of each of its functions, and what is said where that is nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

VARIES = "values that differ"  # in the place of the one value that an argument has everywhere


@dataclass
class Shown:
    """What the cases show of one function.

    `noticed`: a kernel that returns one number everywhere was refused. `given`: by argument that is an array, a tensor,
    a list or a real number, its one value everywhere, or VARIES.
    """

    noticed: bool = False
    given: dict[str, str] = field(default_factory=dict)

    @property
    def varied(self) -> bool:
        """Whether what the function is given differs; of sizes and texts alone it is not asked."""
        return not self.given or VARIES in self.given.values()

    @property
    def complete(self) -> bool:
        """Whether there is nothing left to be seen."""
        return self.noticed and self.varied

    def add(self, other: Shown) -> None:
        """Add what other cases, or another falsifier, show of the same function."""
        self.noticed |= other.noticed
        for name, value in other.given.items():
            self.given[name] = value if self.given.get(name, value) == value else VARIES


def add_shown(shown: dict[str, Shown], more: Mapping[str, Shown]) -> None:
    """Add what other cases, or another falsifier, show, by function."""
    for function, seen in more.items():
        shown.setdefault(function, Shown()).add(seen)


def blind(shown: Mapping[str, Shown]) -> Iterator[str]:
    """By function of which too little was seen, what would pass, in words."""
    for function, seen in shown.items():
        if not seen.varied:
            given = " and ".join(f"{name} = {value}" for name, value in seen.given.items())
            yield (
                f"`{function}` is never given other values than {given}: what it does with others is not shown; let "
                "its inputs take values that matter"
            )
        elif not seen.noticed:
            yield (
                f"a kernel that returns the same number for every input passes as `{function}`: let inputs take values "
                "that matter, and compare results that depend on them"
            )
