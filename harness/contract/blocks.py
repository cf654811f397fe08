"""Block formats: every field inside its block, none over another, and names that exist."""

from __future__ import annotations

from collections.abc import Iterator

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.contract.quoting import quoted, suggestion
from harness.findings import Finding
from harness.language.dtypes import DTYPES


def fields(root: YamlNode) -> Iterator[Finding]:
    """The byte ranges of the fields of every format."""
    for block in entries(root, "formats").values():
        yield from _ranges(block)
        yield from _overlaps(block)


def _span(field: YamlNode) -> tuple[int, int]:
    start, stop = (node.value for node in items(field, "at"))
    assert isinstance(start, int) and isinstance(stop, int)
    return start, stop


def _ranges(block: YamlNode) -> Iterator[Finding]:
    size = entries(block)["bytes"].value
    assert isinstance(size, int)
    for name, field in entries(block, "fields").items():
        start, stop = _span(field)
        place = entries(field)["at"].place
        dtype = DTYPES[str(entries(field)["dtype"].value)]
        got = f"[{start}, {stop}]"
        if start >= stop:
            yield Finding(place, f"field {quoted(name)} is empty", "[start, stop] with start < stop", got)
        elif stop > size:
            yield Finding(place, f"field {quoted(name)} ends outside its block", f"at most {size}", got)
        elif (stop - start) % dtype.bytes:
            expected = f"a multiple of {dtype.bytes} bytes for {dtype.name}"
            yield Finding(place, f"field {quoted(name)} ends within an element", expected, got)


def _overlaps(block: YamlNode) -> Iterator[Finding]:
    ordered = sorted((*_span(field), name) for name, field in entries(block, "fields").items())
    # Against the field that reaches furthest so far: the neighbour alone would miss a long one further left.
    furthest, owner = 0, ""
    for start, stop, name in ordered:
        if start < furthest and start < stop:
            place = entries(entries(block, "fields")[name])["at"].place
            message = f"field {quoted(name)} overlaps {quoted(owner)}"
            yield Finding(place, message, f"a start of at least {furthest}", str(start))
        if stop > furthest:
            furthest, owner = stop, name


def references(root: YamlNode) -> Iterator[Finding]:
    """`weights` is one of the format's equations, `scales` are fields of it."""
    for block in entries(root, "formats").values():
        weights, equations = entries(block)["weights"], entries(block, "equations")
        if weights.value not in equations:
            hint = suggestion(str(weights.value), equations)
            yield Finding(weights.place, f"weights: no equation {quoted(str(weights.value))}", hint=hint)
        known = entries(block, "fields")
        for scale in items(block, "scales"):
            if scale.value not in known:
                hint = suggestion(str(scale.value), known)
                yield Finding(scale.place, f"scales: no field {quoted(str(scale.value))}", hint=hint)
