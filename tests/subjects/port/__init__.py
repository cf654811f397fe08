"""The layer ported to plain NumPy from the description of its formats and algorithm alone.

It shares no code with `impl`; its messages, error classes and names are its own. What contracts call them stands in
the lines of CLAIMS, ERRORS and DECLINES below, and that is all that it takes to be held against them.
"""

from tests.subjects.port.blocks import decode, row_products, row_products_q8_k
from tests.subjects.port.files import load_layer, read_aprt, read_gguf, write_aprt
from tests.subjects.port.layer import (
    expert,
    expert_slice,
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
)
from tests.subjects.port.names import normalise, parse_stages, resolve, templates

__all__ = [
    "decode", "expert", "expert_slice", "expert_stages", "forward", "forward_among", "forward_among_q8_k",
    "forward_q8_k", "forward_with_router", "load_layer", "normalise", "parse_stages", "read_aprt", "read_gguf",
    "resolve", "route", "row_products", "row_products_q8_k", "templates", "trace", "trace_experts", "trace_output",
    "trace_q8_k", "trace_routing", "write_aprt",
]  # fmt: skip

ERRORS = {"Misfit": "InvalidShape", "NotComputed": "UnsupportedOperation", "Poisoned": "NonFiniteValue",
          "BrokenFile": "MalformedFile", "WrongMagic": "BadMagic", "WrongLength": "BodyLengthMismatch",
          "NoSuchStage": "InvalidStage", "NoSuchTensor": "UnknownTensor"}  # fmt: skip
DECLINES = {
    "*": {"*-SENTENCES": "its messages are its own"},
    "tensor-names": {"*": {'architecture != "llama" and architecture != "qwen3_moe"': "others are not read here"}},
}
