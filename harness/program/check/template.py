"""Messages with expressions in braces: `router byte_size {nbytes(router)} != expected {experts * hidden * 4}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.language.syntax import Node, SyntaxRefused, parse

_PIECE = re.compile(r"\{\{|\}\}|\{(?P<expression>[^{}]*)\}|[{}]")


class TemplateRefused(Exception):
    """The braces of a message do not pair up, or hold something else than an expression; `offset` in the message."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True)
class Hole:
    """An expression of a message, and where it begins."""

    node: Node
    offset: int


def holes(text: str) -> tuple[str | Hole, ...]:
    """Literal texts and parsed expressions in turn; doubled braces are literal."""
    parts: list[str | Hole] = []
    literal, end = "", 0
    for piece in _PIECE.finditer(text):
        literal += text[end : piece.start()]
        end = piece.end()
        if piece[0] in ("{{", "}}"):
            literal += piece[0][0]
            continue
        if piece["expression"] is None:
            raise TemplateRefused(f"unbalanced {piece[0]!r}", piece.start())
        if literal:
            parts.append(literal)
            literal = ""
        start = piece.start("expression")
        try:
            parts.append(Hole(parse(piece["expression"]), start))
        except SyntaxRefused as error:
            raise TemplateRefused(f"{piece[0]}: {error.message}", start + error.offset) from None
    literal += text[end:]
    return (*parts, literal) if literal else tuple(parts)


def split_message(text: str) -> tuple[str | Node, ...]:
    """The same without the offsets."""
    return tuple(part.node if isinstance(part, Hole) else part for part in holes(text))
