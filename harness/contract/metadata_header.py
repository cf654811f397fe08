"""Who a contract is, from its first lines: the parser stops where `metadata` ends.

For a file that is known byte for byte to be a sound one; what stands behind metadata is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from harness.contract.node import YamlNode
from harness.contract.tree import Builder


@dataclass(frozen=True)
class MetadataHeader:
    """What metadata says about a contract's place among others; `node` is the section."""

    id: str
    version: str
    lifecycle: str
    depends_on: dict[str, str]
    node: YamlNode


def read_header(text: str, path: str) -> MetadataHeader | None:
    """The metadata at the head of a contract; None where it is not found there in good shape."""
    builder = Builder(text, path)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
            metadata = builder.finished("metadata")
            if metadata is not None:
                return None if builder.findings else header_of(metadata)
    except yaml.YAMLError:
        return None
    return None


def header_of(metadata: YamlNode) -> MetadataHeader | None:
    """The same of a metadata section; None where something is missing or of another type."""
    plain: Any = metadata.plain()
    if not isinstance(plain, dict):
        return None
    wanted = [plain.get(key) for key in ("id", "version", "lifecycle")]
    needs = plain.get("depends_on", {})
    if not all(isinstance(value, str) for value in wanted) or not isinstance(needs, dict):
        return None
    id, version, lifecycle = (str(value).strip() for value in wanted)
    return MetadataHeader(id, version, lifecycle, {name: str(text).strip() for name, text in needs.items()}, metadata)
