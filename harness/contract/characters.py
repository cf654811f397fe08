"""Which characters a contract may contain, and the place of a position in its text."""

from __future__ import annotations

import re

from harness.findings import Finding, Place, Refused

# One line break only ("\n", or "\r\n"): with the others an editor, a terminal and the YAML parser would
# count lines differently. Bidirectional controls are refused because they make text read differently
# from what it says; surrogates and non-characters because no parser agrees on them.
_BIDI = "\u202a-\u202e\u2066-\u2069"
_REFUSED = re.compile(
    rf"\t|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff{_BIDI}]"
)
_REFUSED_VALUE = re.compile(rf"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff{_BIDI}]")

_SAID: dict[str, tuple[str, str]] = {
    "\t": ("a tab", "indent and separate with spaces"),
    "\r": ("a carriage return without a line feed", "end lines with a line feed"),
    "\0": ("a NUL character", "remove it; a contract is plain text"),
    "\ufeff": ("a byte order mark", "save the file as UTF-8 without BOM"),
}


def place_of_index(text: str, index: int, path: str) -> Place:
    """Line and column of `text[index]`, both from 1."""
    return Place(path, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _described(character: str) -> tuple[str, str]:
    default = (f"the control character U+{ord(character):04X}", "remove it; a contract is plain text")
    return _SAID.get(character, default)


def refuse_characters(text: str, path: str) -> None:
    """Raise on the first character that a contract may not contain."""
    found = _REFUSED.search(text)
    if found:
        said, hint = _described(found.group())
        raise Refused([Finding(place_of_index(text, found.start(), path), f"{said} is not allowed", hint=hint)])


def hidden_character(value: str) -> str | None:
    """The refused character that an escape in double quotes put into a value, in words; None where there is none."""
    found = _REFUSED_VALUE.search(value)
    return _described(found.group())[0] if found else None
