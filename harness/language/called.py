"""Which function an expression calls."""

from __future__ import annotations

from harness.language.function import Function
from harness.language.functions import FUNCTIONS
from harness.language.syntax import Call, Node


def function_of(node: Node) -> Function | None:
    """The function that an expression calls, or None.

    An equation or a subject may have the name of a function; those are called with named arguments alone.
    """
    return FUNCTIONS.get(node.name) if isinstance(node, Call) and node.arguments else None
