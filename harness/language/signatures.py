"""Every function of the language with its typing rule."""

from __future__ import annotations

from harness.language import text_types, types
from harness.language.types import Signature

SIGNATURES: dict[str, Signature] = {**types.SIGNATURES, **text_types.SIGNATURES}
