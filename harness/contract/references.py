"""Names that one part of a contract uses and another must declare."""

from __future__ import annotations

from collections.abc import Iterator

from harness.contract.access import entries, items, place_of
from harness.contract.node import YamlNode
from harness.contract.quoting import quoted, suggestion
from harness.findings import Finding
from harness.language.dtypes import INPUT, elsewhere, of_place


def _stands_alone(root: YamlNode) -> bool:
    """Whether every name must be found in this file; a dependency may declare formats and equations."""
    return not entries(entries(root)["metadata"], "depends_on")


def dtypes(root: YamlNode) -> Iterator[Finding]:
    """The dtype of an input is a plain one, or a format that is declared here or by a dependency."""
    formats, plain = entries(root, "formats"), of_place(INPUT)
    for name, format in formats.items():
        if name in plain:
            place = place_of(format)
            yield Finding(place, f"{name!r} is a dtype already", hint="choose another name for the format")
    if not _stands_alone(root):
        return
    for declared in entries(root, "inputs").values():
        for dtype in items(declared, "dtype"):
            if dtype.value not in plain and dtype.value not in formats:
                name = str(dtype.value)
                hint = elsewhere(name) or suggestion(name, (*plain, *formats))
                yield Finding(dtype.place, f"unknown dtype {quoted(str(dtype.value))}", hint=hint)


def faults(root: YamlNode) -> Iterator[Finding]:
    """A fault replaces equations that exist."""
    if not _stands_alone(root):
        return
    known = set(entries(root, "equations"))
    for block in entries(root, "formats").values():
        known |= set(entries(block, "equations"))
    for fault in items(root, "faults"):
        for name, child in entries(fault, "replace").items():
            if name not in known:
                place = place_of(child)
                yield Finding(place, f"no equation {quoted(name)} to replace", hint=suggestion(name, known))


def refusals(root: YamlNode) -> Iterator[Finding]:
    """A refusal names a subject, and the braces of its message pair up."""
    subjects = entries(root, "subjects")
    for refusal in items(root, "refuses"):
        subject, message = entries(refusal)["subject"], entries(refusal)["message"]
        if subject.value not in subjects:
            hint = suggestion(str(subject.value), subjects)
            yield Finding(subject.place, f"unknown subject {quoted(str(subject.value))}", hint=hint)
        yield from _braces(message)


def _braces(message: YamlNode) -> Iterator[Finding]:
    """Braces that pair up; what stands in them is an expression, and checked as one elsewhere."""
    text = str(message.value)
    expected = "{expression} for a value, {{ and }} for braces"
    opened: int | None = None
    index = 0
    while index < len(text):
        character, here = text[index], index
        index += 1
        if character not in "{}":
            continue
        if opened is None and text[index : index + 1] == character:
            index += 1  # doubled outside an expression: literal
        elif (character == "{") == (opened is None):
            if opened is not None and not text[opened + 1 : here].strip():
                yield Finding(message.place_at(opened), "nothing between braces", expected)
            opened = here if character == "{" else None
        else:
            yield Finding(message.place_at(here), f"unbalanced {character!r}", expected)
            return
    if opened is not None:
        yield Finding(message.place_at(opened), "unbalanced '{'", expected)


def model(root: YamlNode) -> Iterator[Finding]:
    """A model binding names dimensions and inputs of this contract."""
    for section in ("dimensions", "inputs"):
        bound = {"dimensions": "dimensions", "inputs": "tensors"}[section]
        known = entries(root, section)
        for name, child in entries(entries(root)["model"], bound).items() if "model" in entries(root) else ():
            if name not in known:
                place = place_of(child)
                yield Finding(place, f"no {section[:-1]} {quoted(name)}", hint=suggestion(name, known))


def sizes(root: YamlNode) -> Iterator[Finding]:
    """A size is made of dimensions of this contract."""
    known = entries(root, "dimensions")
    for row in items(root, "sizes"):
        for name, child in entries(row).items():
            if name not in known:
                yield Finding(place_of(child), f"no dimension {quoted(name)}", hint=suggestion(name, known))
