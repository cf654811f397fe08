"""A counterexample told as an argument that a person can check: let ..., by the equations ..., then ..."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.report.wording import WIDTH, wrap

BOUND = "\N{NO-BREAK SPACE}"  # keeps a name, its `=` and its number on one line


def argument(example: Mapping[str, Any], width: int = WIDTH) -> Iterator[str]:
    """Let ... then ... : the case and where it parts from the contract."""
    numbers = {**example["dimensions"], **example["table"]}
    together = ", ".join(f"{name}{BOUND}={BOUND}{value}" for name, value in numbers.items())
    yield from (line.replace(BOUND, " ") for line in wrap(f"Let {together}", width, 2, 6))
    for name, part in example["inputs"].items():
        kind = f" ({part['dtype']})" if "format" in part else ""
        yield from wrap(f"{name}{kind} = {part['shown']}", width, 6, 10)
    if example["steps"]:
        yield "  By the equations"
        for name, shown in example["steps"].items():
            yield from wrap(f"{name} = {shown}", width, 6, 10)
    yield from difference(example["evidence"], width)


def difference(evidence: Mapping[str, Any], width: int = WIDTH) -> Iterator[str]:
    """Expected and got, and by how much they differ."""
    stage = f"stage {evidence['stage']}: " if evidence["stage"] else ""
    place = "" if evidence["index"] is None else f" at {evidence['index']}"
    yield from wrap(f"Then {stage}{evidence['reason']}{place}", width, 2, 6)
    yield from wrap(f"expected {evidence['expected']}", width, 6, 15)
    ulps = "" if evidence["ulps"] is None else f" ({evidence['ulps']:.3g} ulps away)"
    yield from wrap(f"got      {evidence['got']}{ulps}", width, 6, 15)
    if evidence["bound"] is not None:
        beyond = f"elements beyond theirs: {evidence['wrong']} of {evidence['of']}"
        yield from wrap(f"bound    {evidence['bound']:.3g}; {beyond}", width, 6, 15)
    elif evidence["wrong"]:
        yield from wrap(f"elements that differ: {evidence['wrong']} of {evidence['of']}", width, 6, 15)
