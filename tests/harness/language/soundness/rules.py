"""The rules that are attacked: for each an equation, hostile operands, and the float32 kernels it must cover."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.language.dtypes import DTYPES
from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine

Operands = Callable[[np.random.Generator, str, int | None], dict[str, Any]]
Kernel = Callable[[Machine, dict[str, Any], str], np.ndarray]


@dataclass(frozen=True)
class Rule:
    """An equation with its operands by kind, and the kernels by form.

    `equations`: in order; the last is compared. `operands` draws the inputs; names with a leading underscore are
    seen by kernels only. `kernel(machine, operands, form)` computes in float32.
    """

    name: str
    equations: dict[str, str]
    kinds: tuple[str, ...]
    operands: Operands
    forms: tuple[str, ...]
    kernel: Kernel
    lengths: tuple[int, ...] = ()  # where the table asks for fixed lengths
    exact_division: bool = False  # the arithmetic asks for correctly rounded quotients
    declared: tuple[str, ...] = ()  # what else the arithmetic allows, by its fields


RULES: dict[str, Rule] = {}


def rule(
    name: str,
    equations: str | dict[str, str],
    kinds: Iterable[str],
    draw: Operands,
    forms: Iterable[str],
    kernel: Kernel,
    lengths: tuple[int, ...] = (),
    exact_division: bool = False,
    declared: tuple[str, ...] = (),
) -> None:
    """Registers a rule."""
    named = {"y": equations} if isinstance(equations, str) else equations
    RULES[name] = Rule(name, named, tuple(kinds), draw, tuple(forms), kernel, lengths, exact_division, declared)


def allowed(declared: Iterable[str]) -> dict[str, Any]:
    """Fields of the arithmetic: a name alone is true, behind = stands a number format."""
    parts = (name.partition("=") for name in declared)
    return {field: DTYPES[dtype].numbers if dtype else True for field, _, dtype in parts}


LENGTHS = (256, 2048)  # where the table of sharpness asks for fixed lengths


def arguments(kinds: dict[str, O.Draw]) -> Operands:
    def draw(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
        return {"x": O.draw(kinds, kind, rng, (length or int(rng.choice(O.LENGTHS)),))}

    return draw


def products(kinds: dict[str, O.Draw], positive: bool = False) -> Operands:
    """Weights around 1, so that the products lie where the kind wants them."""

    def draw(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
        n = length or int(rng.choice((1, 2, 3, 16, 100)))
        w = O.draw(O.WEIGHTS, "near ties", rng, (16, n)) / F(n)
        return {"w": np.abs(w) if positive else w, "x": O.draw(kinds, kind, rng, (n,))}

    return draw


def unary(
    name: str,
    call: str,
    kinds: dict[str, O.Draw],
    kernels: dict[str, Any],
    positive: bool = False,
    declared: tuple[str, ...] = (),
) -> None:
    """Two rules for a function of one argument: on stored numbers, and on products, which carry a bound."""

    def of_x(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
        return kernels[form](m, o["x"])

    def of_product(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
        return kernels[form](m, m.dot(o["w"], o["x"][None]))

    rule(f"{name} of x", call.format("x"), kinds, arguments(kinds), kernels, of_x, LENGTHS, declared=declared)
    equations = {"z": "w @ x", "y": call.format("z")}
    drawn = products(kinds, positive)
    rule(f"{name} of w @ x", equations, kinds, drawn, kernels, of_product, LENGTHS, declared=declared)
