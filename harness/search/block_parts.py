"""The parts of one weight of a quantised tensor: the fields and equations of its block that it depends on.

Which entries of which field matter is found by trying: in a random block, one entry after another is changed, and the
weight depends on those that change it. So nothing here knows any format, and new formats of contracts work as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from harness.language.evaluate import Bindings, evaluate
from harness.language.formats import BlockFormat
from harness.language.packed import Packed, field, set_field
from harness.language.single import Single
from harness.language.syntax import names
from harness.search.arrays import only_finite

Entry = tuple[int, ...]
SHOWN = 4  # entries of one field or equation
TRIES = 4  # random blocks


def block_parts(packed: Packed, element: Entry) -> list[dict[str, str]]:
    """The parts of the weight at `element` of a tensor, as names with values, in the order of the format."""
    format_ = packed.format
    block, position = divmod(element[-1], format_.values)
    raw = packed.raw[(*element[:-1], block)][None]
    values = _evaluated(format_, {name: field(format_, raw, name) for name in format_.fields}, {})
    parts = []
    for name, entries in dependence(format_, position).items():
        for entry in entries[:SHOWN]:
            place = f"[{', '.join(map(str, entry))}]" if entry else ""
            parts.append({"name": f"{name}{place}", "value": _number(values[name][(0, *entry)])})
    weight = values[format_.weights].reshape(1, -1)[0, position]
    return [*parts, {"name": f"{format_.weights}[{position}]", "value": _number(weight)}]


@lru_cache(maxsize=4096)
def dependence(format_: BlockFormat, position: int) -> dict[str, list[Entry]]:
    """By field and equation, the entries on which the weight at a position of its block depends."""
    found: dict[str, set[Entry]] = {}
    for seed in range(TRIES):
        for name, entries in _dependence_in(format_, position, seed):
            found.setdefault(name, set()).update(entries)
    return {name: sorted(entries) for name, entries in found.items() if entries}


def _dependence_in(format_: BlockFormat, position: int, seed: int) -> Iterator[tuple[str, list[Entry]]]:
    """The same, as one random block shows it: where a factor is zero there, the other factors seem not to matter."""
    raw = np.random.default_rng(seed).integers(1, 255, (1, format_.size), np.uint8)
    only_finite(format_, raw)  # a NaN differs from itself
    for name in format_.scales:
        set_field(format_, raw, name, np.full_like(field(format_, raw, name), 3))
    plain = {name: field(format_, raw, name) for name in format_.fields}
    values = _evaluated(format_, plain, {})
    weight = values[format_.weights].reshape(1, -1)[0, position]
    of_the_block = _of_the_block(format_)
    for name, value in values.items():
        if name == format_.weights:
            return
        if name not in of_the_block:
            continue
        changed = _each_entry_changed(value[0])
        many = {key: np.repeat(part, len(changed), axis=0) for key, part in plain.items()}
        weights = _evaluated(format_, many, {name: changed})[format_.weights].reshape(len(changed), -1)
        flat = np.flatnonzero(weights[:, position] != weight)
        yield name, [tuple(int(i) for i in np.unravel_index(int(at), value[0].shape)) for at in flat]


def _of_the_block(format_: BlockFormat) -> set[str]:
    """The fields, and the equations made of them: not a codebook, which is the same for every block."""
    found = set(format_.fields)
    for name, node in format_.equations.items():
        if names(node) & found:
            found.add(name)
    return found


def _each_entry_changed(value: np.ndarray) -> np.ndarray:
    """One copy for each entry, with that entry changed."""
    value = np.asarray(value)
    copies = np.repeat(value[None], max(value.size, 1), axis=0)
    flat = copies.reshape(len(copies), -1)
    place = np.arange(len(copies))
    flat[place, place] = flat[place, place] * 2 + 1 if value.dtype.kind == "f" else ~flat[place, place]
    return copies


class _AnyIndex(Single):
    """Float32, in which a code that was changed to its complement counts from the end of its codebook."""

    key = "any index"

    def index(self, value: Any, items: tuple[Any, ...]) -> Any:
        return value[items]


def _evaluated(format_: BlockFormat, fields: dict[str, np.ndarray], instead: dict[str, np.ndarray]) -> dict[str, Any]:
    """The fields and equations of a batch of blocks, those in `instead` replaced by the values there."""
    bindings = Bindings(_AnyIndex(), format_.equations, {}, {**fields, **instead})
    with np.errstate(all="ignore"):
        for name, node in format_.equations.items():
            bindings.known[name] = instead[name] if name in instead else evaluate(node, bindings, batched=True)
            if name == format_.weights:
                break
    return {name: np.asarray(bindings.value(name)) for name in (*fields, *bindings.known)}


def _number(value: Any) -> str:
    return f"{float(value):.9g}" if np.asarray(value).dtype.kind == "f" else str(int(value))
