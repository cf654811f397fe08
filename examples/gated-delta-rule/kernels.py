"""The gated delta rule: a state that is decayed, read under a key, and corrected there."""

import numpy as np

F = np.float32


def recurrent(step, q, k, v, alpha, beta, state):
    """All tokens, by a step that gives the result and the next state."""
    out = np.empty_like(v)
    for t in range(len(v)):
        out[t], state = step(q[t], k[t], v[t], alpha[t], beta[t], state)
    return {"state": state, "out": out}


class Matrices:
    """A whole state at a time."""

    @staticmethod
    def one(q, k, v, alpha, beta, state):
        state = alpha * state
        state = state + np.outer(k, beta * (v - k @ state))
        return q @ state, state

    def gated_delta(self, **given):
        return recurrent(self.one, **given)

    def step(self, **given):
        out, state = self.one(**given)
        return {"state": state, "out": out}


class Columns(Matrices):
    """One column of the state after the other, its keys from the last to the first, with beta in the key."""

    @staticmethod
    def one(q, k, v, alpha, beta, state):
        new, out = np.empty_like(state), np.empty_like(v)
        for j in range(len(v)):
            column = state[:, j] * alpha
            seen = np.add.accumulate((column * k)[::-1], dtype=F)[-1]
            new[:, j] = column + (k * beta) * (v[j] - seen)
            out[j] = np.add.accumulate((new[:, j] * q)[::-1], dtype=F)[-1]
        return out, new


class ReadBeforeItIsDecayed(Matrices):
    """What the state has under the key is read before the decay, and written after it."""

    @staticmethod
    def one(q, k, v, alpha, beta, state):
        state = alpha * state + np.outer(k, beta * (v - k @ state))
        return q @ state, state


class DecayedAfterwards(Matrices):
    """The token's own correction decays as well."""

    @staticmethod
    def one(q, k, v, alpha, beta, state):
        state = alpha * (state + np.outer(k, beta * (v - k @ state)))
        return q @ state, state


class NothingIsReplaced(Matrices):
    """Gated linear attention: the value is added to what is there already."""

    @staticmethod
    def one(q, k, v, alpha, beta, state):
        state = alpha * state + np.outer(k, beta * v)
        return q @ state, state


class BetaOfTheValueAlone(Matrices):
    """beta scales the new value, and the old one is taken out whole."""

    @staticmethod
    def one(q, k, v, alpha, beta, state):
        state = alpha * state
        state = state + np.outer(k, beta * v - k @ state)
        return q @ state, state


class ReadBeforeItIsWritten(Matrices):
    """The query sees the state without its own token."""

    @staticmethod
    def one(q, k, v, alpha, beta, state):
        return q @ (alpha * state), Matrices.one(q, k, v, alpha, beta, state)[1]


class StateForgotten(Matrices):
    """A sequence begins from zero, whatever state it is given (a second part of a prompt)."""

    def gated_delta(self, *, state, **given):
        return recurrent(self.one, state=np.zeros_like(state), **given)


class NarrowState(Matrices):
    """The state is held in bfloat16 between tokens."""

    @staticmethod
    def one(q, k, v, alpha, beta, state):
        out, state = Matrices.one(q, k, v, alpha, beta, state)
        bits = np.ascontiguousarray(state).view(np.uint32)
        kept = (bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)
        return out, kept.view(F)


RIGHT = (Matrices, Columns)
WRONG = (
    ReadBeforeItIsDecayed, DecayedAfterwards, NothingIsReplaced, BetaOfTheValueAlone, ReadBeforeItIsWritten,
    StateForgotten, NarrowState,
)  # fmt: skip
