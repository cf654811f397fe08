"""A counterexample as plain data: readable, and complete enough to be replayed by a later version of the code."""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from harness.contract.digest import digest
from harness.findings import HandledError, nearest
from harness.judge.claims import Evidence
from harness.language.arithmetic import Arithmetic
from harness.language.dtypes import BYTE, DTYPES, name_of
from harness.language.packed import Packed
from harness.printable import printable
from harness.program.case import Case
from harness.program.integers import integer
from harness.program.model import FalsifierProgram, InputProgram, Program
from harness.search.array_text import show, show_bytes
from harness.search.outcome import share
from harness.search.steps import steps
from harness.subjects.subject import Subject

LARGEST = 1 << 30  # bytes of all arrays of a case, unpacked


def counterexample(
    program: Program, falsifier: FalsifierProgram, case: Case, evidence: Evidence, subject: Subject,
    arithmetic: Arithmetic,
) -> dict[str, Any]:  # fmt: skip
    """Everything a reader and a replay need. The subject is asked once more, for what it shows on the way."""
    told = steps(program, falsifier, case, subject, arithmetic, evidence.index)
    returned = [part.returns for part in program.contract.subjects.values()]
    staged = (parts[evidence.stage].text.strip() for parts in returned if evidence.stage in parts)
    return {
        "contract": program.id,
        "version": program.contract.metadata.version,
        "digest": digest(program.contract),
        "falsifier": falsifier.source.id,
        "subject": subject.name,
        "claim": falsifier.source.claim.text,
        "place": str(falsifier.source.claim.place),
        "dimensions": {name: int(value) for name, value in case.dimensions.items()},
        "table": dict(case.table),
        "recipe": case.recipe,
        "inputs": {name: encode(value) for name, value in case.inputs.items()},
        "steps": told.steps,
        "stages": told.stages,
        "blocks": told.blocks,
        "evidence": {
            "reason": evidence.reason, "expected": printable(evidence.expected), "got": printable(evidence.got),
            "error": finite(evidence.error), "bound": finite(evidence.bound),
            "exceeds": finite(share(evidence.error, evidence.bound))
            if evidence.error is not None and evidence.bound is not None else None,
            "index": None if evidence.index is None else list(evidence.index),
            "wrong": evidence.wrong, "of": evidence.of, "stage": evidence.stage,
            "equation": next(staged, told.equation), "ulps": evidence.ulps,
        },
    }  # fmt: skip


def finite(value: float | None) -> float | None:
    """A number that JSON can hold; None for any other."""
    return value if value is not None and math.isfinite(value) else None


def encode(value: Any) -> dict[str, Any]:
    """An array with its bytes (zlib, base64) and what a person wants to see of it."""
    if isinstance(value, Packed):
        used = int(np.count_nonzero(value.raw.reshape(-1, value.raw.shape[-1]).any(axis=1)))
        blocks = int(np.prod(value.raw.shape[:-1]))
        shown = f"{blocks} {'block' if blocks == 1 else 'blocks'}, {used} not zero"
        return {"dtype": value.dtype, "format": value.format.name, "shape": list(value.shape), "shown": shown,
                "zero": not used, "data": _pack(value.raw.tobytes())}  # fmt: skip
    name = name_of(value.dtype)
    return {"dtype": name, "shape": list(value.shape), "shown": show_bytes(value) if name == BYTE.name else show(value),
            "zero": not np.count_nonzero(value), "data": _pack(value.tobytes())}  # fmt: skip


def _pack(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data, 9)).decode()


def _unpack(text: Any, size: int) -> bytes:
    """Refuses data that unpacks to anything but `size` bytes, without unpacking more."""
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(str(text), validate=True), size + 1)
    except (ValueError, zlib.error) as error:
        raise HandledError(f"not a stored case: damaged array data ({error})") from None
    if len(data) > size or (len(data) == size and unpacker.unconsumed_tail):
        raise HandledError(f"not a stored case: an array of more than the {size} bytes of its shape")
    if len(data) != size or not unpacker.eof or unpacker.unused_data:
        raise HandledError(f"not a stored case: an array of {len(data)} bytes, expected {size}")
    return data


def decode_case(program: Program, stored: Mapping[str, Any]) -> Case:
    """The case of a counterexample; HandledError where the data does not fit the contract."""
    try:
        dimensions = {str(name): _whole(name, value) for name, value in stored["dimensions"].items()}
        lacking = sorted(set(program.dimensions) - set(dimensions))
        if lacking:
            raise HandledError(f"not a stored case: it says nothing of {', '.join(lacking)}")
        room = LARGEST
        inputs: dict[str, Any] = {}
        for name, part in stored["inputs"].items():
            if name not in program.inputs:
                raise HandledError(f"{program.id} has no input {name!r}; {nearest(name, program.inputs)}")
            shape = _shape(program.inputs[name], name, part, dimensions)
            size = _size(program, name, part, shape)
            room -= size
            if room < 0:
                raise HandledError(f"not a stored case: its arrays would take more than {LARGEST >> 20} MiB")
            inputs[name] = _array(program, part, shape, _unpack(part["data"], size))
        return Case(dimensions, inputs, dict(stored.get("table", {})), {}, str(stored.get("recipe", "")))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise HandledError(f"not a stored case: {type(error).__name__}: {printable(str(error))}") from None


def _whole(name: Any, value: Any) -> int:
    """A number of dimensions or axes as JSON has it: 1.5 and true are none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise HandledError(f"not a stored case: {name} is {printable(repr(value), 40)}, expected a whole number")
    return value


def _shape(
    declared: InputProgram, name: str, part: Mapping[str, Any], dimensions: Mapping[str, int]
) -> tuple[int, ...]:
    """The stored shape, if it is the one that the contract gives the input in this case."""
    shape = tuple(_whole(f"an axis of {name}", size) for size in part["shape"])
    expected = tuple(integer(size, dimensions) for size in declared.shape)
    if shape != expected or any(size < 0 for size in shape):
        raise HandledError(f"not a stored case: {name} has the shape {shape}, the contract says {expected}")
    return shape


def _size(program: Program, name: str, part: Mapping[str, Any], shape: tuple[int, ...]) -> int:
    """Bytes of an array whose type the contract reads there."""
    declared = program.inputs[name]
    stored, read = part.get("format", part["dtype"]), declared.formats or (declared.dtype,)
    if stored not in read or ("format" in part) != bool(declared.formats):
        raise HandledError(f"{name} is stored as {stored!r}, {program.id} reads {' or '.join(read)}")
    if not declared.formats:
        return math.prod(shape) * DTYPES[declared.dtype].bytes
    format_ = program.formats[stored]
    return math.prod(shape[:-1]) * format_.blocks_per_row(shape[-1]) * format_.size


def _array(program: Program, part: Mapping[str, Any], shape: tuple[int, ...], data: bytes) -> Any:
    if "format" not in part:
        return np.frombuffer(data, DTYPES[part["dtype"]].numpy).reshape(shape).copy()
    packed = Packed.of(program.formats[part["format"]], shape, data)
    return packed if part["dtype"] == packed.format.name else packed.relabelled(str(part["dtype"]))
