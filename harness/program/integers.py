"""Integer expressions of dimensions, evaluated."""

from __future__ import annotations

from collections.abc import Mapping

from harness.language.evaluate import Bindings, evaluate
from harness.language.single import Single
from harness.language.syntax import Node


def integer(node: Node | None, numbers: Mapping[str, int], default: int = 0) -> int:
    """An expression of dimensions as a number."""
    if node is None:
        return default
    return int(evaluate(node, Bindings(Single(), {}, {}, numbers)))
