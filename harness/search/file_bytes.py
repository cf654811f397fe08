"""The bytes of a file that a claim hands to the subject: where they differ from the contract's, and in which field.

Of a file that is written out by equations, nothing but the damage is of interest: the place, what stands there, what
stood there, and the part of the equations that writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from harness.language import types as T
from harness.language.dtypes import BYTE
from harness.language.syntax import Call, Name, Node, spell, walk
from harness.program.model import Program
from harness.search.array_text import show_bytes
from harness.search.trial import Trial

RANGES = 3  # of bytes that differ
LONGEST = 16  # bytes shown of one


def file_steps(trial: Trial) -> Iterator[dict[str, Any]]:
    """A step for each file that the failing part of the claim gives to a function."""
    told = set()
    for node in walk(trial.failing_part()):
        if not isinstance(node, Call) or node.name not in trial.program.contract.subjects:
            continue
        for argument, given in given_files(trial.program, node):
            if (argument, given) in told:
                continue
            told.add((argument, given))
            data = np.asarray(trial.value(given)).reshape(-1)
            carried = trial.program.scope.subjects[node.name].arguments[argument]
            shown = _shown(trial, data, carried, given)
            yield {
                "name": argument, "text": spell(given), "shape": [data.size], "shown": shown, "at": None,
                "bound": None, "got": None, "verdict": "unseen",
            }  # fmt: skip


def given_files(program: Program, call: Call) -> Iterator[tuple[str, Node]]:
    """The arguments of a call that are bytes of a file, as the claim gives them, or by the name that carries them."""
    replaced = dict(call.keywords)
    for argument, carried in program.scope.subjects[call.name].arguments.items():
        if is_of_bytes(program, carried):
            yield argument, replaced.get(argument, Name(carried))


def is_of_bytes(program: Program, name: str) -> bool:
    """Whether a name stands for the bytes of a file."""
    kind = program.scope.names.get(name)
    return isinstance(kind, T.Array) and kind.dtype == BYTE.name


def _shown(trial: Trial, data: np.ndarray, carried: str, given: Node) -> str:
    """How the bytes differ from those that the function gets where a claim gives none; where it gives none, all."""
    if given == Name(carried):
        return show_bytes(data)
    whole = np.asarray(trial.value(Name(carried))).reshape(-1)
    both = min(data.size, whole.size)
    places = np.flatnonzero(data[:both] != whole[:both])
    if not places.size and data.size < whole.size:
        return f"{data.size} bytes: cut off in {_field(trial, Name(carried), data.size)}; {carried} has {whole.size}"
    if not places.size:
        return f"{data.size} bytes: all {whole.size} of {carried}, and {show_bytes(data[both:])}"
    if data.size == whole.size and places.size <= RANGES * LONGEST:
        runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
        parts = [_damage(trial, carried, data, whole, int(run[0]), int(run[-1]) + 1) for run in runs[:RANGES]]
        more = [f"{len(runs) - RANGES} more places"] if len(runs) > RANGES else []
        return f"{data.size} bytes, as {carried} but for {'; '.join([*parts, *more])}"
    first = int(places[0])
    told = f"from byte {first} on other than {carried}, in {_field(trial, given, first)}"
    return f"{data.size} bytes, {told}: {_hexadecimal(data[first : first + LONGEST])} ..."


def _damage(trial: Trial, carried: str, data: np.ndarray, whole: np.ndarray, start: int, end: int) -> str:
    place = f"byte {start}" if end == start + 1 else f"bytes {start} to {end - 1}"
    field = _field(trial, Name(carried), start)
    return f"{place} ({field}): {_hexadecimal(data[start:end])} instead of {_hexadecimal(whole[start:end])}"


def _hexadecimal(data: np.ndarray) -> str:
    return data.astype(np.uint8).tobytes().hex(" ")


def _field(trial: Trial, node: Node, place: int) -> str:
    """The part of an expression that writes the byte at `place`: the innermost equation, and what it says there."""
    names: list[str] = []
    while True:
        if isinstance(node, Name) and node.id in trial.program.equations:
            names.append(node.id)
            node = trial.program.equations[node.id]
        elif isinstance(node, Call) and node.name == "patch":
            node = node.arguments[0]
        elif isinstance(node, Call) and node.name == "concat":
            for part in node.arguments:
                size = np.asarray(trial.value(part)).size
                if place < size:
                    break
                place -= size
            else:
                return "nothing: the file ends there"
            node = part
        else:
            text = spell(node)
            return f"{text} of {names[-1]}" if names and text != names[-1] else text
