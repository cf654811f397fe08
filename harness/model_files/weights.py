"""Weights of a real model as inputs: what `--model` binds, by a contract's `model` section."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from math import prod
from typing import Any

from harness.findings import HandledError, nearest
from harness.language.dtypes import DTYPES
from harness.language.packed import Packed
from harness.language.syntax import names
from harness.model_files.gguf import SHOWN, ModelFile, number
from harness.model_files.other_functions import refuse_other_functions
from harness.printable import printable
from harness.program.case import Weights
from harness.program.integers import integer
from harness.program.model import Program


def bind(file: ModelFile, program: Program) -> tuple[dict[str, int], tuple[Weights, ...]]:
    """Dimensions that the file fixes, and the weights of every layer."""
    binding = program.contract.model
    assert binding is not None
    architecture = file.metadata.get("general.architecture")
    if architecture not in binding.architecture:
        told = f"architecture {printable(repr(architecture), SHOWN)}" if architecture else "no general.architecture"
        raise HandledError(f"{file.path}: {told}, but {program.id} is about {', '.join(binding.architecture)}")
    fixed = dimensions(file, program, binding.dimensions)
    layers = tuple(
        Weights(layer, {name: tensor_input(file, program, name, template.replace("{layer}", str(layer)), fixed)
                        for name, template in binding.tensors.items()})
        for layer in range(number(file, binding.layers))
    )  # fmt: skip
    if not layers:
        raise HandledError(f"{file.path}: {binding.layers} is 0: no layer to run")
    refuse_other_functions(file, program.id, binding, len(layers))
    return fixed, layers


def dimensions(file: ModelFile, program: Program, keys: Mapping[str, str]) -> dict[str, int]:
    """The dimensions that the file fixes.

    A model may be larger than the cases that are drawn, so an upper end counts only where it is another dimension.
    """
    fixed = {name: number(file, key) for name, key in keys.items()}
    for name, value in fixed.items():
        part = program.dimensions[name]
        low = integer(part.low, fixed) if part.low is not None and names(part.low) <= set(fixed) else 1
        relative = part.high is not None and bool(names(part.high)) and names(part.high) <= set(fixed)
        high = integer(part.high, fixed) if relative else value
        if not low <= value <= high:
            wanted = f"at least {low}" if value < low else f"at most {high}"
            raise HandledError(f"{file.path}: {keys[name]} is {value}, {program.id} needs a {name} of {wanted}")
    for name in keys:
        fixed |= implied(file, program, keys[name], name, fixed)
    return fixed


def implied(file: ModelFile, program: Program, key: str, name: str, fixed: Mapping[str, int]) -> dict[str, int]:
    """The dimension that follows where the fixed one is declared as an expression of it, such as 256 * blocks."""
    part, value = program.dimensions[name], fixed[name]
    free = names(part.low) - set(fixed) if part.low is not None and part.low == part.high else set()
    if len(free) != 1:
        return {}
    (other,) = free

    def as_declared(candidate: int) -> int:
        return integer(part.low, {**fixed, other: candidate})

    found = bisect_left(range(value), value, key=as_declared)  # such expressions grow
    if as_declared(found) != value:
        declared = program.contract.dimensions[name].minimum
        told = declared.text if declared is not None else name
        raise HandledError(f"{file.path}: {key} is {value}, {program.id} needs a {name} of the form {told}")
    return {other: found}


def tensor_input(file: ModelFile, program: Program, name: str, tensor_name: str, fixed: Mapping[str, int]) -> Any:
    """One tensor as the input it stands for; type and shape must be what the contract says."""
    if tensor_name not in file.tensors:
        raise HandledError(f"{file.path}: no tensor {tensor_name!r} for {name}; {nearest(tensor_name, file.tensors)}")
    tensor, part = file.tensors[tensor_name], program.inputs[name]
    if tensor.dtype not in part.dtypes:
        admitted = " or ".join(part.dtypes)
        raise HandledError(f"{file.path}: {tensor_name} is {tensor.dtype}, {program.id} reads {admitted}")
    shape = tuple(integer(size, fixed) for size in part.shape)
    if tensor.shape != shape:
        raise HandledError(f"{file.path}: {tensor_name} has shape {tensor.shape}, {program.id} expects {shape}")
    if part.formats:
        format_ = program.formats[tensor.dtype]
        size = prod(shape[:-1]) * format_.blocks_per_row(shape[-1]) * format_.size
        if size != tensor.size:
            raise HandledError(
                f"{file.path}: {tensor_name} has {tensor.size} bytes in {tensor.dtype}, {program.id} reads {size}"
            )
        return Packed.of(format_, shape, file.part(tensor))
    return file.part(tensor).view(DTYPES[tensor.dtype].numpy).reshape(shape)
