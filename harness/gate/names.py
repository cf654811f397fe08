"""Every name that an edit exchanged, and the old version written with the new ones."""

from __future__ import annotations

from harness.contract.node import YamlNode
from harness.gate.difference import spelled_alike
from harness.gate.internal_names import internal_names
from harness.gate.public_names import inner_names, outer_names
from harness.gate.renames import Renames
from harness.gate.rewriting import rewritten

# Internal names come between: they show what public ones stand for, and are shown by what public ones carry. The ids of
# rules come last, since rules are known by what they claim.
_STEPS = (outer_names, inner_names, internal_names, outer_names, inner_names, internal_names)


def in_new_names(old: YamlNode, new: YamlNode) -> tuple[YamlNode, Renames]:
    """The old version with the names of the new one, and which names these are."""
    found = Renames()
    for step in _STEPS:
        renames = step(old, new)
        old = rewritten(old, renames)
        found += renames
    return (spelled_alike(old, new) if found else old), found
