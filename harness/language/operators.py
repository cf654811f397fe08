"""The operators of the language: one entry each, with everything that is said of it anywhere.

`apply` works on Python's integers and on NumPy's arrays alike, so this table does not load NumPy. What an operator does
to real numbers with a bound is in `exact/domain.py`; its typing rule is in `rules/operators.py`.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harness.language.integer_arithmetic import checked, inverted, negated

SIDES = "sides"  # integers where both sides are integers, else real numbers
REAL = "real"
INTEGERS = "integers"  # and takes nothing else
TRUTH = "truth"


@dataclass(frozen=True)
class Operation:
    """What one operator is.

    `syntax`: Python's node for it. `gives`: REAL, INTEGERS, TRUTH, or as its SIDES are. `mirrored`: the comparison
    that says the same with the sides exchanged, where that one is preferred. `written`, `means`: for the manual,
    where entries that mean the same share a row.

    For mutants: `spoken` is its name in their ids, `neighbours` are the operators that may be written in its place,
    `left_out` is what an operand that is forgotten is called ("": none can be).
    """

    symbol: str
    syntax: type[ast.AST]
    apply: Callable[..., Any]
    gives: str
    written: str
    means: str
    spoken: str = ""
    neighbours: tuple[str, ...] = ()
    left_out: str = ""
    commutes: bool = False
    mirrored: str = ""
    entrywise: bool = True


_ENTRIES = "entry by entry, with NumPy's broadcasting: axes are equal, or 1. Integers stay integers"
_QUOTIENT = "of integers, rounded down"
_BITS = "bits of integers"
_COMPARED = "truth, entry by entry; where the bound does not decide it, the case is undecided"
_LOGIC = "of truth values, entry by entry, with NumPy's broadcasting; `and` joins claims too, `or` and `not` do not"

_BINARY = (
    Operation("+", ast.Add, operator.add, SIDES, "a + b", _ENTRIES, "plus", ("-",), "term", commutes=True),
    Operation("-", ast.Sub, operator.sub, SIDES, "a - b", _ENTRIES, "minus", ("+",), "term"),
    Operation("*", ast.Mult, operator.mul, SIDES, "a * b", _ENTRIES, "times", ("+", "/"), "factor", commutes=True),
    Operation("/", ast.Div, operator.truediv, REAL, "a / b",
              "real division; not judged where the bound lets `b` be 0", "divided", ("*",), "divisor"),
    Operation("@", ast.MatMult, operator.matmul, REAL, "w @ x",
              "product of the last axis of `w` with the first of `x`; where `x` has more than two axes, with its last"
              " but one, and the axes before go together: they are equal, or 1",
              left_out="product", entrywise=False),
    Operation("//", ast.FloorDiv, operator.floordiv, INTEGERS, "a // b", _QUOTIENT, "quotient", ("%",), "divisor"),
    Operation("%", ast.Mod, operator.mod, INTEGERS, "a % b", _QUOTIENT, "remainder", ("//",)),
    Operation("&", ast.BitAnd, operator.and_, INTEGERS, "a & b", _BITS, "and", ("|", "^"), "mask", commutes=True),
    Operation("|", ast.BitOr, operator.or_, INTEGERS, "a | b", _BITS, "or", ("&", "^", "+"), "bits", commutes=True),
    Operation("^", ast.BitXor, operator.xor, INTEGERS, "a ^ b", _BITS, "xor", ("|",), "bits", commutes=True),
    Operation("<<", ast.LShift, operator.lshift, INTEGERS, "a << n", _BITS, "left-shift", (">>",), "shift"),
    Operation(">>", ast.RShift, operator.rshift, INTEGERS, "a >> n", _BITS, "right-shift", ("<<",), "shift"),
)  # fmt: skip
_UNARY = (
    Operation("-", ast.USub, operator.neg, SIDES, "-a", _ENTRIES, left_out="sign"),
    Operation("~", ast.Invert, operator.invert, INTEGERS, "~a", _BITS, left_out="complement"),
    Operation("not", ast.Not, operator.not_, TRUTH, "not p", _LOGIC, left_out="negation"),
)
_COMPARE = (
    Operation("==", ast.Eq, operator.eq, TRUTH, "a == b", _COMPARED, "equal", ("!=",), commutes=True),
    Operation("!=", ast.NotEq, operator.ne, TRUTH, "a != b", _COMPARED, "unequal", ("==",), commutes=True),
    Operation("<", ast.Lt, operator.lt, TRUTH, "a < b", _COMPARED, "less", ("<=", ">")),
    Operation("<=", ast.LtE, operator.le, TRUTH, "a <= b", _COMPARED, "at-most", ("<", ">=")),
    Operation(">", ast.Gt, operator.gt, TRUTH, "a > b", _COMPARED, "more", (">=", "<"), mirrored="<"),
    Operation(">=", ast.GtE, operator.ge, TRUTH, "a >= b", _COMPARED, "at-least", (">", "<="), mirrored="<="),
)
_JOINING = (
    Operation("and", ast.And, all, TRUTH, "p and q", _LOGIC, "both", ("or",), "condition"),
    Operation("or", ast.Or, any, TRUTH, "p or q", _LOGIC, "either", ("and",), "condition"),
)

# By symbol. `-` is in two of them: between two sides, and before one.
BINARY = {part.symbol: part for part in _BINARY}
UNARY = {part.symbol: part for part in _UNARY}
COMPARE = {part.symbol: part for part in _COMPARE}
LOGIC = {part.symbol: part for part in _JOINING}  # of a sequence of truth values
JOIN: dict[str, Callable[[Any, Any], Any]] = {"and": operator.and_, "or": operator.or_}  # of two arrays of them
OPERATIONS = (*_BINARY, *_UNARY, *_COMPARE, *_JOINING)

# Symbols that an expression in Python's syntax may have, by Python's own node.
SYMBOLS = {part.syntax: part.symbol for part in OPERATIONS}

# What an operator does on integers, for those that have integers as their result.
INTEGER = {part.symbol: checked(part.symbol, part.apply) for part in _BINARY if part.gives != REAL}
INTEGER_UNARY: dict[str, Callable[[Any], Any]] = {"-": negated, "~": inverted}
# Operators that have two sides of any kind, by symbol.
BETWEEN = {**BINARY, **COMPARE}


def rows() -> list[tuple[str, str]]:
    """The manual's table: operators that mean the same as they are written, and what they mean."""
    shared: dict[str, list[str]] = {}
    for part in OPERATIONS:
        shared.setdefault(part.means, []).append(f"`{part.written}`")
    return [(", ".join(written), means) for means, written in shared.items()]
