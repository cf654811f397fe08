"""What an expression calls: a function of the language, or a subject."""

from __future__ import annotations

from harness.language.function import Function
from harness.language.functions import FUNCTIONS
from harness.language.syntax import Call, Node, Threaded


def function_of(node: Node) -> Function | None:
    """The function that an expression calls, or None.

    An equation or a subject may have the name of a function; those are called with named arguments alone.
    """
    return FUNCTIONS.get(node.name) if isinstance(node, Call) and node.arguments else None


def subject_call(node: Node) -> Call:
    """The call of a subject itself, also inside `again(...)` and `threaded(...)`."""
    while not isinstance(node, Call) or node.name == "again":
        assert isinstance(node, Call | Threaded)
        node = node.call if isinstance(node, Threaded) else node.arguments[0]
    return node


def threaded(node: Node) -> Threaded | None:
    """What says how calls follow each other; None where there is one call alone."""
    inner = node.arguments[0] if isinstance(node, Call) and node.name == "again" and node.arguments else node
    return inner if isinstance(inner, Threaded) else None
