"""A causal convolution of each channel, with the last tokens as its state."""

import numpy as np

F = np.float32


def silu(z):
    with np.errstate(over="ignore"):
        return z / (1 + np.exp(-z))


def windows(x, state, width):
    """What each token sees, itself last: [tokens, width, channels]."""
    seen = np.concatenate([state, x])
    return np.stack([seen[t : t + width] for t in range(len(x))])


def summed(x, weight, bias, state):
    return (windows(x, state, weight.shape[1]) * weight.T).sum(1, dtype=F) + bias


def last(x, state):
    return np.concatenate([state, x])[len(x) :]


class Windows:
    """A window for each token."""

    @staticmethod
    def convolve(*, x, weight, bias, state):
        return {"y": silu(summed(x, weight, bias, state)), "state": last(x, state)}

    @staticmethod
    def update(*, token, weight, bias, state):
        return {"y": silu(summed(token[None], weight, bias, state)[0]), "state": last(token[None], state)}


class Shifts:
    """The sequence is shifted once for each weight, from the bias on; the state is a ring that is written in turn."""

    @staticmethod
    def convolve(*, x, weight, bias, state):
        seen, total = np.concatenate([state, x]), np.broadcast_to(bias, x.shape)
        for j in reversed(range(weight.shape[1])):
            total = total + weight[:, j] * seen[j : j + len(x)]
        ring = state.copy()
        for t, token in enumerate(x):
            ring[t % len(ring)] = token
        return {"y": silu(total), "state": np.roll(ring, -len(x), 0)}

    @staticmethod
    def update(*, token, weight, bias, state):
        total = weight[:, -1] * token + bias
        for j, before in enumerate(state):
            total = total + weight[:, j] * before
        return {"y": silu(total), "state": np.concatenate([state[1:], token[None]])}


class WeightsReversed(Windows):
    """The last weight is that of the oldest token."""

    @staticmethod
    def convolve(*, x, weight, bias, state):
        return Windows.convolve(x=x, weight=weight[:, ::-1], bias=bias, state=state)


class ShortSequencesForget(Windows):
    """vllm-ascend 8561: the state is made of the new tokens alone, with zeros where there are too few."""

    @staticmethod
    def convolve(*, x, weight, bias, state):
        new = np.concatenate([np.zeros_like(state), x])[len(x) :]
        return {"y": silu(summed(x, weight, bias, state)), "state": new}


class ShortSequencesNotStored(Windows):
    """vllm 56196: what is shorter than the state leaves the state as it was."""

    @staticmethod
    def convolve(*, x, weight, bias, state):
        new = state.copy() if len(x) < len(state) else last(x, state)
        return {"y": silu(summed(x, weight, bias, state)), "state": new}


class StateIgnored(Windows):
    """Before the first token are zeros."""

    @staticmethod
    def convolve(*, x, weight, bias, state):
        return {"y": silu(summed(x, weight, bias, np.zeros_like(state))), "state": last(x, state)}


class StateNotShifted(Windows):
    """The new token is written over the newest, and the oldest stays."""

    @staticmethod
    def update(*, token, weight, bias, state):
        new = state.copy()
        new[-1] = token
        return {"y": silu(summed(token[None], weight, bias, state)[0]), "state": new}


class ShiftedBeforeItIsRead(Windows):
    """The state is shifted first, so that the token is seen twice and the oldest not at all."""

    @staticmethod
    def update(*, token, weight, bias, state):
        new = last(token[None], state)
        return {"y": silu(summed(token[None], weight, bias, new)[0]), "state": new}


class BiasAfterTheActivation(Windows):
    """The bias is added to what is activated already."""

    @staticmethod
    def convolve(*, x, weight, bias, state):
        return {"y": silu(summed(x, weight, np.zeros_like(bias), state)) + bias, "state": last(x, state)}


RIGHT = (Windows, Shifts)
WRONG = (
    WeightsReversed, ShortSequencesForget, ShortSequencesNotStored, StateIgnored, StateNotShifted,
    ShiftedBeforeItIsRead, BiasAfterTheActivation,
)  # fmt: skip
