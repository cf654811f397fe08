"""Names that no contract may give to something of its own: those of the first functions and claims.

A function or a claim that is added later takes no name away from anybody: where a contract has that name already, its
own meaning stands. So this list never grows.
"""

from __future__ import annotations

RESERVED = frozenset({
    "abs", "all", "any", "arange", "ascii", "behind", "bytes_of", "concat", "contains", "distinct", "exp", "fill",
    "first", "float32", "has_type", "is_finite", "le", "len", "log", "matvec", "max", "mean", "min", "nbytes",
    "patch", "relabelled", "relu", "reshape", "rms_norm", "round", "rsqrt", "scaled", "sigmoid", "silu", "softmax",
    "sqrt", "stack", "stored", "sum", "tanh", "texts", "top_k", "transpose", "where", "zero_bytes", "accurate",
    "admissible", "again", "close", "finite", "identical", "raises", "raises_or", "says", "stagewise",
    "stagewise_rounded",
})  # fmt: skip
