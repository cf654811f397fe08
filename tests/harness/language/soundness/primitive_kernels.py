"""Primitives in the forms that real kernels use: softmax, silu, division, normalisation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.harness.language.soundness.emulate import F, Machine

Kernel = Callable[..., np.ndarray]


def quotient(machine: Machine, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return machine.div(x, y)


def by_reciprocal(machine: Machine, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return machine.mul(x, machine.div(F(1), y))


DIVISION: dict[str, Kernel] = {"quotient": quotient, "reciprocal": by_reciprocal}


def softmax(machine: Machine, x: np.ndarray, divide: Kernel) -> np.ndarray:
    """Over the last axis, shifted by the maximum."""
    e = machine.exp(machine.sub(x, x.max(-1, keepdims=True)))
    return divide(machine, e, machine.total(e)[..., None])


def softmax_by_logarithm(machine: Machine, x: np.ndarray) -> np.ndarray:
    """The logarithm of the sum is taken away before exp, instead of a division after it."""
    z = machine.sub(x, x.max(-1, keepdims=True))
    return machine.exp(machine.sub(z, machine.within_ulps(np.log, machine.total(machine.exp(z)))[..., None]))


SOFTMAX: dict[str, Kernel] = {
    **{name: lambda machine, x, divide=divide: softmax(machine, x, divide) for name, divide in DIVISION.items()},
    "logarithm": softmax_by_logarithm,
}


def sigmoid(machine: Machine, x: np.ndarray) -> np.ndarray:
    return machine.div(F(1), machine.add(F(1), machine.exp(-x)))


def sigmoid_stable(machine: Machine, x: np.ndarray, divide: Kernel = quotient) -> np.ndarray:
    """exp of a negative number only: 1 / (1 + e) or e / (1 + e)."""
    e = machine.exp(-np.abs(x))
    below = machine.add(F(1), e)
    return np.where(x >= 0, divide(machine, np.ones_like(e), below), divide(machine, e, below))


def sigmoid_by_reciprocal(machine: Machine, x: np.ndarray) -> np.ndarray:
    return sigmoid_stable(machine, x, by_reciprocal)


SIGMOID: dict[str, Kernel] = {
    "1/(1+exp(-x))": sigmoid,
    "stable": sigmoid_stable,
    "stable, reciprocal": sigmoid_by_reciprocal,
}

SILU: dict[str, Kernel] = {
    "x/(1+exp(-x))": lambda machine, x: machine.div(x, machine.add(F(1), machine.exp(-x))),
    **{f"x*sigmoid, {name}": lambda machine, x, s=s: machine.mul(x, s(machine, x)) for name, s in SIGMOID.items()},
}


def mean(machine: Machine, x: np.ndarray, divide: Kernel) -> np.ndarray:
    return divide(machine, machine.total(x), F(x.shape[-1]))


MEAN: dict[str, Kernel] = {
    name: lambda machine, x, divide=divide: mean(machine, x, divide) for name, divide in DIVISION.items()
}


def rms_norm(machine: Machine, x: np.ndarray, weight: np.ndarray, epsilon: np.ndarray, form: str) -> np.ndarray:
    """form: how the mean and the root are divided by, "mean, root"."""
    of_mean, of_root = (DIVISION[name] for name in form.split(", "))
    square = of_mean(machine, machine.dot(x, x), F(x.shape[-1]))
    root = machine.sqrt(machine.add(square, epsilon))[..., None]
    return machine.mul(of_root(machine, x, root), weight)


RMS_NORM: dict[str, Kernel] = {
    f"{a}, {b}": lambda machine, x, weight, epsilon, form=f"{a}, {b}": rms_norm(machine, x, weight, epsilon, form)
    for a in DIVISION
    for b in DIVISION
}
