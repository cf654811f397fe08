"""Where two trees of a contract differ, value by value: what is named alike is compared, whatever its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from harness.contract.node import YamlNode
from harness.gate.spelling import RENAMED, alike

Pair = tuple[YamlNode | None, YamlNode | None]


def differences(old: YamlNode | None, new: YamlNode | None) -> Iterator[Pair]:
    """The single values that differ; None where one side has nothing. Spelling of expressions is no difference."""
    before, after = _parts(old), _parts(new)
    if before is None and after is None:
        if old is None or new is None or type(old.value) is not type(new.value) or not alike(old, new):
            yield old, new
        return
    before, after = before or {}, after or {}
    for name in {**before, **after}:
        yield from differences(before.get(name), after.get(name))


def spelled_alike(old: YamlNode, new: YamlNode) -> YamlNode:
    """The old tree; an expression that was rewritten with new names is spelled as the new version spells it."""
    before, after = _parts(old), _parts(new)
    if before is None or after is None:
        rewritten = before is after is None and old.style == RENAMED and alike(old, new)
        return replace(old, value=new.value) if rewritten else old
    inner = {name: spelled_alike(part, after[name]) if name in after else part for name, part in before.items()}
    return replace(old, value=inner if isinstance(old.value, dict) else list(inner.values()))


def _parts(node: YamlNode | None) -> dict[str, YamlNode] | None:
    """The values inside a mapping or a list by name; items of a list without an id by their place."""
    if node is None or not isinstance(node.value, dict | list):
        return None
    if isinstance(node.value, dict):
        return node.value
    ids = [item.value["id"].value if isinstance(item.value, dict) and "id" in item.value else place
           for place, item in enumerate(node.value)]  # fmt: skip
    return {str(id): item for id, item in zip(ids, node.value, strict=True)}
