"""The functions that contracts name, on top of the real interface of this package.

Keyword arguments in, named fresh results out. A quantised tensor is ``(dtype, shape, bytes)``, a plain one a
C-contiguous array. Any argument may be malformed: what comes out then is an error of ``impl.errors``.
"""

from typing import Final

from impl.subjects.blocks import decode, expert_slice, row_products, row_products_q8_k
from impl.subjects.files import load_layer, read_aprt, read_gguf, write_aprt
from impl.subjects.layer import (
    expert,
    expert_stages,
    forward,
    forward_among,
    forward_among_q8_k,
    forward_q8_k,
    forward_with_router,
    route,
    trace,
    trace_experts,
    trace_output,
    trace_q8_k,
    trace_routing,
    trace_subset,
)
from impl.subjects.names import normalise, parse_stages, resolve, templates

__all__ = [
    "CLAIMS",
    "decode",
    "expert",
    "expert_slice",
    "expert_stages",
    "forward",
    "forward_among",
    "forward_among_q8_k",
    "forward_q8_k",
    "forward_with_router",
    "load_layer",
    "normalise",
    "parse_stages",
    "read_aprt",
    "read_gguf",
    "resolve",
    "route",
    "row_products",
    "row_products_q8_k",
    "templates",
    "trace",
    "trace_experts",
    "trace_output",
    "trace_q8_k",
    "trace_routing",
    "trace_subset",
    "write_aprt",
]

CLAIMS: Final = [
    "ggml-blocks",
    "expert-slices",
    "moe-router",
    "expert-swiglu",
    "qwen3-moe-ffn",
    "qwen3-moe-ffn-q8k",
    "qwen3-moe-tokens",
    "tensor-names",
    "gguf-container",
    "layer-load",
    "trace-files",
    "trace-stages",
]
