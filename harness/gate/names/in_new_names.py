"""Every name that an edit exchanged, and the old version written with the new ones."""

from __future__ import annotations

from harness.contract.node import YamlNode
from harness.gate.names.difference import spelled_alike
from harness.gate.names.internal import internal_names
from harness.gate.names.public import exchanged_names, inner_names, outer_names
from harness.gate.names.renames import Renames
from harness.gate.names.rewriting import rewritten

# Twice, since each shows the others: public names are known by what they stand for, internal ones by what carries them.
_STEPS = (outer_names, inner_names, internal_names, outer_names, inner_names, internal_names, exchanged_names)


def in_new_names(old: YamlNode, new: YamlNode) -> tuple[YamlNode, Renames]:
    """The old version with the names of the new one, and which names these are."""
    found = Renames()
    for step in _STEPS:
        renames = step(old, new)
        old = rewritten(old, renames)
        found += renames
    return (spelled_alike(old, new) if found else old), found
