"""Two integer expressions on every value of the stored numbers that each of their entries is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.gate.meaning.symbols import Entry, NotSymbolic, Stored, Term, array_of
from harness.language.dtypes import DTYPES
from harness.language.evaluate import Value
from harness.language.operators import INTEGER, UNARY

ENUMERATED = 1 << 20  # values of all stored numbers of one entry together


@dataclass
class Exhausted:
    """What enumerating showed. `n`: values tried, each for all entries that are alike."""

    n: int = 0
    difference: tuple[str, str, str, str] | None = None  # entry, the stored values, old, new


def exhaust(old: Value, new: Value, seen: dict[Any, int]) -> Exhausted:
    """Two arrays of terms on all values of what they are made of; NotSymbolic where these are too many.

    `seen` remembers pairs that were found equal, between calls.
    """
    before, after = array_of(old), array_of(new)
    if before.shape != after.shape:
        return Exhausted(1, ("", "", f"shape {list(before.shape)}", f"shape {list(after.shape)}"))
    result = Exhausted()
    for place in np.ndindex(before.shape):
        names: dict[Stored, Stored] = {}
        pair = _canonical(before[place], names), _canonical(after[place], names)
        if pair in seen:
            continue
        leaves = list(names.values())
        count = int(np.prod([float(_count(leaf)) for leaf in leaves])) if leaves else 1
        if count > ENUMERATED:
            if pair[0] == pair[1]:  # the same expression of the same bytes
                seen[pair] = 0
                continue
            raise NotSymbolic("too many values")
        values = _every(leaves)
        left, right = (np.broadcast_to(np.asarray(_value(side, values)), (count,)) for side in pair)
        differ = left != right
        seen[pair] = count
        result.n += count
        if differ.any():
            at = int(np.argmax(differ))
            shown = ", ".join(f"{leaf} = {int(values[kept][at])}" for leaf, kept in names.items())
            entry = f"[{', '.join(map(str, place))}]" if place else ""
            result.difference = (entry, shown, str(int(left[at])), str(int(right[at])))
            return result
    return result


def _canonical(entry: Entry, names: dict[Stored, Stored]) -> Entry:
    """The same term with stored integers numbered in the order in which they appear."""
    match entry:
        case Stored(dtype=dtype):
            return names.setdefault(entry, Stored(f"#{len(names)}", (), dtype))
        case Term(op=op, parts=parts):
            return Term(op, tuple(_canonical(part, names) for part in parts))
    return entry


def _count(leaf: Stored) -> int:
    return 1 << DTYPES[leaf.dtype].bits


def _every(leaves: list[Stored]) -> Mapping[Stored, np.ndarray]:
    """All combinations of values, as one flat array for each stored integer."""
    ranges = [DTYPES[leaf.dtype].integers for leaf in leaves]
    axes = [np.arange(integers.start, integers.stop, dtype=np.int64) for integers in ranges]
    grid = np.meshgrid(*axes, indexing="ij") if axes else []
    return {leaf: part.reshape(-1) for leaf, part in zip(leaves, grid, strict=True)}


def _value(entry: Entry, values: Mapping[Stored, np.ndarray]) -> Any:
    match entry:
        case Stored():
            return values[entry]
        case Term(op=op, parts=(left, right)):
            with np.errstate(all="ignore"):
                return INTEGER[op](_value(left, values), _value(right, values))
        case Term(op=op, parts=(only,)):
            return UNARY[op].apply(_value(only, values))
    return entry
