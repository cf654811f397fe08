"""Attention over a padded batch."""

import numpy as np

F = np.float32


def softmax(x):
    with np.errstate(all="ignore"):  # rows of padding may be NaN
        e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True, dtype=F)


def one_row(q, k, v):
    """[tokens, heads, d], every token of which counts."""
    queries, keys, values = (np.swapaxes(part, 0, 1) for part in (q, k, v))
    scores = queries @ np.swapaxes(keys, 1, 2) / np.sqrt(F(q.shape[-1]))
    return np.swapaxes(softmax(scores) @ values, 0, 1)


def seen(lengths, n):
    return (np.arange(n) < lengths[:, None])[:, None, None]


def scores_of(q, k):
    with np.errstate(all="ignore"):
        return np.einsum("rqhd,rkhd->rhqk", q, k) / np.sqrt(F(q.shape[-1]))


class RowByRow:
    """Each row by itself, cut to its length; zeros behind it."""

    @staticmethod
    def attend(*, q, k, v, lengths):
        out = np.zeros_like(v)
        for row, length in enumerate(lengths):
            out[row, :length] = one_row(q[row, :length], k[row, :length], v[row, :length])
        return {"out": out}


class Blocks:
    """All rows at once, three keys at a time, with running sums; values of the padding are taken for zero."""

    @staticmethod
    def attend(*, q, k, v, lengths):
        n = q.shape[1]
        scores = np.where(seen(lengths, n), scores_of(q, k), F(-np.inf))
        values = np.where((np.arange(n) < lengths[:, None])[..., None, None], v, F(0))
        highest = np.full(scores.shape[:3], -np.inf, F)
        total, out = np.zeros(scores.shape[:3], F), np.zeros(np.swapaxes(v, 1, 2).shape, F)
        for start in range(0, n, 3):
            part = scores[..., start : start + 3]
            grown = np.maximum(highest, part.max(-1))
            again, e = np.exp(highest - grown), np.exp(part - grown[..., None])
            total = total * again + e.sum(-1, dtype=F)
            out = out * again[..., None] + np.einsum("rhqk,rkhd->rhqd", e, values[:, start : start + 3])
            highest = grown
        with np.errstate(all="ignore"):
            return {"out": np.swapaxes(out / total[..., None], 1, 2)}


class PaddedLengths:
    """Every row is as long as the longest (mistral.rs 1746: lengths were computed of rows padded already)."""

    @staticmethod
    def attend(*, q, k, v, lengths):
        return RowByRow.attend(q=q, k=k, v=v, lengths=np.full_like(lengths, lengths.max()))


class TimesZero:
    """Weights of the padding are made zero, but multiplied with its values: zero times NaN is NaN."""

    @staticmethod
    def attend(*, q, k, v, lengths):
        weights = softmax(np.where(seen(lengths, q.shape[1]), scores_of(q, k), F(-np.inf)))
        return {"out": np.einsum("rhqk,rkhd->rqhd", weights, v)}


class MaskedAfter:
    """The weights of the padding are left out after the softmax, whose sum has them still."""

    @staticmethod
    def attend(*, q, k, v, lengths):
        n = q.shape[1]
        with np.errstate(all="ignore"):
            weights = np.where(seen(lengths, n), softmax(scores_of(q, k)), F(0))
        return {"out": np.einsum("rhqk,rkhd->rqhd", weights, np.where(np.isfinite(v), v, F(0)))}


class OneSplitPoint:
    """The length of the first row is taken for all (HunyuanVideo 310: right for a batch of one alone)."""

    @staticmethod
    def attend(*, q, k, v, lengths):
        return RowByRow.attend(q=q, k=k, v=v, lengths=np.full_like(lengths, lengths[0]))


class LastTokenLost:
    """The last token of a row is taken for padding, where there are others."""

    @staticmethod
    def attend(*, q, k, v, lengths):
        return RowByRow.attend(q=q, k=k, v=v, lengths=np.maximum(lengths - 1, 1))


class MeanOfMaskedRow:
    """Rows of a full length are masked whole, and get the mean of their values (onnxruntime 28904: finite fillers)."""

    @staticmethod
    def attend(*, q, k, v, lengths):
        n = q.shape[1]
        open_ = seen(lengths % n, n)
        values = np.where((np.arange(n) < lengths[:, None])[..., None, None], v, F(0))
        return {"out": np.einsum("rhqk,rkhd->rqhd", softmax(np.where(open_, scores_of(q, k), F(-1e30))), values)}


RIGHT = (RowByRow, Blocks)
WRONG = (PaddedLengths, TimesZero, MaskedAfter, OneSplitPoint, LastTokenLost, MeanOfMaskedRow)
