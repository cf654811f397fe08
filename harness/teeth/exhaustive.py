"""Integer equations of block formats, compared on every value of what they read.

Such an equation is an expression of single entries inside moves of whole arrays (stack, concat, reshape, slices). So
it is enough to try every combination of values, each filling whole arrays, and, for the moves, some random blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
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

MOST = 1 << 17  # combinations
BLOCKS = 64


def equal_everywhere(format_: BlockFormat, mutant: Mutant) -> int | None:
    """How many combinations of values were tried, all alike; None where some differs or they are too many."""
    known = _values(format_)
    leaves = list(dict.fromkeys(chain(_leaves(mutant.was), _leaves(mutant.node))))
    domains = [known.get(_name(leaf)) for leaf in leaves]
    sizes = [0 if domain is None else len(domain) for domain in domains]
    if not leaves or not all(sizes) or prod(sizes) > MOST:
        return None
    random = _blocks(format_)
    if not _alike(mutant, random, {}):
        return None
    grid = np.meshgrid(*[domain for domain in domains if domain is not None], indexing="ij")
    shapes = [np.shape(_evaluated(leaf, random, {}))[1:] for leaf in leaves]
    given = {
        f"leaf {place}": np.broadcast_to(values.reshape(-1, *[1] * len(shape)), (values.size, *shape))
        for place, (values, shape) in enumerate(zip(grid, shapes, strict=True))
    }
    names = {leaf: Name(f"leaf {place}") for place, leaf in enumerate(leaves)}
    return prod(sizes) if _alike(mutant, given, names) else None


def _values(format_: BlockFormat) -> dict[str, np.ndarray]:
    """Every value that an entry of a field, or of an equation of one field, can have."""
    known: dict[str, np.ndarray] = {}
    for name, (dtype, _, _) in format_.fields.items():
        stored = DTYPES[dtype]
        if not stored.is_real and stored.bits <= 8:
            known[name] = np.array(stored.integers)
    random = _blocks(format_)
    for name, node in format_.equations.items():
        leaves = list(dict.fromkeys(_leaves(node)))
        domains = [known[_name(leaf)] for leaf in leaves if _name(leaf) in known]
        if not leaves or len(domains) < len(leaves) or prod(map(len, domains)) > MOST:
            continue
        shapes = [np.shape(_evaluated(leaf, random, {}))[1:] for leaf in leaves]
        grid = np.meshgrid(*domains, indexing="ij")
        given = {
            f"leaf {place}": np.broadcast_to(values.reshape(-1, *[1] * len(shape)), (values.size, *shape))
            for place, (values, shape) in enumerate(zip(grid, shapes, strict=True))
        }
        made = _evaluated(node, given, {leaf: Name(f"leaf {place}") for place, leaf in enumerate(leaves)})
        if np.asarray(made).dtype.kind in "iu":
            known[name] = np.unique(made)
    return known


def _leaves(node: Node) -> list[Node]:
    """What an expression reads: names, and slices of names."""
    if isinstance(node, Name) or (isinstance(node, Index) and isinstance(node.value, Name)):
        return [node]
    return [part for child in children(node) for part in _leaves(child)]


def _name(leaf: Node) -> str:
    return next(part.id for part in walk(leaf) if isinstance(part, Name))


def _alike(mutant: Mutant, given: Mapping[str, Any], names: Mapping[Node, Node]) -> bool:
    left, right = (np.asarray(_evaluated(node, given, names)) for node in (mutant.was, mutant.node))
    return left.dtype.kind in "iu" and right.dtype.kind in "iu" and np.array_equal(left, right)


def _evaluated(node: Node, given: Mapping[str, Any], names: Mapping[Node, Node]) -> Any:
    def read(part: Node) -> Node:
        return names[part] if part in names else rebuilt(part, read)

    with np.errstate(all="ignore"):
        return evaluate(read(node), Bindings(FaultySingle(), {}, {}, given), batched=True)


def _blocks(format_: BlockFormat) -> dict[str, Any]:
    """Random blocks: their fields, and their equations."""
    raw = np.random.default_rng(0).integers(0, 256, (BLOCKS, format_.size), np.uint8)
    bindings = Bindings(FaultySingle(), {}, {}, {name: field(format_, raw, name) for name in format_.fields})
    for name, node in format_.equations.items():
        with np.errstate(all="ignore"):
            bindings.known[name] = evaluate(node, bindings, batched=True)
    return {**bindings.given, **bindings.known}
