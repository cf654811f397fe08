"""Small damages of good inputs: of bytes, of the words of a text, and of JSON as a tree."""

from __future__ import annotations

import json
import random
import re
import struct
from collections.abc import Callable, Sequence
from typing import Any

NUMBERS = (0, 1, 2, 3, 7, 8, 31, 32, 33, 127, 128, 255, 256, 65535, 65536, 10**6, 2**31 - 1, 2**31, 2**32 - 1, 2**32,
           2**53, 2**62, 2**63 - 1, 2**63, 2**64 - 1)  # fmt: skip
WORD = re.compile(r"\w+|[^\w\s]|\s+")
ODD = ("", " ", "\n", "\t", "\0", "\x1b[31m", "\u202e", "\ud800", "é", "0x10", "1_000", "1e999", "-1", "nan", "inf",
       "null", "~", "[", "]", "{", "}", ":", ",", "'", '"', "|", ">", "&a", "*a", "!!python/object:os.system", "---",
       "<<", "#", "%", "@", "`", "(", ")", "((((((((", "a" * 300, "1" * 30, "9" * 5000)  # fmt: skip


def damaged_bytes(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """One to four damages: a flipped bit, a number, a cut, a piece taken out, doubled or from another input."""
    made = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(made) + 1)
        end = min(len(made), at + rng.choice((1, 2, 4, 8, 16, 64, 512)))
        match rng.randrange(6):
            case 0 if at < len(made):
                made[at] ^= 1 << rng.randrange(8)
            case 1:
                width = rng.choice((1, 2, 4, 8))
                made[at : at + width] = struct.pack("<Q", rng.choice(NUMBERS) % 2**64)[:width]
            case 2:
                del made[at:]
            case 3:
                del made[at:end]
            case 4:
                made[at:at] = made[at:end] * rng.choice((1, 2, 100))
            case _:
                other = rng.choice(others)
                start = rng.randrange(len(other) + 1)
                made[at:at] = other[start : start + rng.choice((1, 8, 64, 512))]
    return bytes(made)


def damaged_text(rng: random.Random, text: str, words: Sequence[str]) -> str:
    """One to four damages of words, or of lines: replaced, taken out, doubled, swapped."""
    for _ in range(rng.randint(1, 4)):
        parts = WORD.findall(text) if rng.random() < 0.7 else text.splitlines(keepends=True)
        if not parts:
            return rng.choice(ODD)
        at, other = rng.randrange(len(parts)), rng.randrange(len(parts))
        match rng.randrange(5):
            case 0:
                parts[at] = _word(rng, words)
            case 1:
                del parts[at]
            case 2:
                parts[at:at] = parts[at : at + rng.choice((1, 2, 8))] * rng.choice((1, 1, 30))
            case 3:
                parts[at], parts[other] = parts[other], parts[at]
            case _:
                parts.insert(at, _word(rng, words))
        text = "".join(parts)
    return text


def _word(rng: random.Random, words: Sequence[str]) -> str:
    chosen = rng.randrange(4)
    return str(rng.choice(NUMBERS)) if not chosen else rng.choice(ODD) if chosen == 1 else rng.choice(words)


def damaged_tree(rng: random.Random, data: Any) -> Any:
    """One to four damages of a JSON value: a part replaced, taken out, doubled, moved elsewhere."""
    made = json.loads(json.dumps(data))
    for _ in range(rng.randint(1, 4)):
        places = list(_places(made))
        if not places:
            return _value(rng, made)
        holder, key = rng.choice(places)
        source, name = rng.choice(places)
        match rng.randrange(5):
            case 0 | 1:
                holder[key] = _value(rng, holder[key])
            case 2:
                del holder[key]
            case 3 if isinstance(holder, list):
                holder[key:key] = [holder[key]] * rng.choice((1, 1, 2, 200))
            case 3:
                holder[rng.choice(ODD)] = holder[key]
            case _:
                holder[key] = json.loads(json.dumps(source[name]))
    return made


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Every part with what holds it."""
    found: list[tuple[Any, Any]] = []
    pending = [data]
    while pending:
        holder = pending.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            found.append((holder, key))
            pending.append(holder[key])
    return found


def _value(rng: random.Random, old: Any) -> Any:
    """Another value: near the old one, or of another type."""
    near: list[Callable[[], Any]] = [
        lambda: rng.choice(NUMBERS) * rng.choice((1, -1)), lambda: rng.choice((0.5, -1.0, 1e308, 5e-324)),
        lambda: rng.choice(ODD), lambda: rng.choice((None, True, False, [], {}, [[]], {"": {}})), lambda: _nested(rng),
    ]  # fmt: skip
    if isinstance(old, str) and old and rng.random() < 0.5:
        return damaged_text(rng, old, ODD)
    if isinstance(old, int) and rng.random() < 0.5:
        return old + rng.choice((-1, 1))
    return rng.choice(near)()


def _nested(rng: random.Random) -> Any:
    value: Any = 1
    for _ in range(rng.choice((3, 60, 400))):
        value = [value] if rng.random() < 0.5 else {"a": value}
    return value


def shorter(data: bytes, fails: Callable[[bytes], bool], tries: int) -> bytes:
    """The input with everything taken out that the failure does not need, in at most so many tries."""
    size = max(1, len(data) // 2)
    while tries > 0:
        at, before = 0, len(data)
        while at < len(data) and tries > 0:
            candidate = data[:at] + data[at + size :]
            tries -= 1
            if fails(candidate):
                data = candidate
            else:
                at += size
        if size == 1 and len(data) == before:
            break
        size = max(1, size // 2)
    return data
