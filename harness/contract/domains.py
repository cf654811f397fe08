"""What a case may draw: ranges that hold something, and what a falsifier narrows."""

from __future__ import annotations

from collections.abc import Iterator

from harness.contract.access import entries, items, place_of
from harness.contract.node import YamlNode
from harness.contract.quoting import quoted, suggestion
from harness.findings import Finding

_OF_DIMENSIONS = {"min", "max", "values"}
_OF_INPUTS = {"values", "dtype", "not"}


def ranges(root: YamlNode) -> Iterator[Finding]:
    """Literal ranges from which nothing can be drawn."""
    for dimension in entries(root, "dimensions").values():
        yield from _empty_range(dimension)
    for _, given in _givens(root):
        yield from _empty_range(given)


def _empty_range(node: YamlNode) -> Iterator[Finding]:
    if not isinstance(node.value, dict):
        return
    least, most = node.value.get("min"), node.value.get("max")
    if not (least and most and isinstance(least.value, int) and isinstance(most.value, int)):
        return  # an expression: only a case can tell
    if least.value > most.value:
        yield Finding(most.place, "max is less than min", f"at least {least.value}", str(most.value))


def _givens(root: YamlNode) -> Iterator[tuple[str, YamlNode]]:
    for falsifier in items(root, "falsification_tests"):
        yield from entries(falsifier, "given").items()


def givens(root: YamlNode) -> Iterator[Finding]:
    """A falsifier narrows dimensions and inputs that exist, each in its own way."""
    dimensions, inputs = entries(root, "dimensions"), entries(root, "inputs")
    for name, given in _givens(root):
        if name in dimensions:
            yield from _of_dimension(name, given)
        elif name in inputs:
            yield from _of_input(name, given, inputs[name])
        else:
            place = place_of(given)
            hint = suggestion(name, {**dimensions, **inputs})
            yield Finding(place, f"no dimension or input {quoted(name)}", hint=hint)


def _of_dimension(name: str, given: YamlNode) -> Iterator[Finding]:
    if isinstance(given.value, int):
        return
    for key, child in entries(given).items():
        if key not in _OF_DIMENSIONS:
            message = f"{key!r} does not apply to {name!r}, which is a dimension"
            yield Finding(place_of(child), message, "min, max or values")
    values = entries(given).get("values")
    if values and len(entries(given)) > 1:
        yield Finding(place_of(values), "values together with other keys", "min and max, or values")
    for value in items(given, "values"):
        if not isinstance(value.value, int):
            message = f"{name!r} is a dimension: its values are integers"
            yield Finding(value.place, message, "a list of integers", quoted(str(value.value)))
    if values and isinstance(values.value, int):
        yield Finding(values.place, "wrong type", "a list of integers", str(values.value))


def _of_input(name: str, given: YamlNode, declared: YamlNode) -> Iterator[Finding]:
    if isinstance(given.value, int):
        message = f"{name!r} is an input, not a dimension"
        yield Finding(given.place, message, "a mapping with values, dtype or not", str(given.value))
        return
    for key, child in entries(given).items():
        if key not in _OF_INPUTS:
            message = f"{key!r} does not apply to {name!r}, which is an input"
            yield Finding(place_of(child), message, "values, dtype or not")
    kinds = {item.value for item in items(given, "values")}
    for item in items(given, "values"):
        if isinstance(item.value, int):
            message = f"{name!r} is an input: its values are kinds"
            yield Finding(item.place, message, "a kind such as normal", str(item.value))
    for item in items(given, "not"):
        if item.value in kinds:
            yield Finding(item.place, f"kind {item.value!r} is in both 'values' and 'not'", hint="remove one")
    dtypes = {str(item.value) for item in items(declared, "dtype")}
    for item in items(given, "dtype"):
        if item.value not in dtypes:
            hint = suggestion(str(item.value), dtypes)
            yield Finding(item.place, f"input {name!r} has no dtype {quoted(str(item.value))}", hint=hint)
