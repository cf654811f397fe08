"""Q4_K and Q6_K: 256 weights in 144 or 210 bytes, and their products with activations."""

from __future__ import annotations

import numpy as np

from tests.subjects.port.errors import Misfit, NotComputed, Poisoned

BLOCK = 256
F = np.float32


def halves(raw):
    return np.ascontiguousarray(raw).view("<f2").astype(F)


def unpack_q4_k(raw):
    """[..., 144] bytes to [..., 256] weights: d * sc * q - dmin * m."""
    s = raw[..., 4:16]
    low, mid, high = s[..., :4], s[..., 4:8], s[..., 8:]
    scale = np.concatenate([low & 63, high & 15 | low >> 6 << 4], -1)
    least = np.concatenate([mid & 63, high >> 4 | mid >> 6 << 4], -1)
    chunks = raw[..., 16:].reshape(*raw.shape[:-1], 4, 32)
    quants = np.stack([chunks & 15, chunks >> 4], -2).reshape(*raw.shape[:-1], 8, 32)
    step = halves(raw[..., 0:2]) * scale
    offset = halves(raw[..., 2:4]) * least
    return (step[..., None] * quants - offset[..., None]).reshape(*raw.shape[:-1], BLOCK)


def unpack_q6_k(raw):
    """[..., 210] bytes to [..., 256] weights: d * sc * (q - 32)."""
    ql = raw[..., :128].reshape(*raw.shape[:-1], 2, 64)
    qh = raw[..., 128:192].reshape(*raw.shape[:-1], 2, 32)
    nibbles = np.concatenate([ql & 15, ql >> 4], -1).reshape(*raw.shape[:-1], 2, 4, 32)
    pairs = np.stack([qh >> shift & 3 for shift in (0, 2, 4, 6)], -2)
    quants = (nibbles | pairs << 4).reshape(*raw.shape[:-1], 16, 16).astype(F) - F(32)
    scale = halves(raw[..., 208:210]) * np.ascontiguousarray(raw[..., 192:208]).view(np.int8)
    return (scale[..., None] * quants).reshape(*raw.shape[:-1], BLOCK)


KERNELS = {"q4_k": (144, unpack_q4_k), "q6_k": (210, unpack_q6_k)}


def check_kernel(tensor):
    if isinstance(tensor, np.ndarray) or tensor[0] not in KERNELS:
        raise NotComputed(f"no kernel for weights of type {getattr(tensor, 'dtype', tensor[0])}")


def weights(tensor):
    """Every weight of (type, shape, bytes), rows padded to whole blocks: [..., columns rounded up]."""
    check_kernel(tensor)
    kind, shape, data = tensor
    size, unpack = KERNELS[kind]
    raw = np.frombuffer(data, np.uint8).reshape(*shape[:-1], -1, size)
    return unpack(raw).reshape(*shape[:-1], -1)


def times(w, x):
    """Rows of w times x, each product rounded and added up in float32; x may be shorter than the padded rows."""
    return (w[..., : x.shape[-1]] * x[..., None, :]).sum(-1, dtype=F)


def to_int8(x):
    """Per 256 values max / 127 as the scale, and values rounded to multiples of it, halves away from zero."""
    parts = x.reshape(*x.shape[:-1], -1, BLOCK)
    scale = np.abs(parts).max(-1, keepdims=True) / F(127)
    ratio = parts / np.where(scale > 0, scale, F(1))
    return scale, np.where(scale > 0, np.copysign(np.floor(np.abs(ratio) + F(0.5)), ratio), F(0))


def times_int8(w, x):
    """The product of w with x rounded to int8."""
    scale, quants = to_int8(x)
    parts = w.reshape(*w.shape[:-1], -1, BLOCK)
    sums = (parts * quants[..., None, :, :]).sum(-1, dtype=F)
    return (sums * scale[..., None, :, 0]).sum(-1, dtype=F)


def check_length(x, tensor):
    if x.shape[-1] != tensor[1][-1]:
        raise Misfit(f"a row has {tensor[1][-1]} weights and the vector {x.shape[-1]} values")


def check_finite(what, values):
    if not np.isfinite(values).all():
        raise Poisoned(f"{what}: infinite or no number")


def decode(*, tensor):
    return {"values": weights(tensor)[..., : tensor[1][-1]].copy()}


def row_products(*, tensor, x):
    check_length(x, tensor)
    check_finite("vector", x)
    with np.errstate(all="ignore"):
        return {"products": times(weights(tensor), x)}


def row_products_q8_k(*, tensor, x):
    check_length(x, tensor)
    check_finite("vector", x)
    with np.errstate(all="ignore"):
        return {"products": times_int8(weights(tensor), x)}
