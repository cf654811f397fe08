"""torch's kernels for bfloat16 and float16 as subjects: a matrix product and root mean square normalisation."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import torch

EPSILON = 1e-6


def tensor(array):
    """The same bits as a tensor: torch reads no array of ml_dtypes."""
    if array.dtype == ml_dtypes.bfloat16:
        return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(array)


def array(found):
    """The same bits as an array."""
    if found.dtype == torch.bfloat16:
        return found.contiguous().view(torch.int16).numpy().view(ml_dtypes.bfloat16)
    return found.contiguous().numpy()


class MatrixProduct:
    """torch.matmul."""

    @staticmethod
    def product(*, weights, x):
        return {"y": array(torch.matmul(tensor(weights), tensor(x)))}


class RmsNorm:
    """torch.nn.functional.rms_norm in float32, rounded at the end."""

    @staticmethod
    def normalise(*, x, weight):
        wide = torch.nn.functional.rms_norm(tensor(x).float(), (x.shape[1],), tensor(weight).float(), EPSILON)
        return {"out": array(wide.to(tensor(x).dtype))}


class FusedRmsNorm:
    """The same function on two bytes, as frameworks call it."""

    @staticmethod
    def normalise(*, x, weight):
        row, factor = tensor(x), tensor(weight)
        return {"out": array(torch.nn.functional.rms_norm(row, (x.shape[1],), factor, EPSILON).to(row.dtype))}


class LlamaRmsNorm:
    """The order of LLaMA's code: the normalised row is rounded before the weight."""

    @staticmethod
    def normalise(*, x, weight):
        row, factor = tensor(x), tensor(weight)
        wide = row.float()
        normalised = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + EPSILON)
        return {"out": array((factor.float() * normalised.to(row.dtype).float()).to(row.dtype))}
