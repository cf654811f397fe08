"""What an unquoted scalar means: what YAML 1.2 says of it, in spellings that say it to every person.

`y`, `no` and `on` are text, `true` and `false` are the only truth values, and `1e-6` is a number. Other spellings that
readers disagree on (`010`, `1:30`, `.5`, dates, ...) are refused rather than guessed at: they are seldom meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from harness.contract.quoting import shortened

Scalar = str | int | float | bool | None

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_HEX = re.compile(r"[-+]?0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)")
_SPELT = re.compile(r"([-+]?)([0-9]*)\.([0-9]*)(.*)")  # of what `_point` is asked about
_LARGEST = 2**63 - 1
_QUOTE = "quote it if it is text"
_ZERO = f"write it without the leading zero, or {_QUOTE}"
_FINITE = "a contract holds finite numbers only"


@dataclass(frozen=True)
class RefusedScalar:
    """Why a plain scalar is refused."""

    message: str
    hint: str


def _point(text: str) -> str:
    """The spelling of `.5`, `5.` or `5.e3` with digits on both sides of the point."""
    sign, whole, part, power = _SPELT.fullmatch(text).groups()  # type: ignore[union-attr]
    return f"write {sign}{whole or '0'}.{part or '0'}{power}"


def _truth(text: str) -> str:
    return f"write {text.lower()}, or {_QUOTE}"


# (spelling, what it is called, the hint); the first that matches the whole scalar is told. Every pattern
# takes linear time: a scalar may be as long as the file.
_REFUSED: list[tuple[re.Pattern[str], str, str | Callable[[str], str]]] = [
    (re.compile(pattern), name, hint)
    for pattern, name, hint in (
        (r"", "empty value", "nothing in a contract is null: leave the key out, or write the value"),
        (r"~|null|Null|NULL", "null", "nothing in a contract is null: leave the key out"),
        (r"(?i:true|false)", "true or false in another spelling", _truth),
        (
            r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)\.)(?:[eE][-+]?[0-9]+)?",
            "a number without digits on both sides of the point",
            _point,
        ),
        (r"(?i:[-+]?\.inf|\.nan)", "a number that is not finite", _FINITE),
        (r"[-+]?[0-9][0-9_]*+(?::[0-5]?[0-9])++(?:\.[0-9_]*+)?", "a number in base 60 to YAML 1.1", _QUOTE),
        (r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?", "a date to YAML 1.1", _QUOTE),
        (r"[-+]?0[0-9]+", "an octal number to YAML 1.1", _ZERO),
        (r"[-+]?0[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?", "a number with a leading zero", _ZERO),
        (r"[-+]?0[oO][0-7_]+", "an octal number to YAML 1.2", f"write it in decimal, or {_QUOTE}"),
        (r"[-+]?0[bB][01_]+", "a binary number to YAML 1.1", f"write it in decimal, or {_QUOTE}"),
        (
            r"[-+]?0X[0-9a-fA-F_]+|(?=.*_)[-+]?0x[0-9a-fA-F_]+",
            "a hexadecimal number in an unusual spelling",
            f"write it as 0x1f, or {_QUOTE}",
        ),
        (
            r"(?=.*_)[-+]?(?:[0-9][0-9_]*+(?:\.[0-9_]*+)?|\.[0-9_]++)(?:[eE][-+]?[0-9]++)?",
            "a number with underscores",
            f"write it without underscores, or {_QUOTE}",
        ),
    )
]
_WORDS = frozenset({"true", "false", "null", "~", ""})
_LONGEST_WORD = max(map(len, _WORDS))


def resolve(text: str) -> Scalar | RefusedScalar:
    """The value of a plain (unquoted) scalar, or why it has none."""
    if text in ("true", "false"):
        return text == "true"
    # Nearly every scalar is a name or an expression: two cheap looks spare it the table.
    if not (text[:1] in "0123456789+-." or (len(text) <= _LONGEST_WORD and text.lower() in _WORDS)):
        return text
    if _INTEGER.fullmatch(text) or _HEX.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    for pattern, name, hint in _REFUSED:
        if pattern.fullmatch(text):
            message = f"{shortened(text)} is {name}" if text else name
            if isinstance(hint, str):
                return RefusedScalar(message, hint)
            return RefusedScalar(message, hint(text) if len(text) < 40 else _QUOTE)
    return text


def _integer(text: str) -> int | RefusedScalar:
    # The length first: int() of an endless row of digits takes quadratic time.
    if len(text) <= 24:
        value = int(text, 16 if "x" in text else 10)
        if abs(value) <= _LARGEST:
            return value
    return RefusedScalar(f"{shortened(text)} does not fit into 64 bits", _QUOTE)


def _float(text: str) -> float | RefusedScalar:
    value = float(text)
    if abs(value) == float("inf"):
        return RefusedScalar(f"{shortened(text)} is beyond the largest number", _FINITE)
    return value
