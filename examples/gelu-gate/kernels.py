"""GELU by tanh, times a gate."""

import math

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
    """The quick form, x sigmoid(1.702 x)."""

    @staticmethod
    def activate(*, x, gate):
        return {"out": x / (F(1) + np.exp(-F(1.702) * x)) * gate}


class SquareForCube:
    """A factor is missing."""

    @staticmethod
    def activate(*, x, gate):
        inner = ROOT * (x + F(0.044715) * x * x)
        return {"out": F(0.5) * x * (F(1) + np.tanh(inner)) * gate}


class BySigmoid:
    """x sigmoid(2 t), which is the same function."""

    @staticmethod
    def activate(*, x, gate):
        inner = ROOT * (x + F(0.044715) * x * x * x)
        with np.errstate(over="ignore"):
            return {"out": x / (F(1) + np.exp(F(-2) * inner)) * gate}


class ByErf:
    """coremltools 2863: the word that asks for the form by tanh is not read, and the one by erf is taken."""

    @staticmethod
    def activate(*, x, gate):
        erf = np.vectorize(math.erf, otypes=[F])
        return {"out": F(0.5) * x * (F(1) + erf(x * F(math.sqrt(0.5)))) * gate}


class GateActivated:
    """The activation is applied to the gate, and x is the factor."""

    @staticmethod
    def activate(*, x, gate):
        return Plain.activate(x=gate, gate=x)


class RootForgotten:
    """sqrt(2 / pi) is left out."""

    @staticmethod
    def activate(*, x, gate):
        inner = x + F(0.044715) * x * x * x
        return {"out": F(0.5) * x * (F(1) + np.tanh(inner)) * gate}


RIGHT = (Plain, Factored, BySigmoid)
WRONG = (Quick, SquareForCube, ByErf, GateActivated, RootForgotten)
