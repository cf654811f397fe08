"""The time steps of a state-space model: softplus of dt and a bias for each head."""

import numpy as np

F = np.float32


class Stable:
    """max(x, 0) + log1p(exp(-|x|)), which cannot overflow."""

    @staticmethod
    def step(*, dt, bias):
        x = dt + bias
        return {"delta": np.maximum(x, F(0)) + np.log1p(np.exp(-np.abs(x)))}


class CutOff:
    """log(1 + exp(x)), and x itself above 20, as Mamba's kernels have it."""

    @staticmethod
    def step(*, dt, bias):
        x = dt + bias
        small = np.log(F(1) + np.exp(np.minimum(x, F(20))), dtype=np.float64).astype(F)
        return {"delta": np.where(x > F(20), x, small)}


class Overflowing:
    """burn 5374: log(1 + exp(x)) as it is written, infinite from 89 on."""

    @staticmethod
    def step(*, dt, bias):
        with np.errstate(over="ignore"):
            return {"delta": np.log(F(1) + np.exp(dt + bias))}


class ZeroAboveEleven:
    """ANEForge 113: exp overflows in float16, and what is made of it is zero from 11.09 on."""

    @staticmethod
    def step(*, dt, bias):
        x = dt + bias
        return {"delta": np.where(x > F(11.09), F(0), Stable.step(dt=dt, bias=bias)["delta"])}


class CoarseLogarithm:
    """tt-metal 9910: a polynomial for the logarithm, off by 0.006 near one: small steps are far too large."""

    @staticmethod
    def step(*, dt, bias):
        delta = Stable.step(dt=dt, bias=bias)["delta"]
        return {"delta": np.where(delta < F(0.1), delta + F(0.006), delta)}


class CutOffAtFive:
    """The cut is at 5, where log1p(exp(-5)) = 0.0067 is still left."""

    @staticmethod
    def step(*, dt, bias):
        x = dt + bias
        return {"delta": np.where(x > F(5), x, Stable.step(dt=dt, bias=bias)["delta"])}


class BiasAfter:
    """The bias is added to the step, and not to what the step is made of."""

    @staticmethod
    def step(*, dt, bias):
        return {"delta": Stable.step(dt=dt, bias=np.zeros_like(bias))["delta"] + bias}


class Rectified:
    """max(x, 0) in place of softplus."""

    @staticmethod
    def step(*, dt, bias):
        return {"delta": np.maximum(dt + bias, F(0))}


RIGHT = (Stable, CutOff)
WRONG = (Overflowing, ZeroAboveEleven, CoarseLogarithm, CutOffAtFive, BiasAfter, Rectified)
