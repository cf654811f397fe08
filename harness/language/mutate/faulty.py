"""Functions that only mutants call. Their names are no names of the language, so no contract can spell them.

Each has a stand-in: the expression of the language whose type it has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harness.language.dtypes import DTYPES
from harness.language.operators import BINARY
from harness.language.syntax import Binary, Call, Compare, Index, Logic, Node, Number, Scan, Slice, Text, Unary

PREFIX = "faulty."

# Rounding to a format, by its name.
ROUNDED = tuple(name for name, dtype in DTYPES.items() if dtype.is_real and dtype.numbers.zero and dtype.bits < 64)

# What each has the type of: a function or an operator of the language, or "" for its own first argument. Steps are
# functions of the language by now, and stand here for contracts that have another meaning for their names.
STAND_IN: dict[str, str] = {
    "gelu": "silu", "gelu_erf": "gelu_tanh",  # by tanh; and by erf, for those who mean the one by tanh
    "floor": "round", "ceil": "round", "trunc": "round", "half_even": "round",
    "exclusive_cumsum": "cumsum", "reversed_cumsum": "cumsum",
    "bottom_k": "top_k", "top_k_last": "top_k", "top_k_ascending": "top_k",
    "sort_descending": "sort", "argsort_descending": "argsort", "scatter_added": "scatter",
    **dict.fromkeys(ROUNDED, "stored"),
    "cut": "stored", "ties_away": "stored", "flushed": "stored", "saturated": "stored", "overflown": "stored",
    "wrapped": "stored",
    "product_in": "@", "matvec_in": "matvec", "sum_in": "sum", "mean_in": "mean",
    "tiled": "repeat",
    "rolled": "", "column_major": "", "next_block": "", "swapped_pairs": "", "even_first": "",
}  # fmt: skip


def faulty(name: str, *arguments: Node, **keywords: int | str) -> Call:
    """A call of one of them. Keywords say how: the stand-in has none of them."""
    assert name in STAND_IN, name
    said = [(key, Text(value) if isinstance(value, str) else Number(value)) for key, value in keywords.items()]
    return Call(PREFIX + name, arguments, tuple(said))


def in_language(node: Node) -> Node:
    """The expression with stand-ins for such calls: what is inferred of it holds for the mutant."""
    if isinstance(node, Call) and node.name.startswith(PREFIX):
        twin = STAND_IN[node.name.removeprefix(PREFIX)]
        arguments = tuple(in_language(part) for part in node.arguments)
        if twin in BINARY:
            return Binary(twin, *arguments)
        return Call(twin, arguments, ()) if twin else arguments[0]
    return rebuilt(node, in_language)


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with every direct part changed, from left to right."""
    match node:
        case Unary():
            return replace(node, operand=change(node.operand))
        case Binary() | Compare():
            return replace(node, left=change(node.left), right=change(node.right))
        case Logic():
            return replace(node, parts=tuple(change(part) for part in node.parts))
        case Call():
            arguments = tuple(change(part) for part in node.arguments)
            return replace(node, arguments=arguments, keywords=tuple((name, change(to)) for name, to in node.keywords))
        case Index():
            return replace(node, value=change(node.value), items=tuple(change(part) for part in node.items))
        case Scan():
            nexts, length = tuple(change(part) for part in node.nexts), change(node.length)
            return replace(node, nexts=nexts, length=length, starts=tuple((at, change(to)) for at, to in node.starts))
        case Slice():
            ends = [None if end is None else change(end) for end in (node.first, node.last)]
            return replace(node, first=ends[0], last=ends[1])
    return node
