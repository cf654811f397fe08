"""An expression of a contract: its text, and where each character of it was written."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.contract.node import YamlNode
from harness.findings import Place


@dataclass(frozen=True)
class Placed:
    """A part of a contract that knows where it stands. Places take no part in equality."""

    place: Place = field(kw_only=True, compare=False, repr=False)


@dataclass(frozen=True)
class Source:
    """An expression as written; an integer in an expression's position is its decimal text."""

    text: str
    node: YamlNode = field(compare=False, repr=False)

    @property
    def place(self) -> Place:
        """Where the expression begins."""
        return self.node.place

    def place_at(self, offset: int) -> Place:
        """Where the character `text[offset]` was written, so that errors point at a sub-expression."""
        return self.node.place_at(offset)
