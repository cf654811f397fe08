"""Flash attention: blocks of keys with running sums, and keys split in parts that are merged."""

import numpy as np

F = np.float32
LOG2E = F(1.4426950408889634)
LN2 = F(0.6931471805599453)


def scale_of(q):
    return F(1) / np.sqrt(F(q.shape[-1]))


def running(q, k, v, block, lag=0.0, rescale_out=True, scale_last=True):
    """Maximum, sum and weighted values of blocks, by exp2 with the scale folded into its constant."""
    constant = scale_of(q) * LOG2E
    highest = np.full((len(q), 1), -np.inf, F)
    total, out = np.zeros((len(q), 1), F), np.zeros((len(q), v.shape[1]), F)
    for start in range(0, len(k), block):
        scores = q @ k[start : start + block].T
        last = start + block >= len(k) > block
        c = constant if scale_last or not last else LOG2E
        top = scores.max(-1, keepdims=True)
        grown = np.where(top > highest + F(lag), top, highest)
        again = np.exp2((highest - grown) * constant)
        e = np.exp2(scores * c - grown * c)
        total = total * again + e.sum(-1, keepdims=True, dtype=F)
        out = out * (again if rescale_out else F(1)) + e @ v[start : start + block]
        highest = grown
    return highest * scale_of(q), total, out


def parts_of(q, k, v, size):
    """Of parts of the keys: the mean of the values, and the log-sum-exp."""
    outs, lses = [], []
    for start in range(0, len(k), size):
        highest, total, out = running(q, k[start : start + size], v[start : start + size], 4)
        outs.append(out / total)
        lses.append(highest[:, 0] + np.log(total[:, 0]))
    return np.stack(outs), np.stack(lses)


def merged(outs, lses):
    highest = lses.max(0)
    lse = highest + np.log(np.exp(lses - highest).sum(0, dtype=F))
    return {"out": (np.exp(lses - lse)[..., None] * outs).sum(0, dtype=F), "lse": lse}


def whole(highest, total, out):
    return {"out": out / total, "lse": (highest + np.log(total))[:, 0]}


class TwoPasses:
    """The whole matrix of scores."""

    @staticmethod
    def attend(*, q, k, v):
        scores = q @ k.T * scale_of(q)
        highest = scores.max(-1, keepdims=True)
        e = np.exp(scores - highest)
        total = e.sum(-1, keepdims=True, dtype=F)
        return {"out": e / total @ v, "lse": (highest + np.log(total))[:, 0]}


class Flash:
    """Blocks of two keys; the sums are rescaled when the maximum grows, and divided at the end."""

    @staticmethod
    def attend(*, q, k, v):
        return whole(*running(q, k, v, 2))


class Lazy:
    """Blocks of four keys; rescaled only when the maximum has grown by more than 2, as FlashAttention-4 does."""

    @staticmethod
    def attend(*, q, k, v):
        return whole(*running(q, k, v, 4, lag=2.0))


class SplitKeys:
    """Parts of 16 keys, merged by their log-sum-exp, as in Flash-Decoding."""

    @staticmethod
    def attend(*, q, k, v):
        return merged(*parts_of(q, k, v, 16))


class OutNotRescaled:
    """The sum is rescaled when the maximum grows, the weighted values are not."""

    @staticmethod
    def attend(*, q, k, v):
        return whole(*running(q, k, v, 4, rescale_out=False))


class LastBlockUnscaled:
    """The scale is forgotten in the last block, which has a path of its own."""

    @staticmethod
    def attend(*, q, k, v):
        return whole(*running(q, k, v, 8, scale_last=False))


class TailDropped:
    """Keys behind the last whole block of 8 are left out."""

    @staticmethod
    def attend(*, q, k, v):
        kept = len(k) // 8 * 8 or len(k)
        return whole(*running(q, k[:kept], v[:kept], 8))


class PowersOfTwo:
    """attention-gym 207: log-sum-exp in powers of two is merged as if it were natural."""

    @staticmethod
    def attend(*, q, k, v):
        outs, lses = parts_of(q, k, v, 16)
        return merged(outs, lses / LN2)


class MergedWithoutMaximum:
    """Weights of parts are exp(lse) as such: large scores overflow."""

    @staticmethod
    def attend(*, q, k, v):
        outs, lses = parts_of(q, k, v, 16)
        with np.errstate(all="ignore"):
            weights = np.exp(lses)
            total = weights.sum(0, dtype=F)
            return {"out": (weights[..., None] * outs).sum(0, dtype=F) / total[:, None], "lse": np.log(total)}


class LastPartOnly:
    """sgl-kernel-xpu 487: what is stored as the log-sum-exp of all is that of the last part."""

    @staticmethod
    def attend(*, q, k, v):
        outs, lses = parts_of(q, k, v, 16)
        return {"out": merged(outs, lses)["out"], "lse": lses[-1]}


class PlainMean:
    """Parts are averaged, whatever their sums are."""

    @staticmethod
    def attend(*, q, k, v):
        outs, lses = parts_of(q, k, v, 16)
        return {"out": outs.mean(0, dtype=F), "lse": merged(outs, lses)["lse"]}


RIGHT = (TwoPasses, Flash, Lazy, SplitKeys)
WRONG = (OutNotRescaled, LastBlockUnscaled, TailDropped, PowersOfTwo, MergedWithoutMaximum, LastPartOnly, PlainMean)
