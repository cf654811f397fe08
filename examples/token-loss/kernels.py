"""Cross entropy."""

import numpy as np

F = np.float32


class Shifted:
    """The maximum is taken out and put back."""

    @staticmethod
    def lose(*, logits, targets):
        highest = logits.max()
        return {"losses": np.log(np.exp(logits - highest).sum(dtype=F)) + highest - logits[targets]}


class Differences:
    """The logit is compared with the maximum first."""

    @staticmethod
    def lose(*, logits, targets):
        highest = logits.max()
        return {"losses": np.log(np.exp(logits - highest).sum(dtype=F)) + (highest - logits[targets])}


class MaximumForgotten:
    """The maximum is taken out only."""

    @staticmethod
    def lose(*, logits, targets):
        return {"losses": np.log(np.exp(logits - logits.max()).sum(dtype=F)) - logits[targets]}


class FirstTarget:
    """Every loss is that of the first target."""

    @staticmethod
    def lose(*, logits, targets):
        highest = logits.max()
        loss = np.log(np.exp(logits - highest).sum(dtype=F)) + highest - logits[targets[:1]]
        return {"losses": np.repeat(loss, len(targets))}


RIGHT = (Shifted, Differences)
WRONG = (MaximumForgotten, FirstTarget)
