"""A small well-formed file, and parts to build malformed ones from."""

from __future__ import annotations

import struct
from types import SimpleNamespace

import numpy as np
import pytest

from impl.ggml_types import F32
from impl.synthetic import SourceTensor, gguf_bytes


def string(text: str | bytes) -> bytes:
    raw = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(raw)) + raw


def pair(key: str | bytes, value_type: int, value: bytes) -> bytes:
    return string(key) + struct.pack("<I", value_type) + value


def descriptor(name="w", dims=(4, 2), qtype=F32, offset=0) -> bytes:
    return string(name) + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, qtype, offset)


def assembled(pairs=(), descriptors=(), data=b"", *, version=3, pair_count=None, tensor_count=None) -> bytes:
    """A file from its parts, with counts that may lie; the data section starts at a multiple of 32."""
    n_tensors = len(descriptors) if tensor_count is None else tensor_count
    n_pairs = len(pairs) if pair_count is None else pair_count
    head = struct.pack("<4sIQQ", b"GGUF", version, n_tensors, n_pairs) + b"".join((*pairs, *descriptors))
    return head + bytes(-len(head) % 32) + data


def well_formed() -> bytes:
    metadata = {
        "general.architecture": (8, "qwen3moe"),
        "flag": (7, True),
        "tokens": (9, (8, ["a", "bc", ""])),
        "nested": (9, (9, [(5, [1, 2]), (8, ["x"])])),
        "numbers": (9, (12, [0.5])),
    }
    tensors = {
        "w": SourceTensor(F32, (2, 4), np.arange(8, dtype=np.float32)),
        "v": SourceTensor(12, (3, 256), np.zeros(3 * 144, np.uint8)),
    }
    return gguf_bytes(metadata, tensors)


@pytest.fixture(scope="session")
def parts() -> SimpleNamespace:
    return SimpleNamespace(
        string=string, pair=pair, descriptor=descriptor, assembled=assembled, well_formed=well_formed
    )
