"""GELU by the error function of the first half, times the second half."""

import math

import numpy as np

F = np.float32
erf = np.vectorize(math.erf, otypes=[np.float64])
erfc = np.vectorize(math.erfc, otypes=[np.float64])


def halves(both):
    return np.split(both, 2, axis=1)


def gelu(x):
    """As it is written: 0.5 x (1 + erf(x / sqrt(2)))."""
    return F(0.5) * x * (F(1) + erf(x * F(math.sqrt(0.5))).astype(F))


class Plain:
    """In float32 but for the error function."""

    @staticmethod
    def activate(*, both):
        gate, up = halves(both)
        return {"out": gelu(gate) * up}


class Complement:
    """By erfc, which is accurate for negative numbers too; times up before the half."""

    @staticmethod
    def activate(*, both):
        gate, up = halves(both)
        share = erfc(-gate.astype(np.float64) / math.sqrt(2)).astype(F)
        return {"out": gate * (share * F(0.5)) * up}


class ByTanh:
    """tt-metal 55130: the form by tanh is taken where the one by erf is asked for."""

    @staticmethod
    def activate(*, both):
        gate, up = halves(both)
        inner = F(0.7978845608028654) * (gate + F(0.044715) * gate * gate * gate)
        return {"out": F(0.5) * gate * (F(1) + np.tanh(inner)) * up}


class Quick:
    """transformers 25787: quick GELU, x sigmoid(1.702 x), was inherited from another model's settings."""

    @staticmethod
    def activate(*, both):
        gate, up = halves(both)
        with np.errstate(over="ignore"):
            return {"out": gate / (F(1) + np.exp(F(-1.702) * gate)) * up}


class Exchanged:
    """The second half is taken for the gate."""

    @staticmethod
    def activate(*, both):
        up, gate = halves(both)
        return {"out": gelu(gate) * up}


class Interleaved:
    """vllm 29273, the other way round: gate and up are taken in turn."""

    @staticmethod
    def activate(*, both):
        return {"out": gelu(both[:, ::2]) * both[:, 1::2]}


class RootForgotten:
    """erf(x) for erf(x / sqrt(2))."""

    @staticmethod
    def activate(*, both):
        gate, up = halves(both)
        return {"out": F(0.5) * gate * (F(1) + erf(gate).astype(F)) * up}


RIGHT = (Plain, Complement)
WRONG = (ByTanh, Quick, Exchanged, Interleaved, RootForgotten)
