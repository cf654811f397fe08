"""A shared expert with a gate, added to what the routed experts gave."""

import numpy as np

F = np.float32


def sigmoid(z):
    with np.errstate(over="ignore"):
        return F(1) / (F(1) + np.exp(-z))


def swiglu(x, w_gate, w_up, w_down):
    z = x @ w_gate.T
    return (z * sigmoid(z) * (x @ w_up.T)) @ w_down.T


class AllTokens:
    """All tokens at once."""

    @staticmethod
    def combine(*, x, routed, w_gate, w_up, w_down, w_share):
        return {"y": routed + sigmoid(x @ w_share)[:, None] * swiglu(x, w_gate, w_up, w_down)}


class TokenByToken:
    """One token after the other; the gate by exp of both signs, one inner row after the other."""

    @staticmethod
    def combine(*, x, routed, w_gate, w_up, w_down, w_share):
        out = routed.copy()
        for token, row in enumerate(x):
            z = (row * w_share).sum(dtype=F)
            small = np.exp(-np.abs(z))
            share = (F(1) if z >= 0 else small) / (F(1) + small)
            shared = np.zeros(len(w_down), F)
            for gate, up, down in zip(w_gate, w_up, w_down.T, strict=True):
                a = (row * gate).sum(dtype=F)
                with np.errstate(over="ignore"):
                    shared += a / (F(1) + np.exp(-a)) * (row * up).sum(dtype=F) * down
            out[token] += share * shared
        return {"y": out}


class GateForgotten:
    """The shared expert is added whole: its gate is loaded and never used (torchtitan 36)."""

    @staticmethod
    def combine(*, x, routed, w_gate, w_up, w_down, w_share):
        return {"y": routed + swiglu(x, w_gate, w_up, w_down)}


class RoutedOnly:
    """The shared expert is computed, and not returned (JAXformer 21)."""

    @staticmethod
    def combine(*, x, routed, w_gate, w_up, w_down, w_share):
        return {"y": routed.copy()}


class OverwrittenInput:
    """The shared expert reads what the routed ones have written over their input (vllm 28939)."""

    @staticmethod
    def combine(*, x, routed, w_gate, w_up, w_down, w_share):
        return AllTokens.combine(
            x=routed, routed=routed, w_gate=w_gate, w_up=w_up, w_down=w_down, w_share=w_share
        )  # fmt: skip


class GateOfFirstToken:
    """The gate of the first token is that of all."""

    @staticmethod
    def combine(*, x, routed, w_gate, w_up, w_down, w_share):
        return {"y": routed + sigmoid(x[0] @ w_share) * swiglu(x, w_gate, w_up, w_down)}


class LinearGate:
    """The gate is not squashed by a sigmoid."""

    @staticmethod
    def combine(*, x, routed, w_gate, w_up, w_down, w_share):
        return {"y": routed + (x @ w_share)[:, None] * swiglu(x, w_gate, w_up, w_down)}


class GateAndUpExchanged:
    """The activation is applied to the other projection: gate and up are stored in the other order."""

    @staticmethod
    def combine(*, x, routed, w_gate, w_up, w_down, w_share):
        return {"y": routed + sigmoid(x @ w_share)[:, None] * swiglu(x, w_up, w_gate, w_down)}


RIGHT = (AllTokens, TokenByToken)
WRONG = (GateForgotten, RoutedOnly, OverwrittenInput, GateOfFirstToken, LinearGate, GateAndUpExchanged)
