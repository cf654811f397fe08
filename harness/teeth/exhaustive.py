"""Proof that a mutant of an integer equation of a block format is equivalent: every value of what it reads is tried.

Such an equation computes each entry from single entries, and moves whole arrays (stack, concat, reshape, slices). So
two checks are enough: every combination of values, each filling whole arrays, and random blocks for the moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import prod
from typing import Any

import numpy as np

from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings, evaluate
from harness.language.formats import BlockFormat
from harness.language.mutate import Mutant
from harness.language.mutate.domains import FaultySingle
from harness.language.mutate.faulty import rebuilt
from harness.language.packed import field
from harness.language.syntax import Index, Name, Node, children, walk

MAX_COMBINATIONS = 1 << 17
RANDOM_BLOCKS = 64


def equal_everywhere(format_: BlockFormat, mutant: Mutant) -> int | None:
    """How many combinations of values were compared, all equal; None if some differ or there are too many."""
    known = _values(format_)
    leaves = list(dict.fromkeys(chain(_leaves(mutant.was), _leaves(mutant.node))))
    domains = [known[_name(leaf)] for leaf in leaves if _name(leaf) in known]
    count = prod(map(len, domains))
    if not leaves or len(domains) < len(leaves) or count > MAX_COMBINATIONS:
        return None
    random = _random_blocks(format_)
    if not _equal_on(mutant, random, {}):
        return None
    return count if _equal_on(mutant, *_combinations(leaves, domains, random)) else None


def _values(format_: BlockFormat) -> dict[str, np.ndarray]:
    """Every value that an entry can have, by field of one byte, and by equation that reads such fields alone."""
    known: dict[str, np.ndarray] = {}
    for name, (dtype, _, _) in format_.fields.items():
        stored = DTYPES[dtype]
        if not stored.is_real and stored.bits <= 8:
            known[name] = np.array(stored.integers)
    random = _random_blocks(format_)
    for name, node in format_.equations.items():
        leaves = list(dict.fromkeys(_leaves(node)))
        domains = [known[_name(leaf)] for leaf in leaves if _name(leaf) in known]
        if not leaves or len(domains) < len(leaves) or prod(map(len, domains)) > MAX_COMBINATIONS:
            continue
        made = _evaluated(node, *_combinations(leaves, domains, random))
        if np.asarray(made).dtype.kind in "iu":
            known[name] = np.unique(made)
    return known


def _combinations(
    leaves: Sequence[Node], domains: Sequence[np.ndarray], random: Mapping[str, Any]
) -> tuple[dict[str, np.ndarray], dict[Node, Node]]:
    """Every combination of the leaves' values, as a batch of whole arrays by name; and the name of each leaf."""
    grid = np.meshgrid(*domains, indexing="ij")
    shapes = [np.shape(_evaluated(leaf, random, {}))[1:] for leaf in leaves]
    given = {
        f"leaf {place}": np.broadcast_to(values.reshape(-1, *[1] * len(shape)), (values.size, *shape))
        for place, (values, shape) in enumerate(zip(grid, shapes, strict=True))
    }
    return given, {leaf: Name(f"leaf {place}") for place, leaf in enumerate(leaves)}


def _leaves(node: Node) -> list[Node]:
    """The names that an expression reads, and the slices of names."""
    if isinstance(node, Name) or (isinstance(node, Index) and isinstance(node.value, Name)):
        return [node]
    return [part for child in children(node) for part in _leaves(child)]


def _name(leaf: Node) -> str:
    return next(part.id for part in walk(leaf) if isinstance(part, Name))


def _equal_on(mutant: Mutant, given: Mapping[str, Any], names: Mapping[Node, Node]) -> bool:
    """Whether the mutant and the original have the same integers for these values."""
    left, right = (np.asarray(_evaluated(node, given, names)) for node in (mutant.was, mutant.node))
    return left.dtype.kind in "iu" and right.dtype.kind in "iu" and np.array_equal(left, right)


def _evaluated(node: Node, given: Mapping[str, Any], names: Mapping[Node, Node]) -> Any:
    """The expression's value, with some of its parts replaced by names."""

    def read(part: Node) -> Node:
        return names[part] if part in names else rebuilt(part, read)

    with np.errstate(all="ignore"):
        return evaluate(read(node), Bindings(FaultySingle(), {}, {}, given), batched=True)


def _random_blocks(format_: BlockFormat) -> dict[str, Any]:
    """The fields and the equations of random blocks."""
    raw = np.random.default_rng(0).integers(0, 256, (RANDOM_BLOCKS, format_.size), np.uint8)
    bindings = Bindings(FaultySingle(), {}, {}, {name: field(format_, raw, name) for name in format_.fields})
    for name, node in format_.equations.items():
        with np.errstate(all="ignore"):
            bindings.known[name] = evaluate(node, bindings, batched=True)
    return {**bindings.given, **bindings.known}
