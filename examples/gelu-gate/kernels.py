"""GELU by tanh, times a gate."""

import numpy as np

F = np.float32
ROOT = F(0.7978845608028654)


class Plain:
    """As it is written."""

    @staticmethod
    def activate(*, x, gate):
        inner = ROOT * (x + F(0.044715) * x * x * x)
        return {"out": F(0.5) * x * (F(1) + np.tanh(inner)) * gate}


class Factored:
    """x (1 + c x x) instead of x + c x x x; the gate first."""

    @staticmethod
    def activate(*, x, gate):
        inner = ROOT * x * (F(1) + F(0.044715) * (x * x))
        return {"out": (F(0.5) * gate) * x * (np.tanh(inner) + F(1))}


class Quick:
    """The form by a sigmoid."""

    @staticmethod
    def activate(*, x, gate):
        return {"out": x / (F(1) + np.exp(-F(1.702) * x)) * gate}


class SquareForCube:
    """A factor is missing."""

    @staticmethod
    def activate(*, x, gate):
        inner = ROOT * (x + F(0.044715) * x * x)
        return {"out": F(0.5) * x * (F(1) + np.tanh(inner)) * gate}


RIGHT = (Plain, Factored)
WRONG = (Quick, SquareForCube)
