"""The selective scan of Mamba: token by token, in chunks, and as a parallel scan."""

import numpy as np

F = np.float32


def softplus(z):
    return np.where(z > 20, z, np.log1p(np.exp(np.minimum(z, F(20)))))


def discretised(x, dt, dt_bias, a_log, b):
    delta = softplus(dt + dt_bias)
    decay = np.exp(delta[..., None] * -np.exp(a_log))
    return decay, delta[..., None] * b[:, :, None, :] * x[..., None]


def in_turn(decay, bx, h):
    """Every state, from the first token to the last: [sequences, tokens, channels, states]."""
    states = np.empty_like(bx)
    for t in range(bx.shape[1]):
        h = decay[:, t] * h + bx[:, t]
        states[:, t] = h
    return states


def read_out(states, x, c, d):
    y = (states * c[:, :, None, :]).sum(-1, dtype=F) + d * x
    return {"y": y, "state": states[:, -1].copy()}


class InTurn:
    """One token after the other."""

    @staticmethod
    def selective_scan(*, x, dt, dt_bias, a_log, b, c, d, state):
        decay, bx = discretised(x, dt, dt_bias, a_log, b)
        return read_out(in_turn(decay, bx, state), x, c, d)


class ParallelScan:
    """Neighbours are joined, then pairs that are twice as far apart (Hillis and Steele)."""

    @staticmethod
    def selective_scan(*, x, dt, dt_bias, a_log, b, c, d, state):
        decay, states = discretised(x, dt, dt_bias, a_log, b)
        states[:, 0] += decay[:, 0] * state
        apart = 1
        while apart < x.shape[1]:
            joined = decay[:, apart:] * states[:, :-apart] + states[:, apart:]
            decay = np.concatenate([decay[:, :apart], decay[:, apart:] * decay[:, :-apart]], 1)
            states = np.concatenate([states[:, :apart], joined], 1)
            apart *= 2
        return read_out(states, x, c, d)


class Chunks:
    """Chunks of four tokens: each from a state of zero, and then what is left of the state before it."""

    @staticmethod
    def selective_scan(*, x, dt, dt_bias, a_log, b, c, d, state):
        decay, bx = discretised(x, dt, dt_bias, a_log, b)
        done = []
        for first in range(0, x.shape[1], 4):
            part = slice(first, first + 4)
            own = in_turn(decay[:, part], bx[:, part], np.zeros_like(state))
            done.append(own + np.cumprod(decay[:, part], 1) * state[:, None])
            state = done[-1][:, -1]
        return read_out(np.concatenate(done, 1), x, c, d)


class StateOfTheChunkLost:
    """Every chunk of four tokens begins with a state of zero."""

    @staticmethod
    def selective_scan(*, x, dt, dt_bias, a_log, b, c, d, state):
        decay, bx = discretised(x, dt, dt_bias, a_log, b)
        done = []
        for first in range(0, x.shape[1], 4):
            part = slice(first, first + 4)
            done.append(in_turn(decay[:, part], bx[:, part], state if first == 0 else np.zeros_like(state)))
        return read_out(np.concatenate(done, 1), x, c, d)


class DecayFromTheStart:
    """vllm 23279: what is left of the state before a chunk is decayed from another token than the chunk's first."""

    @staticmethod
    def selective_scan(*, x, dt, dt_bias, a_log, b, c, d, state):
        decay, bx = discretised(x, dt, dt_bias, a_log, b)
        since, done = np.cumprod(decay, 1), []
        for first in range(0, x.shape[1], 4):
            part = slice(first, first + 4)
            own = in_turn(decay[:, part], bx[:, part], np.zeros_like(state))
            done.append(own + since[:, part] * state[:, None])
            state = done[-1][:, -1]
        return read_out(np.concatenate(done, 1), x, c, d)


class StateOfTheSequenceBefore:
    """The state is not that of the sequence, but the one that the sequence before it in the batch ended with."""

    @staticmethod
    def selective_scan(*, x, dt, dt_bias, a_log, b, c, d, state):
        decay, bx = discretised(x, dt, dt_bias, a_log, b)
        done, h = [], state[:1]
        for row in range(len(x)):
            done.append(in_turn(decay[row : row + 1], bx[row : row + 1], h))
            h = done[-1][:, -1]
        return read_out(np.concatenate(done), x, c, d)


class DecayedAfterTheInput:
    """The token's own input decays with the state."""

    @staticmethod
    def selective_scan(*, x, dt, dt_bias, a_log, b, c, d, state):
        decay, bx = discretised(x, dt, dt_bias, a_log, b)
        return read_out(in_turn(decay, decay * bx, state), x, c, d)


class StateBeforeTheToken:
    """An exclusive scan: every result is read from the state before its token."""

    @staticmethod
    def selective_scan(*, x, dt, dt_bias, a_log, b, c, d, state):
        decay, bx = discretised(x, dt, dt_bias, a_log, b)
        states = in_turn(decay, bx, state)
        before = np.concatenate([state[:, None], states[:, :-1]], 1)
        return {**read_out(before, x, c, d), "state": states[:, -1].copy()}


class StateAtABoundary:
    """sglang 31833: the state that is handed on is the one at the last boundary of a chunk, not at the last token."""

    @staticmethod
    def selective_scan(*, x, dt, dt_bias, a_log, b, c, d, state):
        decay, bx = discretised(x, dt, dt_bias, a_log, b)
        states = in_turn(decay, bx, state)
        boundary = max(x.shape[1] // 4 * 4, 1) - 1
        return {**read_out(states, x, c, d), "state": states[:, boundary].copy()}


class BiasForgotten:
    """dt has no bias."""

    @staticmethod
    def selective_scan(*, x, dt, dt_bias, a_log, b, c, d, state):
        decay, bx = discretised(x, dt, np.zeros_like(dt_bias), a_log, b)
        return read_out(in_turn(decay, bx, state), x, c, d)


class SkipForgotten:
    """d * x is not added."""

    @staticmethod
    def selective_scan(*, x, dt, dt_bias, a_log, b, c, d, state):
        decay, bx = discretised(x, dt, dt_bias, a_log, b)
        return read_out(in_turn(decay, bx, state), x, c, np.zeros_like(d))


RIGHT = (InTurn, ParallelScan, Chunks)
WRONG = (
    StateOfTheChunkLost, DecayFromTheStart, StateOfTheSequenceBefore, DecayedAfterTheInput, StateBeforeTheToken,
    StateAtABoundary, BiasForgotten, SkipForgotten,
)  # fmt: skip
