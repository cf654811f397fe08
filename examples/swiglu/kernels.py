"""SwiGLU of a fused product: gate and up side by side."""

import numpy as np

F = np.float32


def sigmoid(x):
    with np.errstate(over="ignore"):
        return F(1) / (F(1) + np.exp(-x))


class Divided:
    """gate / (1 + exp(-gate))."""

    @staticmethod
    def activate(*, both):
        gate, up = np.split(both, 2, 1)
        with np.errstate(over="ignore"):
            return {"out": gate / (F(1) + np.exp(-gate)) * up}


class Multiplied:
    """The sigmoid first, times the product of both."""

    @staticmethod
    def activate(*, both):
        gate, up = np.split(both, 2, 1)
        return {"out": gate * sigmoid(gate) * up}


class Exchanged:
    """The second half is taken for the gate."""

    @staticmethod
    def activate(*, both):
        up, gate = np.split(both, 2, 1)
        return {"out": gate * sigmoid(gate) * up}


class Interleaved:
    """Gate and up are taken in turn."""

    @staticmethod
    def activate(*, both):
        gate, up = both[:, ::2], both[:, 1::2]
        return {"out": gate * sigmoid(gate) * up}


class Quick:
    """sigmoid(1.702 x): the quick form of another activation."""

    @staticmethod
    def activate(*, both):
        gate, up = np.split(both, 2, 1)
        return {"out": gate * sigmoid(F(1.702) * gate) * up}


RIGHT = (Divided, Multiplied)
WRONG = (Exchanged, Interleaved, Quick)
