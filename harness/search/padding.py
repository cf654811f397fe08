"""The padding of ragged batches: what a case fills in where the entries of an input do not count.

That is one thing after the other: zeros, numbers like those that count, the largest numbers, NaN, infinities. Integers
with a range keep to it: a kernel may look a padded id up, and leave what it finds there unused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from harness.language.dtypes import DTYPES
from harness.language.evaluate import Bindings, evaluate
from harness.language.rounding import stored
from harness.language.single import Single
from harness.language.value_kinds import PROMISES
from harness.program.case import Case
from harness.program.model import InputProgram, Program
from harness.search.arrays import Draw, plain_array
from harness.search.ranged_integers import Ends

# What padding is filled with; cases shrink to the first that still fails.
ZEROS, NUMBERS, LARGEST, NAN, INFINITE = "zeros", "numbers", "largest", "nan", "infinite"
OF_REALS = (ZEROS, NUMBERS, LARGEST, NAN, INFINITE)
OF_INTEGERS = (ZEROS, NUMBERS, LARGEST)


def fillings(part: InputProgram) -> tuple[str, ...]:
    """What the padding of an input may be filled with, simplest first."""
    return OF_REALS if DTYPES[part.dtype].is_real else OF_INTEGERS


def counts(program: Program, name: str, given: Mapping[str, Any]) -> np.ndarray:
    """Which entries of an input count, in its own shape; `given`: the numbers and arrays of the case."""
    valid = program.inputs[name].valid
    assert valid is not None
    shape = np.shape(given[name])
    condition = np.asarray(evaluate(valid, Bindings(Single(), program.equations, program.depends, given)), np.bool_)
    return np.broadcast_to(condition.reshape(*condition.shape, *[1] * (len(shape) - condition.ndim)), shape)


def filled(program: Program, case: Case, draws: Mapping[str, Draw]) -> Case:
    """The case with its padding filled as it is drawn."""
    for name, draw in draws.items():
        ends = program.inputs[name].ends(case.dimensions)
        if draw.padding and (ends is None or draw.kind not in PROMISES):
            padding = _padding(name, draw, case.inputs[name].shape, ends)
            case = in_padding(program, case, name, padding)
    return case


def in_padding(program: Program, case: Case, name: str, padding: np.ndarray) -> Case:
    """The case with the entries of `padding` where those of an input do not count."""
    return case.with_input(name, np.where(counts(program, name, case.given()), case.inputs[name], padding))


def padded(program: Program, case: Case) -> list[str]:
    """The inputs that have entries in this case that do not count."""
    declared = (name for name in case.inputs if name in program.inputs and program.inputs[name].valid is not None)
    return [name for name in declared if not counts(program, name, case.given()).all()]


def others(value: np.ndarray, ends: Ends | None) -> tuple[np.ndarray, ...]:
    """What else may lie in the padding of an array: zeros, and ones; or the ends of its range."""
    return tuple(np.full_like(value, number) for number in ends or (0, 1))


def no_padding_counts(program: Program, smaller: Case, case: Case) -> bool:
    """Whether what is padding in a case is so in one that was made of it by changing lengths or offsets.

    Else entries that are NaN would count that were never drawn as numbers of the input.
    """
    return not any(
        (counts(program, name, smaller.given()) & ~counts(program, name, case.given())).any()
        for name in padded(program, case)
    )


_IN_RANGE = {ZEROS: "lowest", NUMBERS: "uniform", LARGEST: "ends"}  # kinds that fill the padding of integers in a range


def _padding(name: str, draw: Draw, shape: tuple[int, ...], ends: Ends | None) -> np.ndarray:
    """Padding for all of an array."""
    if ends is not None:
        return plain_array(f"{name} padding", replace(draw, kind=_IN_RANGE[draw.padding]), shape, ends)
    rng, dtype = replace(draw, seed=draw.seed + 1).rng(f"{name} padding"), DTYPES[draw.dtype]
    signs = rng.choice((-1.0, 1.0), shape)
    match draw.padding:
        case "zeros":
            return np.zeros(shape, dtype.numpy)
        case "numbers":
            kind = "normal" if dtype.is_real else "bytes"
            return plain_array(f"{name} padding", Draw(kind, draw.exponent, draw.seed, dtype=draw.dtype), shape)
        case "largest" if not dtype.is_real:
            extremes = np.array([dtype.integers[0], dtype.integers[-1]], object)
            return extremes[rng.integers(0, 2, shape)].astype(dtype.numpy)
        case "largest":
            return stored(signs * dtype.numbers.largest, dtype)
        case "nan":
            return stored(np.full(shape, np.nan), dtype)
    return stored(signs * np.inf, dtype)
