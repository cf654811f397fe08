"""Integer expressions of dimensions, evaluated."""

from __future__ import annotations

from collections.abc import Mapping

from harness.language.scalar_evaluation import evaluate_scalar
from harness.language.sizes import Size
from harness.language.syntax import Node, parse


def integer(node: Node | None, numbers: Mapping[str, int], default: int = 0) -> int:
    """An expression of dimensions as a number."""
    if node is None:
        return default
    return int(evaluate_scalar(node, numbers))


def extent(size: Size, sizes: Mapping[str, int]) -> int:
    """The number that a symbolic size has for these sizes of dimensions."""
    total = 0
    for monomial, factor in size.terms:
        term = int(factor)
        for name in monomial:
            # a quotient that is no polynomial is its own name, e.g. "(hidden // 3)"
            term *= sizes[name] if name in sizes else integer(parse(name), sizes)
        total += term
    return total
