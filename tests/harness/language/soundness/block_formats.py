"""Q4_K and Q6_K: as equations for the evaluator, and taken apart by hand for the emulated kernels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from harness.language.formats import BlockFormat
from harness.language.syntax import parse

F = np.float32

Q4_K = BlockFormat(
    name="q4_k",
    values=256,
    size=144,
    fields={"d": ("f16", 0, 2), "dmin": ("f16", 2, 4), "s": ("u8", 4, 16), "qs": ("u8", 16, 144)},
    equations={
        name: parse(text)
        for name, text in {
            "sc": "concat(s[0:4] & 63, (s[8:12] & 15) | ((s[0:4] >> 6) << 4), axis=-1)",
            "m": "concat(s[4:8] & 63, (s[8:12] >> 4) | ((s[4:8] >> 6) << 4), axis=-1)",
            "nib": "reshape(qs, 4, 32)",
            "q": "reshape(stack(nib & 15, nib >> 4, axis=-2), 8, 32)",
            "w": "d * sc[..., None] * q - dmin * m[..., None]",
        }.items()
    },
    weights="w",
    scales=("d", "dmin"),
)
Q6_K = BlockFormat(
    name="q6_k",
    values=256,
    size=210,
    fields={"ql": ("u8", 0, 128), "qh": ("u8", 128, 192), "sc": ("i8", 192, 208), "d": ("f16", 208, 210)},
    equations={
        name: parse(text)
        for name, text in {
            "l": "reshape(ql, 2, 2, 32)",
            "h": "reshape(qh, 2, 1, 32)",
            "lo": "reshape(stack(l & 15, l >> 4, axis=-3), 2, 4, 32)",
            "hi": "concat(h & 3, (h >> 2) & 3, (h >> 4) & 3, h >> 6, axis=-2)",
            "q": "reshape((lo | (hi << 4)) - 32, 16, 16)",
            "w": "d * sc[..., None] * q",
        }.items()
    },
    weights="w",
    scales=("d",),
)
FORMATS = {"q4_k": Q4_K, "q6_k": Q6_K}


@dataclass(frozen=True)
class Fields:
    """What the bytes of [..., rows, blocks] say, as integers and float32: a kernel's view of a tensor.

    A weight is d * sc * (q - offset) - dmin * m; q[..., sub-blocks, values], sc and m[..., sub-blocks].
    """

    d: np.ndarray
    sc: np.ndarray
    q: np.ndarray
    offset: int
    dmin: np.ndarray | None = None
    m: np.ndarray | None = None


def taken_apart(name: str, raw: np.ndarray) -> Fields:
    return _q4_k(raw) if name == "q4_k" else _q6_k(raw)


def _half(raw: np.ndarray, first: int) -> np.ndarray:
    return np.ascontiguousarray(raw[..., first : first + 2]).view("<f2")[..., 0].astype(F)


def _q4_k(raw: np.ndarray) -> Fields:
    s = raw[..., 4:16].astype(np.int64)
    sc, m = np.empty((2, *raw.shape[:-1], 8), np.int64)
    for j in range(4):  # get_scale_min_k4 in ggml-quants.c
        sc[..., j], m[..., j] = s[..., j] & 63, s[..., j + 4] & 63
        sc[..., j + 4] = (s[..., j + 8] & 15) | ((s[..., j] >> 6) << 4)
        m[..., j + 4] = (s[..., j + 8] >> 4) | ((s[..., j + 4] >> 6) << 4)
    q = np.empty((*raw.shape[:-1], 8, 32), np.int64)
    for j in range(4):
        part = raw[..., 16 + 32 * j : 48 + 32 * j]
        q[..., 2 * j, :], q[..., 2 * j + 1, :] = part & 15, part >> 4
    return Fields(_half(raw, 0), sc, q, 0, _half(raw, 2), m)


def _q6_k(raw: np.ndarray) -> Fields:
    q = np.empty((*raw.shape[:-1], 256), np.int64)
    for half in range(2):  # dequantize_row_q6_K in ggml-quants.c
        ql = raw[..., 64 * half : 64 * half + 64].astype(np.int64)
        qh = raw[..., 128 + 32 * half : 160 + 32 * half].astype(np.int64)
        for j in range(4):
            low = ql[..., 32 * (j % 2) : 32 * (j % 2) + 32] >> (4 * (j // 2)) & 15
            q[..., 128 * half + 32 * j : 128 * half + 32 * j + 32] = low | ((qh >> (2 * j) & 3) << 4)
    sc = np.ascontiguousarray(raw[..., 192:208]).view(np.int8).astype(np.int64)
    return Fields(_half(raw, 208), sc, q.reshape(*raw.shape[:-1], 16, 16), 32)


def write_half(name: str, raw: np.ndarray, scale: str, values: np.ndarray) -> None:
    """One scale of every block, in place."""
    _, first, last = FORMATS[name].fields[scale]
    raw[..., first:last] = np.ascontiguousarray(values.astype("<f2"))[..., None].view(np.uint8)


SCALES = ("typical", "subnormal", "big", "one")


def blocks(name: str, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Random blocks [*shape, bytes]: scales of one kind, and in every third case flat values or all-max scales."""
    format_ = FORMATS[name]
    raw = rng.integers(0, 256, (*shape, format_.size), dtype=np.uint8)
    kind = rng.choice(SCALES, p=(0.7, 0.1, 0.1, 0.1))
    for scale in format_.scales:
        values = {
            "typical": rng.uniform(0.001, 0.02, shape),
            "subnormal": 6e-8 * rng.integers(1, 9, shape),
            "big": rng.uniform(3e4, 6.5e4, shape),
            "one": np.ones(shape),
        }[kind]
        write_half(name, raw, scale, values)
    if rng.random() < 0.3:
        value = rng.choice([0xFF, 0x11, 0x77, 0x00])
        for field in ("qs", "ql", "qh"):
            if field in format_.fields:
                _, first, last = format_.fields[field]
                raw[..., first:last] = value
    if rng.random() < 0.2 and name == "q4_k":
        raw[..., 4:16] = rng.choice([0xFF, 0x3F, 0x01])
    if rng.random() < 0.2 and name == "q6_k":
        raw[..., 192:208] = rng.choice([0x7F, 0x80, 0x01])
    return raw
