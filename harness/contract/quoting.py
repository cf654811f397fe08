"""A value as a finding quotes it: one line, short, as a person would write it."""

from __future__ import annotations

from collections.abc import Collection

from harness.contract.node import Value, YamlNode
from harness.findings import nearest

_LONGEST = 60


def shortened(text: str) -> str:
    """The text, cut where it is too long for a line of console output."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def quoted(text: str) -> str:
    """The text in quotes, shortened, with line breaks and the like escaped."""
    return repr(shortened(text))


def in_words(value: Value | YamlNode) -> str:
    """Any value of a contract in words or quoted."""
    if isinstance(value, YamlNode):
        value = value.value
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    return str(value)


def suggestion(word: str, known: Collection[str]) -> str:
    """`nearest`, where finding it takes no time: comparing a word with thousands of others does."""
    return nearest(word, known) if len(word) <= 100 and len(known) <= 200 else ""
