"""Every field of the schema takes part: for each there is a pair of contracts that differ in this field alone."""

import json
from functools import cache

import pytest

from harness.contract.schema import schema
from tests.harness.gate.pairs import PAIRS

# Fields that the verdict is about: {field: what tells it}.
ELSEWHERE = {"metadata.version": "test_gate.py: a higher version fits, the same one with another text does not"}

# Fields that cannot change alone: {field: what goes with it}.
TOGETHER = {"proof_obligations.*.id": {"falsification_tests.*.discharges"}}


def resolved(part):
    """A part of the schema, with `$ref` followed."""
    while "$ref" in part:
        part = {**schema()["$defs"][part["$ref"].rpartition("/")[2]], **{k: v for k, v in part.items() if k != "$ref"}}
    return part


def fields(part, path=""):
    """Every property of the schema, as a path in which `*` stands for names and entries."""
    part = resolved(part)
    for name, child in part.get("properties", {}).items():
        if isinstance(child, dict):
            inner = f"{path}.{name}" if path else name
            yield inner
            yield from fields(child, inner)
    for key in ("additionalProperties", "items"):
        if isinstance(part.get(key), dict):
            yield from fields(part[key], f"{path}.*")


def differing(part, old, new, path=""):
    """The properties in which two values differ, those furthest down alone."""
    part = resolved(part)
    if strict(old) == strict(new):
        return
    if isinstance(old, dict) and isinstance(new, dict) and part.get("properties"):
        for name in {*old, *new}:
            inner = f"{path}.{name}" if path else name
            if name in part["properties"]:
                yield from differing(part["properties"][name], old.get(name), new.get(name), inner) or ()
        return
    inner = next((part[key] for key in ("additionalProperties", "items") if isinstance(part.get(key), dict)), None)
    if inner is not None and fields_within(inner):
        both = paired(old, new)
        if both is not None:
            for before, after in both:
                yield from differing(inner, before, after, f"{path}.*")
            return
    yield path


def fields_within(part):
    return bool(list(fields(part)))


def paired(old, new):
    """Entries that belong together; None where some came or went, so that the whole differs."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        return [(old[name], new[name]) for name in old] if list(old) == list(new) else None
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return list(zip(old, new, strict=True))
    return None


def strict(value):
    return json.dumps(value)


@cache
def alone():
    """{field: the pairs that differ in it alone}.

    The pairs fields/<name> are there for this. Nothing but their trees is compared, so that a field may be edited alone
    where a sound contract would follow suit elsewhere.
    """
    found = {}
    for name, pair in PAIRS.items():
        old, new = (tree.plain() for tree in pair.trees)
        paths = set(differing(schema(), old, new))
        for field in paths:
            if paths - {field} <= TOGETHER.get(field, set()):
                found.setdefault(field, []).append(name)
    return found


def last():
    """The fields that have none below them; who edits one of these edits those above it too."""
    every = set(fields(schema()))
    return {field for field in every if not any(other.startswith(f"{field}.") for other in every)}


@pytest.mark.parametrize("field", sorted(last() - ELSEWHERE.keys()))
def test_an_edit_of_this_field_alone_is_told(field, pair, changes):
    names = alone().get(field, [])
    assert names, (
        f"no pair differs in {field} alone: add fixtures/<kind> (a kind of its own) or fields/<name> to edits/"
    )
    for name in names:
        found = changes(*pair(name))
        spelling_only = PAIRS[name].level == "none"
        assert found or spelling_only, f"{name}\n{PAIRS[name].diff}"
        assert "unrecognised-change" not in {change.kind for change in found}, f"{name}\n{PAIRS[name].diff}"


def test_exceptions_are_fields():
    assert ELSEWHERE.keys() <= set(fields(schema()))
