"""Access to a tree that the schema accepted: its entries, items, texts and expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from harness.contract.node import YamlNode
from harness.contract.source import Source
from harness.findings import Place

T = TypeVar("T")


def entries(node: YamlNode, key: str | None = None) -> dict[str, YamlNode]:
    """The entries of a mapping, or of the mapping under `key`; none where the key is absent."""
    if key is not None:
        child = entries(node).get(key)
        return entries(child) if child else {}
    assert isinstance(node.value, dict)
    return node.value


def items(node: YamlNode, key: str) -> list[YamlNode]:
    """The items of the list under `key`, a single value being a list of itself; none where it is absent."""
    child = entries(node).get(key)
    if child is None:
        return []
    return child.value if isinstance(child.value, list) else [child]


def source(node: YamlNode) -> Source:
    """The expression of a node; the line break that ends a block scalar is not part of it."""
    return Source(str(node.value).rstrip(), node)


def equation_of(result: YamlNode) -> YamlNode:
    """The equation of a named result: the entry itself, or its `equation` where a dtype is given beside it."""
    return entries(result)["equation"] if isinstance(result.value, dict) else result


def dtype_of(result: YamlNode) -> YamlNode | None:
    """The dtype of a named result, where one is given."""
    return entries(result).get("dtype") if isinstance(result.value, dict) else None


def is_optional(result: YamlNode) -> bool:
    """Whether a subject may leave a named result out."""
    said = entries(result).get("optional") if isinstance(result.value, dict) else None
    return said is not None and said.value is True


def like_of(dtype: str) -> str:
    """The input whose format a result has: `x` of `as x`; "" where a dtype is named."""
    word, _, name = dtype.strip().partition(" ")
    return name.strip() if word == "as" else ""


def carried(subject: YamlNode, key: str) -> dict[str, YamlNode]:
    """What each of the `arguments` or `returns` of a subject stands for."""
    return {name: equation_of(part) for name, part in entries(subject, key).items()}


def _trimmed(value: Any) -> Any:
    # A block scalar ends in a line break that nobody means.
    return value.strip() if isinstance(value, str) else value


def value_of(node: YamlNode, key: str) -> Any:
    """A plain value that the schema requires."""
    return _trimmed(entries(node)[key].value)


def text_of(node: YamlNode, key: str) -> str:
    """A text that may be absent."""
    return str(value_of(node, key)) if key in entries(node) else ""


def tuple_of(node: YamlNode, key: str) -> tuple[Any, ...]:
    """The values of a list; of a single value, that value alone."""
    return tuple(_trimmed(item.value) for item in items(node, key))


def data_of(node: YamlNode, key: str) -> tuple[Any, ...]:
    """The values of a list as they are written: what a subject is given may begin or end in a blank."""
    return tuple(item.value for item in items(node, key))


def texts_of(node: YamlNode, key: str) -> dict[str, str]:
    """A mapping of names to texts."""
    return {name: str(child.value).strip() for name, child in entries(node, key).items()}


def optional(node: YamlNode, key: str, make: Callable[[YamlNode], T]) -> T | None:
    """What `make` builds of the value under `key`; None where it is absent."""
    child = entries(node).get(key)
    return make(child) if child else None


def sources(node: YamlNode, key: str) -> dict[str, Source]:
    """A mapping of names to expressions, in the order written."""
    return {name: source(child) for name, child in entries(node, key).items()}


def named(node: YamlNode, key: str, make: Callable[[str, YamlNode], T]) -> dict[str, T]:
    """A mapping of names, each to what `make` builds of it."""
    return {name: make(name, child) for name, child in entries(node, key).items()}


def place_of(node: YamlNode) -> Place:
    """A named entry stands where its name does."""
    return node.key_place or node.place
