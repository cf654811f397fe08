"""Texts of contracts, subjects and files made harmless; each view then escapes what its own syntax reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

JOINERS = "\u200c\u200d"  # within emoji and in Persian or Indic words; they reorder nothing
KEPT = "\n\t" + JOINERS
SURROGATES = re.compile("[\ud800-\udfff]")
COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)  # as the log reader of GitHub Actions knows commands


def visible(text: str) -> str:
    r"""Control characters, direction marks, lone surrogates and the like, as `\x1b` or `\u202e`; line breaks stay."""
    if text.isprintable():
        return text
    return "".join(part if part.isprintable() or part in KEPT or _is_space(part) else _escaped(part) for part in text)


def one_line(text: str) -> str:
    """The same with every run of white space as one space."""
    return " ".join(visible(text).split())


def clean(data: Any) -> Any:
    """A record with every text in it visible, keys included."""
    return _mapped(data, visible)


def encodable(data: Any) -> Any:
    """A record that can be written as UTF-8: only lone surrogates are replaced."""
    return _mapped(data, lambda text: SURROGATES.sub(lambda found: _escaped(found[0]), text))


def defused(line: str) -> str:
    """Text for a log: a line that a contract's text could turn into a command of the log's reader is broken up."""
    if not COMMAND.search(line):
        return line
    return re.sub(r"^(\s*):(?=:)", r"\1: ", line, flags=re.MULTILINE).replace("##[", "## [")


def defused_markup(text: str) -> str:
    """The same for HTML and XML, where a character may stand as its number."""
    return re.sub(r"^(\s*):(?=:)", r"\1&#58;", text, flags=re.MULTILINE).replace("##[", "&#35;#[")


def _mapped(data: Any, change: Any) -> Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, Mapping):
        return {change(key): _mapped(value, change) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_mapped(value, change) for value in data]
    return data


def _is_space(character: str) -> bool:
    return character.isspace() and ord(character) >= 0xA0 and character not in "\u2028\u2029"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()
