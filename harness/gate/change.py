"""One difference between two versions of a contract."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from harness.contract.node import YamlNode
from harness.findings import Place


@dataclass(frozen=True)
class Change:
    """What changed, where it stood and stands, and the two values in short.

    `kind` is an id of changes.yaml, `path` leads to the place in the contract (`equations.weights`). A place is None
    on the side that has nothing there. `shown` is what evaluating both sides has shown, if that was asked.
    """

    kind: str
    path: str
    old_place: Place | None = None
    new_place: Place | None = None
    old: str = ""
    new: str = ""
    shown: str = ""
    cases: int = 0

    @property
    def fingerprint(self) -> str:
        """The same for the same edit wherever it stands in its file, another for another edit."""
        said = "\0".join((self.kind, self.path, self.old, self.new))
        return hashlib.sha256(said.encode()).hexdigest()[:8]


def value_text(value: object) -> str:
    """A value as one line, in full: what is cut for display is still told apart."""
    if isinstance(value, YamlNode):
        if isinstance(value.value, str) and value.style in ("|", ">"):
            return value_text(value.value.rstrip("\n"))  # the end of the block, and no part of the text
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {value_text(child)}" for key, child in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(value_text(item) for item in value) + "]"
    text = str(value)
    return " ".join(text.split()) if text == text.strip() else repr(text)  # spaces at its ends are part of it
