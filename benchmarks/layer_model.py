"""Synthetic layers at the shape of Qwen3-Coder-30B-A3B, and tokens whose experts are known beforehand.

Weights are random blocks with scales of the size that real ones have: mean 0, deviation 1 / sqrt(columns). Every layer
lies in one piece of memory, which all contenders read in place:

    router, copy 0 | router, copy 1 | ... | gate | up | down        each at a multiple of 64 bytes

Each target has a copy of the router of its own: a real model has a router per layer, none of them in cache.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from impl.descriptors import QuantizedTensorRef, Qwen3MoeQuantizedLayer
from impl.ggml_types import F32, GGML_TYPES, Q4_K, Q6_K

HIDDEN: Final = 2048
INTERMEDIATE: Final = 768
EXPERTS: Final = 128
TOP_K: Final = 8
SLOTS: Final = EXPERTS // TOP_K
"""One-token targets of a layer: together they use every expert once."""

QTYPES: Final = {"gate": Q4_K, "up": Q4_K, "down": Q6_K}
ROWS_COLS: Final = {"gate": (INTERMEDIATE, HIDDEN), "up": (INTERMEDIATE, HIDDEN), "down": (HIDDEN, INTERMEDIATE)}
PART_BYTES: Final = {name: rows * GGML_TYPES[QTYPES[name]].row_bytes(cols) for name, (rows, cols) in ROWS_COLS.items()}
"""Bytes of one expert's share of each tensor."""

EXPERT_BYTES: Final = sum(PART_BYTES.values())
ROUTER_BYTES: Final = EXPERTS * HIDDEN * 4
TOKEN_BYTES: Final = TOP_K * EXPERT_BYTES + ROUTER_BYTES
"""What one token reads of a layer."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Target:
    """What one call computes: tokens, the layer that they go through, and which experts that takes."""

    layer: int
    router: int  # its copy of the router
    hidden: Floats  # [tokens, HIDDEN]
    chosen: NDArray[np.int64]  # [tokens, TOP_K], most probable first

    @property
    def tokens(self) -> int:
        return len(self.hidden)

    @property
    def experts(self) -> NDArray[np.int64]:
        """Every expert that any of the tokens goes to, once."""
        return np.unique(self.chosen)

    @property
    def bytes(self) -> int:
        return len(self.experts) * EXPERT_BYTES + ROUTER_BYTES


class Layer:
    """The weights of one layer."""

    def __init__(self, seed: int, routers: int, pages: str) -> None:
        rng = np.random.Generator(np.random.SFC64(seed))
        self.routers = routers
        self.offsets: dict[str, int] = {}
        end = routers * ROUTER_BYTES
        for name, size in PART_BYTES.items():
            self.offsets[name] = end
            end += -(-EXPERTS * size // 64) * 64
        self.data = np.frombuffer(memory(end, pages), np.uint8)
        self.router = rng.standard_normal((EXPERTS, HIDDEN), np.float32) / np.float32(sqrt(HIDDEN))
        for copy in range(routers):
            self.data[copy * ROUTER_BYTES : (copy + 1) * ROUTER_BYTES] = self.router.view(np.uint8).reshape(-1)
        for name in PART_BYTES:
            for expert in range(EXPERTS):
                fill = fill_q4_k if QTYPES[name] == Q4_K else fill_q6_k
                fill(self.part(name, expert), 1 / sqrt(ROWS_COLS[name][1]), rng)
        self.data.flags.writeable = False

    def part(self, name: str, expert: int) -> NDArray[np.uint8]:
        """One expert's bytes of one tensor."""
        start = self.offsets[name] + expert * PART_BYTES[name]
        return self.data[start : start + PART_BYTES[name]]

    def descriptors(self, router: int) -> Qwen3MoeQuantizedLayer:
        """The layer with one of the copies of its router."""
        shape = (EXPERTS, HIDDEN)
        named = {"router": QuantizedTensorRef(router * ROUTER_BYTES, ROUTER_BYTES, EXPERTS * HIDDEN, F32, shape)}
        for name, (rows, cols) in ROWS_COLS.items():
            size, values = EXPERTS * PART_BYTES[name], EXPERTS * rows * cols
            ref = QuantizedTensorRef(self.offsets[name], size, values, QTYPES[name], (EXPERTS, rows, cols))
            named[f"{name}_exps"] = ref
        return Qwen3MoeQuantizedLayer(**named)


def memory(size: int, pages: str) -> mmap.mmap:
    """Anonymous memory on huge pages where the system has them, or on small ones, as a mapped file has."""
    if not hasattr(mmap, "MAP_PRIVATE"):
        return mmap.mmap(-1, size)
    # Not shared, as Python would map it otherwise: shared memory gets no huge pages.
    made = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    advice = getattr(mmap, "MADV_HUGEPAGE" if pages == "huge" else "MADV_NOHUGEPAGE", None)
    if advice is not None:
        made.madvise(advice)
    return made


def fill_q4_k(out: NDArray[np.uint8], deviation: float, rng: np.random.Generator) -> None:
    """Random Q4_K blocks: minimum 7.5 scales, so that d * scale * q - dmin * minimum has mean 0.

    q is uniform in 0..15 (deviation 4.6), scales in 32..63 (mean 48).
    """
    blocks = out.reshape(-1, 144)
    blocks[:] = np.frombuffer(rng.bytes(out.size), np.uint8).reshape(blocks.shape)
    d = (deviation / (48 * 4.6) * rng.uniform(0.5, 1.5, len(blocks))).astype(np.float16)
    blocks[:, 0:2] = bytes_of(d)
    blocks[:, 2:4] = bytes_of((7.5 * d.astype(np.float32)).astype(np.float16))
    scales = rng.integers(32, 64, (len(blocks), 8), np.uint8)
    low, high = scales[:, :4], scales[:, 4:]
    blocks[:, 4:8] = blocks[:, 8:12] = low | (high >> 4) << 6
    blocks[:, 12:16] = (high & 15) | (high & 15) << 4


def fill_q6_k(out: NDArray[np.uint8], deviation: float, rng: np.random.Generator) -> None:
    """Random Q6_K blocks: q - 32 uniform (deviation 18.5), scales of either sign and size 64..127 (mean 96)."""
    blocks = out.reshape(-1, 210)
    blocks[:] = np.frombuffer(rng.bytes(out.size), np.uint8).reshape(blocks.shape)
    signs = 1 - 2 * rng.integers(0, 2, (len(blocks), 16), np.int8)
    blocks[:, 192:208] = (signs * rng.integers(64, 128, (len(blocks), 16), np.int8)).view(np.uint8)
    d = deviation / (96 * 18.5) * rng.uniform(0.5, 1.5, len(blocks))
    blocks[:, 208:210] = bytes_of(d.astype(np.float16))


def bytes_of(halves: NDArray[np.float16]) -> NDArray[np.uint8]:
    return halves.reshape(-1, 1).view(np.uint8)


class Model:
    """Layers, and targets for every number of tokens that is asked for.

    targets[1]: SLOTS per layer, whose sets of experts are a partition of all of them. targets[n]: one per layer,
    each token with TOP_K experts drawn from all.
    """

    def __init__(self, layers: int, counts: list[int], seed: int, pages: str, tell: Callable[[str], None]) -> None:
        many = [count for count in sorted(set(counts)) if count != 1]
        self.layers: list[Layer] = []
        self.targets: dict[int, list[Target]] = {count: [] for count in [1, *many]}
        rng = np.random.default_rng(seed)
        for at in range(layers):
            tell(f"weights of layer {at + 1} of {layers}")
            layer = Layer(seed * 1000 + at, SLOTS + len(many), pages)
            self.layers.append(layer)
            solved = np.linalg.pinv(layer.router.astype(np.float64))
            for slot, chosen in enumerate(rng.permutation(EXPERTS).reshape(SLOTS, TOP_K)):
                self.targets[1].append(target(at, slot, layer, tokens_for(chosen[None], layer, solved, rng)))
            for slot, count in enumerate(many, SLOTS):
                sets = np.array([rng.choice(EXPERTS, TOP_K, replace=False) for _ in range(count)])
                self.targets[count].append(target(at, slot, layer, tokens_for(sets, layer, solved, rng)))
            used = np.concatenate([one.experts for one in self.targets[1] if one.layer == at])
            if sorted(used) != list(range(EXPERTS)):
                raise AssertionError("the one-token targets do not use every expert once")

    @property
    def bytes(self) -> int:
        return sum(layer.data.size for layer in self.layers)


def tokens_for(
    chosen: NDArray[np.int64], layer: Layer, solved: NDArray[np.float64], rng: np.random.Generator
) -> Floats:
    """Normal activations, moved so that the router's logits are 3 to 5 for the chosen and at most 2.5 otherwise."""
    hidden = rng.standard_normal((len(chosen), HIDDEN))
    logits = np.minimum(rng.standard_normal((len(chosen), EXPERTS)), 2.5)
    np.put_along_axis(logits, chosen, rng.uniform(3, 5, chosen.shape), 1)
    hidden += (logits - hidden @ layer.router.T.astype(np.float64)) @ solved.T
    return hidden.astype(np.float32)


def target(at: int, router: int, layer: Layer, hidden: Floats) -> Target:
    logits = hidden.astype(np.float64) @ layer.router.T.astype(np.float64)
    return Target(at, router, hidden, np.argsort(-logits, 1)[:, :TOP_K])
