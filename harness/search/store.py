"""A counterexample as plain data: readable, and complete enough to be replayed by a later version of the code."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.contract.digest import digest
from harness.contract.program import FalsifierProgram, Program
from harness.findings import HandledError
from harness.language.claims.judge import Evidence
from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings
from harness.language.exact.choice import Choice
from harness.language.exact.domain import Exact
from harness.language.exact.primitives import Undecided
from harness.language.exact.region import Bounded
from harness.language.packed import NUMPY, NotFinite, Packed
from harness.language.syntax import names
from harness.search.case import Case

SHOWN = 12  # entries shown of an array


def counterexample(program: Program, falsifier: FalsifierProgram, case: Case, evidence: Evidence) -> dict[str, Any]:
    """Everything a reader and a replay need."""
    return {
        "contract": program.id,
        "version": program.contract.metadata.version,
        "digest": digest(program.contract),
        "falsifier": falsifier.source.id,
        "claim": falsifier.source.claim.text,
        "place": str(falsifier.source.claim.place),
        "dimensions": {name: int(value) for name, value in case.dimensions.items()},
        "table": dict(case.table),
        "recipe": case.recipe,
        "inputs": {name: encode(value) for name, value in case.inputs.items()},
        "steps": steps(program, falsifier, case),
        "evidence": {
            "reason": evidence.reason, "expected": evidence.expected, "got": evidence.got,
            "bound": evidence.bound, "index": None if evidence.index is None else list(evidence.index),
            "wrong": evidence.wrong, "of": evidence.of, "stage": evidence.stage, "ulps": evidence.ulps,
        },
    }  # fmt: skip


def steps(program: Program, falsifier: FalsifierProgram, case: Case) -> dict[str, str]:
    """The equations that the claim is about, in their order, with their exact values in this case."""
    wanted: set[str] = set()
    for name in names(falsifier.claim):
        wanted |= {name} | program.depends.get(name, frozenset())
        if name in program.contract.subjects:
            for source in program.contract.subjects[name].returns.values():
                wanted |= {source.text.strip()} | program.depends.get(source.text.strip(), frozenset())
    bindings = Bindings(Exact(float32()), program.equations, program.depends, case.given())
    shown = {}
    for name in program.equations:
        if name in wanted:
            with np.errstate(all="ignore"):
                try:
                    value = bindings.value(name)
                except (ArithmeticError, LookupError, TypeError, ValueError, NotFinite, Undecided):
                    continue  # a malformed or open case has no such value; the evidence says what happened
            value = value.index if isinstance(value, Choice) else value.v if isinstance(value, Bounded) else value
            shown[name] = show(np.asarray(value))
    return shown


def encode(value: Any) -> dict[str, Any]:
    """An array with its bytes (zlib, base64) and what a person wants to see of it."""
    if isinstance(value, Packed):
        used = int(np.count_nonzero(value.raw.reshape(-1, value.raw.shape[-1]).any(axis=1)))
        blocks = int(np.prod(value.raw.shape[:-1]))
        shown = f"{blocks} blocks, {used} not zero"
        return {"dtype": value.dtype, "format": value.format.name, "shape": list(value.shape), "shown": shown,
                "data": _pack(value.raw.tobytes())}  # fmt: skip
    name = next(name for name, dtype in NUMPY.items() if dtype == value.dtype.newbyteorder("<"))
    return {"dtype": name, "shape": list(value.shape), "shown": show(value), "data": _pack(value.tobytes())}


def show(value: np.ndarray) -> str:
    """Short arrays whole; of long ones the entries that are not zero, and how many there are."""
    flat = value.reshape(-1)
    if flat.size <= SHOWN:
        return np.array2string(value, precision=9, separator=", ", max_line_width=10_000).replace("\n", "")
    present = np.flatnonzero(flat != 0)
    if not len(present):
        return f"{flat.size} zeros"
    entries = []
    for position in present[:SHOWN]:
        index = ", ".join(str(int(i)) for i in np.unravel_index(int(position), value.shape))
        entries.append(f"[{index}] = {float(flat[position]):.9g}")
    more = f", ... {len(present) - SHOWN} more" if len(present) > SHOWN else ""
    return f"{len(present)} of {flat.size} not zero: {', '.join(entries)}{more}"


def _pack(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, 9)).decode()


def _unpack(text: Any, size: int) -> bytes:
    """Refuses data that unpacks to anything but `size` bytes."""
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(str(text), validate=True), size + 1)
    except (ValueError, zlib.error) as error:
        raise HandledError(f"not a stored case: damaged array data ({error})") from None
    if len(data) != size:
        raise HandledError(f"not a stored case: an array of {len(data)} bytes, expected {size}")
    return data


def decode_case(program: Program, stored: Mapping[str, Any]) -> Case:
    """The case of a counterexample; HandledError where the data does not fit."""
    try:
        dimensions = {str(name): int(value) for name, value in stored["dimensions"].items()}
        inputs: dict[str, Any] = {}
        for name, part in stored["inputs"].items():
            shape = tuple(int(size) for size in part["shape"])
            if any(size < 0 for size in shape) or np.prod(shape, dtype=float) > 1e9:
                raise HandledError(f"not a stored case: {name} has the shape {shape}")
            if "format" in part:
                if part["format"] not in program.formats:
                    raise HandledError(f"{name} is stored as {part['format']!r}, which {program.id} does not know")
                format_ = program.formats[part["format"]]
                size = int(np.prod(shape[:-1])) * format_.blocks_per_row(shape[-1]) * format_.size
                packed = Packed.of(format_, shape, _unpack(part["data"], size))
                inputs[name] = packed if part["dtype"] == format_.name else packed.relabelled(part["dtype"])
            else:
                dtype = NUMPY[part["dtype"]]
                size = int(np.prod(shape)) * dtype.itemsize
                inputs[name] = np.frombuffer(_unpack(part["data"], size), dtype).reshape(shape).copy()
        return Case(dimensions, inputs, dict(stored.get("table", {})), {}, str(stored.get("recipe", "")))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise HandledError(f"not a stored case: {type(error).__name__}: {error}") from None
