"""Messages with expressions in braces: `router byte_size {nbytes(router)} != expected {experts * hidden * 4}`."""

from __future__ import annotations

from string import Formatter

from harness.language.syntax import Node, SyntaxRefused, parse


class TemplateRefused(Exception):
    """The braces of a message do not pair up, or hold something else than an expression."""


def split_message(text: str) -> tuple[str | Node, ...]:
    """Literal texts and parsed expressions in turn; doubled braces are literal."""
    parts: list[str | Node] = []
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise TemplateRefused(str(error)) from None
    for literal, expression, spec, conversion in pieces:
        if literal:
            parts.append(literal)
        if expression is None:
            continue
        if spec or conversion:
            raise TemplateRefused(f"{{{expression}}}: formats are not part of the language")
        try:
            parts.append(parse(expression))
        except SyntaxRefused as error:
            raise TemplateRefused(f"{{{expression}}}: {error.message}") from None
    return tuple(parts)
