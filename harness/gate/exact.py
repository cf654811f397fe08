"""What a part of a contract says, to the last space: in a table `""` and `"  "` are two answers.

Cells of tables and values of `for_each` are what subjects are given and answer, so there a line break at the end counts
as well. Everywhere else it is the end of a block scalar.

The digest of a contract leaves spaces at the ends of texts out, for block scalars and quoted ones differ there; so it
is no answer to whether something was edited.
"""

from __future__ import annotations

import json
from typing import Any

_ORDERED = frozenset({"equations", "returns"})  # mappings whose order means something
_DATA = frozenset({"rows", "for_each"})


def exact_text(plain: Any) -> str:
    """Plain data as JSON that comments, quoting, indentation and the order of keys leave unchanged."""
    return exact_data(_sorted(plain))


def exact_data(plain: Any) -> str:
    """The same of what subjects are given and answer, in which nothing is left out."""
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        is_table = "columns" in value and isinstance(value.get("rows"), list)  # its cells are in the order of columns
        ordered = _ORDERED | {"columns"} if is_table else _ORDERED
        return {key: _entry(child, key in _DATA, key in ordered) for key, child in value.items()}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value.rstrip("\n") if isinstance(value, str) else value  # a block scalar ends in a line break


def _entry(child: Any, data: bool, ordered: bool) -> Any:
    if data:
        return child
    if ordered and isinstance(child, dict):
        return [[name, _sorted(part)] for name, part in child.items()]
    return _sorted(child)
