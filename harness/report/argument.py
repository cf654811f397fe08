"""A counterexample told as an argument that a person can check: let ..., by the equations ..., then ..."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.language.dtypes import DTYPES, FLOAT32
from harness.report.terminal_text import WIDTH, quoted_value, wrap

BOUND = "\N{NO-BREAK SPACE}"  # keeps a name, its `=` and its number on one line
SAID = {
    "agrees": "agrees within its bound", "parts": "differs here too", "open": "cannot be decided here",
    "tied": "chose differently among values that rounding cannot tell apart",
}  # fmt: skip
SHORT = {"agrees": "ok", "parts": "differs", "open": "open", "tied": "tied"}  # of a stage

Data = Mapping[str, Any]


def argument(example: Data, width: int = WIDTH) -> Iterator[str]:
    """Let ... then ... : the case, the equations one by one, and where the subject differs from them."""
    yield from let(example, width)
    yield from steps(example, width)
    yield from stage_row(example["stages"], width)
    yield from difference(example["evidence"], width)
    yield from blocks(example["blocks"], width)


def let(example: Data, width: int = WIDTH) -> Iterator[str]:
    """The case; inputs of zeros that do not matter come last, in one line."""
    numbers = {**example["dimensions"], **example["table"]}
    together = ", ".join(f"{name}{BOUND}={BOUND}{quoted_value(value)}" for name, value in numbers.items())
    yield from (line.replace(BOUND, " ") for line in wrap(f"Let {together}", width, 2, 6))
    for name, part in example["inputs"].items():
        if not part["zero"]:
            yield from wrap(f"{name}{_typed(part)} = {part['shown']}", width, 6, 10)
    zeros = [f"{name}{_typed(part)} {part['shape']}" for name, part in example["inputs"].items() if part["zero"]]
    if zeros:
        yield from wrap(f"all zeros: {', '.join(zeros)}", width, 6, 10)


def _typed(part: Data) -> str:
    """The type of an input in parentheses, where it is stored in blocks or in real numbers other than float32."""
    plain = DTYPES.get(part["dtype"], FLOAT32)
    return f" ({part['dtype']})" if "format" in part or (plain.is_real and plain is not FLOAT32) else ""


def steps(example: Data, width: int = WIDTH) -> Iterator[str]:
    """The equations in their order, and what the subject shows of each; the first that differs is marked."""
    if not example["steps"]:
        return
    yield "  By the equations"
    parted = False
    for step in example["steps"]:
        text = f" = {step['text']}" if step["text"] else ""
        yield from wrap(f"{step['name']}{text}", width, 6, 10)
        at = "" if step["at"] is None else f"; at the worst element {step['at']}"
        yield from wrap(f"= {step['shown']}{at}", width, 8, 12)
        if step["verdict"] != "unseen":
            first = step["verdict"] == "parts" and not parted
            parted = parted or first
            own = ", given what it showed before" if parted else ""
            said = f"{SAID[step['verdict']]}{own if step['verdict'] == 'agrees' else ''}"
            verdict = "the subject DIFFERS HERE FIRST" if first else f"the subject {said}"
            shown = "" if step["got"] in (None, step["at"], step["shown"]) else f": {step['got']}"
            yield from wrap(f"{verdict}{shown}", width, 8, 12)


def stage_row(stages: list[Data], width: int = WIDTH) -> Iterator[str]:
    """The stages in a row, each judged from the captured ones before it."""
    if not stages:
        return
    first = next((number for number, stage in enumerate(stages) if stage["verdict"] == "parts"), None)
    told = []
    for number, stage in enumerate(stages):
        mark = "DIFFERS FIRST" if number == first else SHORT[stage["verdict"]]
        told.append(f"{stage['name']}{BOUND}{mark}")
    lines = wrap(f"Stages of {stages[0]['function']}(): {' > '.join(told)}", width, 2, 6)
    yield from (line.replace(BOUND, " ") for line in lines)


def difference(evidence: Data, width: int = WIDTH) -> Iterator[str]:
    """Expected and got, and by how much they differ."""
    stage = f"stage {evidence['stage']}: " if evidence["stage"] else ""
    place = "" if evidence["index"] is None else f" at {evidence['index']}"
    yield from wrap(f"Then {stage}{evidence['reason']}{place}", width, 2, 6)
    yield from wrap(f"expected {evidence['expected']}", width, 6, 15)
    ulps = "" if evidence["ulps"] is None else f" ({evidence['ulps']:.3g} ulps away)"
    yield from wrap(f"got      {evidence['got']}{ulps}", width, 6, 15)
    if evidence["error"] is not None:
        times = "" if evidence["exceeds"] is None else f", {evidence['exceeds']:.3g} times the bound"
        yield from wrap(f"error    {evidence['error']:.3g}{times}", width, 6, 15)
    if evidence["bound"] is not None:
        beyond = f"elements beyond their bounds: {evidence['wrong']} of {evidence['of']}"
        yield from wrap(f"bound    {evidence['bound']:.3g}; {beyond}", width, 6, 15)
    elif evidence["wrong"]:
        yield from wrap(f"elements that differ: {evidence['wrong']} of {evidence['of']}", width, 6, 15)


def blocks(parts: list[Data], width: int = WIDTH) -> Iterator[str]:
    """Quantised weights at the worst element, with the fields that each is made of."""
    for part in parts:
        fields = ", ".join(
            f"{field['name'].replace(' ', '')}{BOUND}={BOUND}{field['value']}" for field in part["fields"]
        )
        text = f"where {part['input']}{part['element']} ({part['format']}) is {fields}"
        yield from (line.replace(BOUND, " ") for line in wrap(text, width, 6, 10))
