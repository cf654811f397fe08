"""Cross entropy with ignore_index -100 and a label smoothing of 0.1."""

import numpy as np

F = np.float32
IGNORED = -100
SMOOTHING = F(0.1)


def log_probabilities(logits):
    z = logits - logits.max(-1, keepdims=True)
    return z - np.log(np.exp(z).sum(-1, keepdims=True, dtype=F))


def parts(logits, targets):
    """The losses of the targets and those of all classes."""
    logp = log_probabilities(logits)
    counted = targets != IGNORED
    of_target = -logp[np.arange(len(logits)), np.where(counted, targets, 0)]
    return counted, of_target, -logp.mean(-1, dtype=F)


def results(counted, losses, count=None):
    losses = np.where(counted, losses, F(0))
    return {"losses": losses, "loss": losses.sum(dtype=F) / F(counted.sum() if count is None else count)}


def in_one_pass(logits, rescaled=True):
    """The logarithm of the sum of powers, in parts of 4 classes."""
    highest = np.full(len(logits), -np.inf, F)
    total = np.zeros(len(logits), F)
    for start in range(0, logits.shape[1], 4):
        part = logits[:, start : start + 4]
        grown = np.maximum(highest, part.max(-1))
        again = np.exp(highest - grown) if rescaled else F(1)
        total = total * again + np.exp(part - grown[:, None]).sum(-1, dtype=F)
        highest = grown
    return highest + np.log(total)


class Materialised:
    """Log-probabilities of all classes first."""

    @staticmethod
    def lose(*, logits, targets):
        counted, of_target, of_all = parts(logits, targets)
        return results(counted, F(0.9) * of_target + SMOOTHING * of_all)


class Fused:
    """The logarithm of the sum once per token; logits are taken away from it, their mean for the smoothing."""

    @staticmethod
    def lose(*, logits, targets):
        counted = targets != IGNORED
        whole = in_one_pass(logits)
        of_target = whole - logits[np.arange(len(logits)), np.where(counted, targets, 0)]
        of_all = whole - logits.sum(-1, dtype=F) / F(logits.shape[1])
        return results(counted, (F(1) - SMOOTHING) * of_target + SMOOTHING * of_all)


class MaximumForgotten:
    """The maximum is taken out of the logarithm, and not put back."""

    @staticmethod
    def lose(*, logits, targets):
        counted, of_target, of_all = parts(logits, targets)
        highest = logits.max(-1)
        return results(counted, F(0.9) * (of_target - highest) + SMOOTHING * (of_all - highest))


class NotRescaled:
    """The running sum keeps its scale when a larger logit comes."""

    @staticmethod
    def lose(*, logits, targets):
        counted = targets != IGNORED
        whole = in_one_pass(logits, rescaled=False)
        of_target = whole - logits[np.arange(len(logits)), np.where(counted, targets, 0)]
        of_all = whole - logits.mean(-1, dtype=F)
        return results(counted, F(0.9) * of_target + SMOOTHING * of_all)


class IgnoredSmoothed:
    """pytorch 73205: the share of all classes is added for ignored tokens, too."""

    @staticmethod
    def lose(*, logits, targets):
        counted, of_target, of_all = parts(logits, targets)
        losses = np.where(counted, F(0.9) * of_target, F(0)) + SMOOTHING * of_all
        return {"losses": losses, "loss": losses.sum(dtype=F) / F(counted.sum())}


class IgnoredCounted:
    """FlagGems 73: the sum is divided by the number of all tokens."""

    @staticmethod
    def lose(*, logits, targets):
        counted, of_target, of_all = parts(logits, targets)
        return results(counted, F(0.9) * of_target + SMOOTHING * of_all, len(logits))


class IgnoredFromTheEnd:
    """The target -100 is taken modulo the classes: an ignored token has the loss of some class."""

    @staticmethod
    def lose(*, logits, targets):
        logp = log_probabilities(logits)
        of_target = -logp[np.arange(len(logits)), targets % logits.shape[1]]
        losses = F(0.9) * of_target - SMOOTHING * logp.mean(-1, dtype=F)
        return {"losses": losses, "loss": losses.mean(dtype=F)}


class SmoothedOverOthers:
    """The tenth is shared by the other classes alone, and not by the target."""

    @staticmethod
    def lose(*, logits, targets):
        counted, of_target, of_all = parts(logits, targets)
        n = F(logits.shape[1])
        return results(counted, F(0.9) * of_target + SMOOTHING * (of_all * n - of_target) / (n - F(1)))


RIGHT = (Materialised, Fused)
WRONG = (MaximumForgotten, NotRescaled, IgnoredSmoothed, IgnoredCounted, IgnoredFromTheEnd, SmoothedOverOthers)
