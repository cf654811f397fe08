"""Residual and norm in one kernel, both in place, in bfloat16."""

import ml_dtypes
import numpy as np

F = np.float32
B = ml_dtypes.bfloat16
EPSILON = F(1e-6)


def norm(h, weight):
    """Of float32; the mean of squares is divided by the width at the end."""
    squares = (h * h).sum(-1, keepdims=True, dtype=F)
    return h / np.sqrt(squares / F(h.shape[1]) + EPSILON) * weight.astype(F)


class SumIsRounded:
    """As in vLLM: the norm is that of the sum as it is stored."""

    @staticmethod
    def add_norm(*, x, residual, weight):
        residual[...] = (x.astype(F) + residual.astype(F)).astype(B)
        x[...] = norm(residual.astype(F), weight).astype(B)


class SumIsKept:
    """As in FlashInfer: the norm is that of the sum in float32. Squares are added one by one."""

    @staticmethod
    def add_norm(*, x, residual, weight):
        h = x.astype(F) + residual.astype(F)
        residual[...] = h.astype(B)
        total = np.zeros(len(h), F)
        for column in h.T:
            total += column * column
        scale = F(1) / np.sqrt(total * F(1 / h.shape[1]) + EPSILON)
        x[...] = (h * scale[:, None] * weight.astype(F)).astype(B)


class ResidualStays:
    """flashinfer 2385: the sum is normalised, and not written back to the residual."""

    @staticmethod
    def add_norm(*, x, residual, weight):
        x[...] = norm(x.astype(F) + residual.astype(F), weight).astype(B)


class ResidualIsNormalised:
    """nano-vllm 170: the sum is normalised where it lies, and so is the residual."""

    @staticmethod
    def add_norm(*, x, residual, weight):
        SumIsRounded.add_norm(x=x, residual=residual, weight=weight)
        h = residual.astype(F)
        residual[...] = (h / np.sqrt((h * h).mean(-1, keepdims=True, dtype=F) + EPSILON)).astype(B)


class Copies:
    """xpu-perf 204: the results are bound to the names of the arguments, and the caller's arrays stay as they were."""

    @staticmethod
    def add_norm(*, x, residual, weight):
        residual = (x.astype(F) + residual.astype(F)).astype(B)
        x = norm(residual.astype(F), weight).astype(B)


class AddsTheNorm:
    """x is written first, and the residual gets the norm added in place of x."""

    @staticmethod
    def add_norm(*, x, residual, weight):
        x[...] = norm(x.astype(F) + residual.astype(F), weight).astype(B)
        residual[...] = (x.astype(F) + residual.astype(F)).astype(B)


class NormOfX:
    """x is normalised without the residual."""

    @staticmethod
    def add_norm(*, x, residual, weight):
        summed = (x.astype(F) + residual.astype(F)).astype(B)
        x[...] = norm(x.astype(F), weight).astype(B)
        residual[...] = summed


class Vectors:
    """Eight entries at a time, and what is left of a row is not written."""

    @staticmethod
    def add_norm(*, x, residual, weight):
        whole = x.shape[1] // 8 * 8
        h = x.astype(F) + residual.astype(F)
        residual[:, :whole] = h[:, :whole].astype(B)
        x[:, :whole] = norm(h, weight)[:, :whole].astype(B)


class OneRowTooMany:
    """The grid has one block too many: a row behind the last is written as well."""

    @staticmethod
    def add_norm(*, x, residual, weight):
        SumIsRounded.add_norm(x=x, residual=residual, weight=weight)
        more = np.lib.stride_tricks.as_strided(residual, (len(x) + 1, x.shape[1]))
        more[-1] = residual[-1]


class NarrowSquares:
    """The squares are added in bfloat16."""

    @staticmethod
    def add_norm(*, x, residual, weight):
        residual[...] = (x.astype(F) + residual.astype(F)).astype(B)
        h, total = residual.astype(F), np.zeros(len(x), F)
        for column in h.T:
            total = (total + column * column).astype(B).astype(F)
        x[...] = (h / np.sqrt(total[:, None] / F(h.shape[1]) + EPSILON) * weight.astype(F)).astype(B)


RIGHT = (SumIsRounded, SumIsKept)
WRONG = (
    ResidualStays, ResidualIsNormalised, Copies, AddsTheNorm, NormOfX, Vectors, OneRowTooMany, NarrowSquares,
)  # fmt: skip
