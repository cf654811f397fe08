"""The identity of what a contract says, whatever its YAML looks like."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from harness.contract.node import YamlNode

if TYPE_CHECKING:
    from harness.contract.model import Contract

# Mappings whose order means something: stages are computed, traced and compared in the order written.
_ORDERED = frozenset({"equations", "returns"})


def digest(contract: Contract) -> str:
    """SHA-256, in hexadecimal, of the contract's canonical form."""
    return digest_of(contract.node)


def digest_of(tree: YamlNode) -> str:
    """The same of a tree that need not be checked: what it says is its identity, sound or not."""
    return hashlib.sha256(canonical_text(tree.plain()).encode("utf-8")).hexdigest()


def canonical_json(contract: Contract) -> str:
    """The contract as JSON that comments, quoting, indentation and the order of keys leave unchanged."""
    return canonical_text(contract.node.plain())


def canonical_text(plain: Any) -> str:
    """Any part of a contract, as plain data, in that form."""
    return json.dumps(_canonical(plain), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in_order(child) if key in _ORDERED else _canonical(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    # A block scalar ends in a line break that the same text in quotes does not have.
    return value.strip() if isinstance(value, str) else value


def _in_order(value: Any) -> Any:
    if not isinstance(value, dict):  # a dimension or an input may have such a name
        return _canonical(value)
    return [[key, _canonical(child)] for key, child in value.items()]
