"""What a part of a contract says, to the last space: in a table `""` and `"  "` are two answers.

The digest of a contract leaves spaces at the ends of texts out, for block scalars and quoted ones differ there; so it
is no answer to whether something was edited.
"""

from __future__ import annotations

import json
from typing import Any

_ORDERED = frozenset({"equations", "returns"})  # mappings whose order means something


def exact_text(plain: Any) -> str:
    """Plain data as JSON that comments, quoting, indentation and the order of keys leave unchanged."""
    return json.dumps(_sorted(plain), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: [[name, _sorted(part)] for name, part in child.items()]
                if key in _ORDERED and isinstance(child, dict) else _sorted(child)
                for key, child in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value.rstrip("\n") if isinstance(value, str) else value  # a block scalar ends in a line break
