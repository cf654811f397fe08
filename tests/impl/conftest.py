"""Weights, and the independent truth about them: the gguf package's dequantiser and float64."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import gguf
import numpy as np
import pytest
from numpy.typing import NDArray

from impl.descriptors import Qwen3MoeQuantizedLayer
from impl.ggml_types import F32, GGML_TYPES, Q4_K, Q6_K
from impl.gguf import GGUFModel
from impl.synthetic import SourceTensor, pack_tensors

PEERS = Path(__file__).parent.parent / "data" / "peers"
HALVES = {Q4_K: (0, 2), Q6_K: (208,)}
"""Byte positions of the float16 scales in a super-block."""


def random_blocks(rng: np.random.Generator, qtype: int, count: int, scale: float = 0.01) -> NDArray[np.uint8]:
    """``count`` super-blocks of random bits, with finite float16 scales near ``scale``."""
    blocks = rng.integers(0, 256, (count, GGML_TYPES[qtype].block_bytes)).astype(np.uint8)
    for at in HALVES[qtype]:
        halves = (scale * rng.standard_normal(count)).astype(np.float16)
        blocks[:, at : at + 2] = halves.view(np.uint8).reshape(count, 2)
    return blocks


def random_rows(rng: np.random.Generator, qtype: int, rows: int, cols: int, scale: float = 0.01) -> NDArray[np.uint8]:
    """The bytes of ``rows`` rows of ``cols`` values; what pads a row is random as well."""
    return random_blocks(rng, qtype, rows * -(-cols // 256), scale).reshape(-1)


def dequantised(qtype: int, data: NDArray[np.uint8], rows: int, cols: int) -> NDArray[np.float32]:
    """[rows, cols] as the gguf package decodes them."""
    blocks = data.reshape(-1, GGML_TYPES[qtype].block_bytes)
    values = gguf.quants.dequantize(blocks, gguf.GGMLQuantizationType(qtype))
    return np.ascontiguousarray(values.reshape(rows, -1)[:, :cols])


def relative_l2(got: NDArray, expected: NDArray) -> float:
    """|got - expected| / |expected| in float64."""
    expected = expected.astype(np.float64)
    return float(np.linalg.norm(got - expected) / np.linalg.norm(expected))


@dataclass(frozen=True)
class Case:
    """A layer in memory, with what its tensors really hold."""

    hidden: NDArray[np.float32]
    layer: Qwen3MoeQuantizedLayer
    dims: tuple[int, int, int, int]
    data: NDArray[np.uint8]
    sources: dict[str, SourceTensor]

    @property
    def arguments(self) -> tuple:
        """Positional arguments of the layer functions."""
        return (self.hidden, self.layer, *self.dims, self.data)

    def values(self, name: str) -> NDArray[np.float64]:
        """A tensor's true values, float64."""
        source = self.sources[name]
        if source.qtype == F32:
            return source.data.astype(np.float64)
        rows = int(np.prod(source.shape[:-1]))
        decoded = dequantised(source.qtype, source.data, rows, source.shape[-1])
        return decoded.reshape(source.shape).astype(np.float64)


def make_case(
    seed: int = 0,
    *,
    experts: int = 4,
    top_k: int = 2,
    intermediate: int = 48,
    hidden: int = 300,
    qtypes: tuple[int, int, int] = (Q4_K, Q4_K, Q6_K),
) -> Case:
    """A random layer, scaled so that gates are of order 1."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(hidden).astype(np.float32)
    sources = {
        "router": SourceTensor(F32, (experts, hidden), rng.standard_normal((experts, hidden)).astype(np.float32) / 8),
    }
    shapes = {
        "gate_exps": (experts, intermediate, hidden),
        "up_exps": (experts, intermediate, hidden),
        "down_exps": (experts, hidden, intermediate),
    }
    for (name, shape), qtype in zip(shapes.items(), qtypes, strict=True):
        scale = 2e-4 if qtype == Q4_K else 4e-5
        rows = random_rows(rng, qtype, shape[0] * shape[1], shape[2], scale)
        sources[name] = SourceTensor(qtype, shape, rows)
    data, refs = pack_tensors(sources)
    return Case(x, Qwen3MoeQuantizedLayer(**refs), (experts, top_k, intermediate, hidden), data, sources)


@pytest.fixture(scope="session")
def truth() -> SimpleNamespace:
    """The functions above, for tests: files here cannot import one another."""
    return SimpleNamespace(
        random_blocks=random_blocks,
        random_rows=random_rows,
        dequantised=dequantised,
        relative_l2=relative_l2,
        make_case=make_case,
    )


@pytest.fixture
def case() -> Case:
    return make_case()


@pytest.fixture(scope="session")
def peer_model() -> GGUFModel:
    return GGUFModel.from_path(PEERS / "tiny_qwen3moe.gguf")


@pytest.fixture(scope="session")
def hf_block() -> dict[str, NDArray]:
    return dict(np.load(PEERS / "hf_block.npz"))


@pytest.fixture(scope="session")
def llama_trace() -> dict[str, NDArray]:
    return dict(np.load(PEERS / "llama_cpp_trace.npz"))
