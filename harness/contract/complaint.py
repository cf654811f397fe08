"""From jsonschema's errors at one position to findings a person can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from harness.contract.node import YamlNode
from harness.contract.quoting import in_words, quoted, shortened, suggestion
from harness.contract.tree import MAX_FINDINGS
from harness.findings import Finding

_TYPES = {
    "string": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}


def findings_of(errors: list[Any], root: YamlNode) -> Iterator[Finding]:
    """What to say about the errors at one position of the tree."""
    node = _at(root, errors[0].absolute_path)
    wrong_types = [error for error in errors if error.validator == "type"]
    # A value of the wrong type breaks other rules too; only the type is worth a line.
    for error in wrong_types[:1] or errors:
        if "propertyNames" in error.absolute_schema_path:
            yield _bad_name(error, node)
        else:
            yield from _COMPLAINTS.get(error.validator, _unforeseen)(error, node)


def _at(root: YamlNode, path: Iterable[str | int]) -> YamlNode:
    node = root
    for step in path:
        assert isinstance(node.value, (dict, list))
        node = node.value[step]  # type: ignore[index]
    return node


def _expected(schema: dict[str, Any]) -> str:
    types = schema.get("type", [])
    words = [_TYPES[name] for name in ([types] if isinstance(types, str) else types)]
    return str(schema.get("title") or " or ".join(words))


def _bad_name(error: Any, node: YamlNode) -> Finding:
    assert isinstance(node.value, dict)
    place = node.value[error.instance].key_place or node.place
    return Finding(place, "name not allowed", _expected(error.schema), quoted(error.instance))


def _unknown_keys(error: Any, node: YamlNode) -> Iterator[Finding]:
    known = error.schema["properties"]
    assert isinstance(node.value, dict)
    unknown = ((key, child) for key, child in node.value.items() if key not in known)
    for key, child in islice(unknown, MAX_FINDINGS):
        yield Finding(child.key_place or child.place, f"unknown key {quoted(key)}", hint=suggestion(key, known))


def _missing_keys(error: Any, node: YamlNode) -> Iterator[Finding]:
    for key in error.validator_value:
        if key not in error.instance:
            purpose = error.schema["properties"][key]["description"]
            yield Finding(node.place, f"missing key {key!r}", hint=purpose)


def _wrong_type(error: Any, node: YamlNode) -> Iterator[Finding]:
    hint = ""
    number = isinstance(node.value, (int, float))
    wants_text = "string" in error.schema.get("type", [])  # of a string or of a list, both mean what they say
    if wants_text and number:
        hint = f'quote it: "{shortened(node.text)}"'
    elif wants_text and isinstance(node.value, dict):
        hint = "quote text that contains ': ' or begins with a brace"
    elif wants_text and isinstance(node.value, list):
        hint = "quote text that begins with a bracket"
    elif isinstance(node.value, str) and node.style in ("'", '"'):
        hint = "remove the quotes if it is a number"
    yield Finding(node.place, "wrong type", _expected(error.schema), in_words(node), hint)


def _pattern(error: Any, node: YamlNode) -> Iterator[Finding]:
    blank = isinstance(node.value, str) and not node.value.strip()
    yield Finding(node.place, "empty text" if blank else "wrong form", _expected(error.schema), in_words(node))


def _enum(error: Any, node: YamlNode) -> Iterator[Finding]:
    got = str(node.value)
    yield Finding(
        node.place,
        "unknown value",
        _expected(error.schema),
        in_words(node),
        suggestion(got, error.validator_value),
    )


def _limit(side: str) -> Callable[[Any, YamlNode], Iterator[Finding]]:
    def complain(error: Any, node: YamlNode) -> Iterator[Finding]:
        yield Finding(node.place, "out of range", f"{side} {error.validator_value}", in_words(node))

    return complain


def _count(error: Any, node: YamlNode) -> Iterator[Finding]:
    expected = str(error.schema.get("title", ""))
    if error.validator in ("minItems", "minProperties"):
        entry = "item" if error.validator == "minItems" else "entry"
        expected = f"at least {error.validator_value} {entry}" if error.validator_value == 1 else expected
    yield Finding(node.place, "wrong number of entries", expected, in_words(node))


def _twice(_error: Any, node: YamlNode) -> Iterator[Finding]:
    yield Finding(node.place, f"{in_words(node)} occurs twice in the list", hint="remove one of them")


def _forms(error: Any, node: YamlNode) -> Iterator[Finding]:
    keys = ", ".join(node.value) if isinstance(node.value, dict) and node.value else "nothing"
    if not isinstance(node.value, dict) or set(node.value) <= set(error.schema["properties"]):
        yield Finding(node.place, "neither form", _expected(error.schema), keys)


def _unforeseen(error: Any, node: YamlNode) -> Iterator[Finding]:
    """A keyword the schema did not use when this was written; a test keeps this unreached."""
    yield Finding(node.place, f"breaks the schema's {error.validator!r}", _expected(error.schema), in_words(node))


_COMPLAINTS: dict[str, Callable[[Any, YamlNode], Iterator[Finding]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "type": _wrong_type,
    "pattern": _pattern,
    "enum": _enum,
    "minimum": _limit("at least"),
    "exclusiveMinimum": _limit("more than"),
    "maximum": _limit("at most"),
    "minItems": _count,
    "maxItems": _count,
    "minProperties": _count,
    "uniqueItems": _twice,
    "oneOf": _forms,
}
