"""Every function of the language with its typing rule."""

from __future__ import annotations

from harness.language.rules import moves, numeric, questions, texts
from harness.language.types import Signature

SIGNATURES: dict[str, Signature] = {
    **numeric.SIGNATURES, **moves.SIGNATURES, **questions.SIGNATURES, **texts.SIGNATURES,
}  # fmt: skip
NEEDS_RANGES = {"top_k", "max", "min", "softmax", "arange", "reshape", "zero_bytes"}
KEYWORDS = {"stack": {"axis"}, "concat": {"axis"}, "fill": {"n", "e"}}
