"""One value of a YAML file, with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from harness.contract.align import source_index
from harness.findings import Place

Value: TypeAlias = "dict[str, YamlNode] | list[YamlNode] | str | int | float | bool | None"


@dataclass(frozen=True, eq=False)
class YamlNode:
    """A value and its span; two nodes are never equal, only their `plain()` data can be.

    `place` is where the value begins; `key_place` where its key does, for an entry of a mapping.
    `text` is the source of a scalar exactly as written, and `style` its YAML style: "" for plain,
    "'", '"', "|" or ">".
    """

    value: Value
    place: Place
    key_place: Place | None = None
    text: str = ""
    style: str = ""

    def plain(self) -> Any:
        """The value as ordinary Python data. Recursion is bounded: the loader limits the depth."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def place_at(self, offset: int) -> Place:
        """Where the character `value[offset]` of a string was written; the place itself for anything else."""
        if not isinstance(self.value, str):
            return self.place
        index = source_index(self.value, self.text, self.style, offset)
        lines = self.text.count("\n", 0, index)
        if not lines:
            return Place(self.place.path, self.place.line, self.place.column + index)
        return Place(self.place.path, self.place.line + lines, index - self.text.rfind("\n", 0, index))
