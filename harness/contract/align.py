"""Which piece of the source wrote which character of a scalar's value.

YAML folds, strips and unescapes, but it never adds, drops or reorders a character that is not white
space. So the k-th such character of the value comes from the k-th such piece of the source, whatever the
style; white space is placed relative to its neighbour on the left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Piece = tuple[int, int]  # from, to: positions in the source slice of the scalar

_SPACE = " \t\r\n"
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\r?\n)|([nrt ])|.)|[^ \t\r\n\\]", re.DOTALL
)
_SINGLE = re.compile(r"''|[^ \t\r\n]")


def _double_quoted(raw: str) -> Iterator[Piece]:
    for found in _ESCAPE.finditer(raw, 1, len(raw) - 1):
        code = found[1] or found[2] or found[3]
        if found[4] or found[5] or (code and chr(int(code, 16)) in _SPACE):
            continue  # it wrote white space, or joined two lines
        yield found.span()


def _single_quoted(raw: str) -> Iterator[Piece]:
    for found in _SINGLE.finditer(raw, 1, len(raw) - 1):
        yield found.span()


def _unquoted(raw: str, start: int) -> Iterator[Piece]:
    for index in range(start, len(raw)):
        if raw[index] not in _SPACE:
            yield index, index + 1


def pieces(raw: str, style: str) -> Iterator[Piece]:
    """Where each character of the value that is not white space was written, in order."""
    if style == '"':
        return _double_quoted(raw)
    if style == "'":
        return _single_quoted(raw)
    # The first line of a block scalar is its header: indicators and perhaps a comment.
    return _unquoted(raw, raw.find("\n") + 1 if style in ("|", ">") else 0)


def source_index(value: str, raw: str, style: str, offset: int) -> int:
    """The position in `raw` that wrote `value[offset]`; one past the last piece for the end of the value."""
    offset = max(0, min(offset, len(value)))
    wanted = sum(1 for character in value[:offset] if character not in _SPACE)
    on_a_character = offset < len(value) and value[offset] not in _SPACE
    end = 0
    for index, (start, stop) in enumerate(pieces(raw, style)):
        if index == wanted and (on_a_character or wanted == 0):
            return start
        if index == wanted:
            break
        end = stop
    # White space, or the end: as far right of the last piece as the same run of blanks reaches.
    behind = offset - len(value[:offset].rstrip(_SPACE))
    blanks = len(raw) - end - len(raw[end:].lstrip(" "))
    return end + min(behind, blanks)
