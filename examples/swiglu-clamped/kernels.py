"""The clamped gate: even columns are the gate, odd ones the linear part."""

import numpy as np

F = np.float32
LIMIT, ALPHA, ONE = F(7), F(1.702), F(1)


def sigmoid(z):
    with np.errstate(over="ignore"):
        return F(1) / (F(1) + np.exp(-z))


def activated(gate, linear, alpha=ALPHA, one=ONE):
    return {"y": (gate * sigmoid(alpha * gate) * (linear + one)).astype(F)}


class AsWritten:
    """Every other column."""

    @staticmethod
    def activate(*, x):
        return activated(np.minimum(x[:, ::2], LIMIT), np.clip(x[:, 1::2], -LIMIT, LIMIT))


class ByExp:
    """The power of -alpha times the gate once, one division, and the one multiplied out."""

    @staticmethod
    def activate(*, x):
        gate, linear = np.minimum(x[:, ::2], LIMIT), np.maximum(np.minimum(x[:, 1::2], LIMIT), -LIMIT)
        with np.errstate(over="ignore"):
            swish = gate / (F(1) + np.exp(-ALPHA * gate))
        return {"y": (swish * linear + swish).astype(F)}


class GateClampedBelow:
    """The gate has a lower limit too (fak 4837)."""

    @staticmethod
    def activate(*, x):
        return activated(np.clip(x[:, ::2], -LIMIT, LIMIT), np.clip(x[:, 1::2], -LIMIT, LIMIT))


class OneForgotten:
    """The linear part without the one that is added (sglang 39939)."""

    @staticmethod
    def activate(*, x):
        return activated(np.minimum(x[:, ::2], LIMIT), np.clip(x[:, 1::2], -LIMIT, LIMIT), one=F(0))


class PlainSilu:
    """The gate's sigmoid is that of the gate itself: alpha is 1 (sglang 39939's default)."""

    @staticmethod
    def activate(*, x):
        return activated(np.minimum(x[:, ::2], LIMIT), np.clip(x[:, 1::2], -LIMIT, LIMIT), alpha=F(1))


class Halves:
    """The first half for the gate, the second for the linear part (aiter 4398)."""

    @staticmethod
    def activate(*, x):
        gate, linear = np.split(x, 2, -1)
        return activated(np.minimum(gate, LIMIT), np.clip(linear, -LIMIT, LIMIT))


class NoLimit:
    """The limits are off, as where their default is taken (vllm-ascend 9438)."""

    @staticmethod
    def activate(*, x):
        return activated(x[:, ::2], x[:, 1::2])


class ClampedAfterwards:
    """The product of the gate with its sigmoid is clamped instead of the gate."""

    @staticmethod
    def activate(*, x):
        gate = x[:, ::2]
        swish = np.minimum(gate * sigmoid(ALPHA * gate), LIMIT)
        return {"y": (swish * (np.clip(x[:, 1::2], -LIMIT, LIMIT) + F(1))).astype(F)}


RIGHT = (AsWritten, ByExp)
WRONG = (GateClampedBelow, OneForgotten, PlainSilu, Halves, NoLimit, ClampedAfterwards)
