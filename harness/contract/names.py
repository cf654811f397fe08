"""Names that cannot be told apart, or that no expression could hold."""

from __future__ import annotations

import keyword
from collections.abc import Iterator

from harness.contract.access import entries, items, place_of
from harness.contract.node import YamlNode
from harness.findings import Finding
from harness.language.syntax import NUMBERS

_ROLES = {"dimensions": "a dimension", "inputs": "an input", "equations": "an equation"}


def clashes(root: YamlNode) -> Iterator[Finding]:
    """Dimensions, inputs and equations share one namespace; so do the fields and equations of a format."""
    yield from _clashes(root, _ROLES)
    for block in entries(root, "formats").values():
        yield from _clashes(block, {"fields": "a field", "equations": "an equation"})


def _clashes(node: YamlNode, roles: dict[str, str]) -> Iterator[Finding]:
    # In the order of the file, so that the later one of the two is the one to rename.
    named = [
        (place_of(child), name, role)
        for section, role in roles.items()
        for name, child in entries(node, section).items()
    ]
    first: dict[str, str] = {}
    for place, name, role in sorted(named):
        if name in first:
            yield Finding(place, f"{name!r} is already {first[name]}", hint="rename one of them")
        else:
            first[name] = f"{role}, at {place.line}:{place.column}"


def keywords(root: YamlNode) -> Iterator[Finding]:
    """A name that is a word of the expression language (or of Python, which subjects are called from)."""
    for mapping in _mappings_of_names(root):
        for name, child in mapping.items():
            if keyword.iskeyword(name) or name in NUMBERS:
                what = "a number of the language" if name in NUMBERS else "a keyword of Python"
                yield Finding(place_of(child), f"{name!r} is {what}", hint="choose another name")


def _mappings_of_names(root: YamlNode) -> Iterator[dict[str, YamlNode]]:
    for section in (*_ROLES, "formats", "subjects"):
        yield entries(root, section)
    for block in entries(root, "formats").values():
        yield entries(block, "fields")
        yield entries(block, "equations")
    for subject in entries(root, "subjects").values():
        yield entries(subject, "arguments")
        yield entries(subject, "returns")
        yield entries(subject, "updates")
    for falsifier in items(root, "falsification_tests"):
        yield entries(falsifier, "for_each")
