"""Where the weights of a layer lie in a file: descriptors only, no weights."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QuantizedTensorRef:
    """One tensor in a file.

    offset, byte_size: in bytes, from the start of the file. num_elements: logical values, padding not
    counted. qtype: ggml type. shape: row-major dimensions, or None where only the bytes are known.
    """

    offset: int
    byte_size: int
    num_elements: int
    qtype: int
    shape: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Qwen3MoeQuantizedLayer:
    """The four tensors of one Qwen3-MoE feed-forward layer.

    router [experts, hidden] float32; gate_exps and up_exps [experts, intermediate, hidden] and down_exps
    [experts, hidden, intermediate] quantised, each expert's rows contiguous.
    """

    router: QuantizedTensorRef
    gate_exps: QuantizedTensorRef
    up_exps: QuantizedTensorRef
    down_exps: QuantizedTensorRef
