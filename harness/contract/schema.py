"""The shape of a contract: `contract.schema.json`, and each violation of it as one finding."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from harness.contract.complaint import findings_of
from harness.contract.node import YamlNode
from harness.contract.tree import MAX_FINDINGS
from harness.findings import Finding


def schema() -> dict[str, Any]:
    """The JSON Schema of contracts, as data."""
    text = files("harness.contract").joinpath("contract.schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def check(node: YamlNode) -> list[Finding]:
    """Everything about the tree that the schema forbids, sorted by place; empty where all is well."""
    errors: dict[tuple[str | int, ...], list[Any]] = {}
    for error in islice(_validator().iter_errors(node.plain()), MAX_FINDINGS):
        errors.setdefault(tuple(error.absolute_path), []).append(error)
    found = {finding for group in errors.values() for finding in findings_of(group, node)}
    return sorted(found, key=lambda finding: (finding.place, finding.message))[:MAX_FINDINGS]


@cache
def _validator() -> Any:
    """The validator with three of jsonschema's keywords made stricter."""
    # Imported here: it is most of the start-up time, and who only asks for a tree does not need it.
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import Draft202012Validator, extend

    def pattern(_validator: Any, expression: str, value: Any, _schema: Any) -> Iterator[ValidationError]:
        # "$" means the end, as in every editor's JSON Schema; in Python it also allows a line break there.
        if isinstance(value, str) and not _search(expression, value):
            yield ValidationError(f"does not match {expression}")

    def unique_items(_validator: Any, wanted: bool, value: Any, _schema: Any) -> Iterator[ValidationError]:
        # jsonschema compares all pairs of a mixed list: 20,000 items would take minutes.
        seen: set[tuple[type, Any]] = set()
        for index, item in enumerate(value if wanted and isinstance(value, list) else ()):
            if isinstance(item, (dict, list)):
                continue  # no list of this schema may hold them; their type is refused elsewhere
            if (type(item), item) in seen:
                yield ValidationError("occurs twice", path=[index])
            seen.add((type(item), item))

    # To JSON Schema 1.0 is an integer; to a reader of `min: 1.0` it is not.
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _checker, value: type(value) is int)
    keywords = {"pattern": pattern, "uniqueItems": unique_items}
    strict: Any = extend(Draft202012Validator, keywords, type_checker=types)  # type: ignore[no-untyped-call]
    return strict(schema())


def _search(expression: str, value: str) -> bool:
    if expression.endswith("$"):
        expression = expression[:-1] + r"\Z"
    return re.search(expression, value) is not None
