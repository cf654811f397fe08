"""The sizes that are drawn besides the dimensions' own ranges.

A size is a promise where the ranges and the other sizes do not admit it. Where they do, it only has a case of its own:
that is evidence.
"""

from __future__ import annotations

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, added
from harness.gate.integers import Undecidable, values_of

Numbers = dict[str, int]


def compare_sizes(c: ContractComparison) -> None:
    """Sizes gone, and sizes that are new, by what they say: a size has no name, and its place means nothing."""
    old, new = (_sizes(root) for root in (c.old, c.new))
    for said in added(new, old):
        c.say("size-unlisted" if admitted(c.new, old[said]) else "size-removed", f"sizes.{said}", old[said], None)
    for said in added(old, new):
        c.say("size-listed" if admitted(c.old, new[said]) else "size-added", f"sizes.{said}", None, new[said])
    if old.keys() == new.keys() and list(old) != list(new):
        c.say("list-reordered", "sizes", entries(c.old).get("sizes"), entries(c.new).get("sizes"))


def admitted(root: YamlNode, size: YamlNode) -> bool:
    """Whether a contract draws a size: one of its own sizes gives some of the numbers, and the ranges the others."""
    wanted, dimensions = numbers_of(size), entries(root, "dimensions")
    for own in ({}, *map(numbers_of, items(root, "sizes"))):
        if own.items() <= wanted.items() and all(
            _in_range(dimensions.get(name), number, wanted) for name, number in wanted.items() if name not in own
        ):
            return True
    return False


def numbers_of(size: YamlNode) -> Numbers:
    """A size as numbers of dimensions."""
    return {name: int(str(number.value)) for name, number in entries(size).items()}


def _in_range(dimension: YamlNode | None, number: int, known: Numbers) -> bool:
    try:
        return dimension is not None and number in values_of(dimension, known)
    except Undecidable:
        return False


def _sizes(root: YamlNode) -> dict[str, YamlNode]:
    """The sizes by what they say."""
    return {",".join(f"{name}={number}" for name, number in sorted(numbers_of(size).items())): size
            for size in items(root, "sizes")}  # fmt: skip
