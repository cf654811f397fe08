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
    """mlx-lm 767: silu(up) * gate; the two arguments are exchanged."""

    @staticmethod
    def activate(*, both):
        up, gate = np.split(both, 2, 1)
        return {"out": gate * sigmoid(gate) * up}


class Interleaved:
    """vllm 29273, the other way round: gate and up are taken in turn."""

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


class ActivatedAfter:
    """breakdown-minimind 3: silu of the product, and not the product with silu."""

    @staticmethod
    def activate(*, both):
        gate, up = np.split(both, 2, 1)
        product = gate * up
        return {"out": product * sigmoid(product)}


class ByExponential:
    """exp(x) / (1 + exp(x)), which is infinity over infinity for large x."""

    @staticmethod
    def activate(*, both):
        gate, up = np.split(both, 2, 1)
        with np.errstate(over="ignore", invalid="ignore"):
            power = np.exp(gate)
            return {"out": gate * (power / (F(1) + power)) * up}


RIGHT = (Divided, Multiplied)
WRONG = (Exchanged, Interleaved, Quick, ActivatedAfter, ByExponential)
