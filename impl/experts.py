"""One expert: its slice of the stacked tensors, and down(silu(gate(x)) * up(x)) on quantised weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impl.activations import Floats, float_vector, refuse_non_finite
from impl.blocks import SUPPORTED_QTYPES, check_arithmetic, row_bytes, row_products
from impl.byte_views import Buffer, ByteArray, byte_view
from impl.descriptors import QuantizedTensorRef, Qwen3MoeQuantizedLayer
from impl.errors import InvalidShape, UnsupportedOperation
from impl.ggml_types import Q4_K


def expert_byte_slice(tensor: QuantizedTensorRef, data: Buffer, expert_id: int, num_experts: int) -> ByteArray:
    """The bytes of one expert of a stacked tensor, as a view of ``data``.

    Experts are the outermost dimension, so each has byte_size / num_experts contiguous bytes. Raises
    InvalidShape, in this order: no experts, id out of range, bytes that do not divide evenly, a range outside
    the file.
    """
    if num_experts <= 0:
        raise InvalidShape("expert_byte_slice: num_experts must be > 0")
    if not 0 <= expert_id < num_experts:
        raise InvalidShape(f"expert_byte_slice: expert_id {expert_id} out of range (num_experts = {num_experts})")
    if tensor.byte_size % num_experts:
        raise InvalidShape(
            f"expert_byte_slice: tensor byte_size {tensor.byte_size} not divisible by num_experts "
            f"{num_experts} — stacking invariant violated. Layout mismatch "
            "(LAZY-FUSED-MATVEC expects [num_experts, ...] outermost dim contiguous)"
        )
    view = byte_view(data)
    per_expert = tensor.byte_size // num_experts
    start = tensor.offset + expert_id * per_expert
    end = start + per_expert
    if tensor.offset < 0 or per_expert < 0 or end > view.size:
        raise InvalidShape(f"expert_byte_slice: slice range [{start}, {end}) exceeds file size {view.size}")
    return view[start:end]


def refuse_unsupported_qtype(qtype: int) -> None:
    """UnsupportedOperation unless there is a row product for expert tensors of ``qtype``."""
    if qtype not in SUPPORTED_QTYPES:
        raise UnsupportedOperation(
            "moe_expert_matvec",
            f"MoE expert tensor qtype {qtype} not supported. Qwen3-Coder Q4_K_M uses Q4_K (12) and Q6_K (14) "
            "— caller must extend matvec_for_qtype for other quantizations.",
        )


def matvec_for_qtype(
    qtype: int,
    weight_data: Buffer,
    activations: Floats,
    in_dim: int,
    out_dim: int,
    *,
    arithmetic: str = "f32",
    threads: int = 1,
) -> Floats:
    """Row-major weights [out_dim, in_dim] times activations [in_dim] -> float32 [out_dim].

    Raises UnsupportedOperation for a qtype without a kernel or an unknown arithmetic; InvalidShape for
    activations of another length and for too few bytes (more are accepted, as in the original);
    NonFiniteValue for activations that are not finite.
    """
    refuse_unsupported_qtype(qtype)
    check_arithmetic(arithmetic)
    x = float_vector("matvec_for_qtype", "activations", activations)
    if x.size != in_dim:
        which = "Q4K activation" if qtype == Q4_K else "Activation"
        raise InvalidShape(f"{which} length {x.size} doesn't match in_dim {in_dim}")
    if in_dim < 1 or out_dim < 1:
        raise InvalidShape(f"matvec_for_qtype: out_dim {out_dim} x in_dim {in_dim}, expected at least 1 x 1")
    if threads < 1:
        raise InvalidShape(f"threads must be at least 1, got {threads}")
    weights = byte_view(weight_data)
    need = out_dim * row_bytes(qtype, in_dim)
    if weights.size < need:  # before the result is allocated: out_dim is not to be believed yet
        raise InvalidShape(f"Weight data too small: need {need} bytes, have {weights.size}")
    refuse_non_finite("matvec_for_qtype", "activations", x)
    out = np.empty(out_dim, np.float32)
    row_products(qtype, weights, x, out, arithmetic, threads=threads)
    return out


@dataclass(frozen=True, slots=True)
class ExpertStages:
    """What one expert computes, in order: gate, up, swiglu [intermediate], output [hidden]; float32."""

    gate: Floats
    up: Floats
    swiglu: Floats
    output: Floats


def check_expert_tensors(
    owner: str,
    *,
    layer: Qwen3MoeQuantizedLayer,
    num_experts: int,
    intermediate: int,
    hidden_dim: int,
    file_size: int,
) -> None:
    """Refuse expert tensors that have no kernel, do not fit the dimensions, or leave the file.

    In the order gate, up, down; of each: qtype (UnsupportedOperation), byte size, shape where it is known,
    byte range (InvalidShape, naming tensor, got and expected).
    """
    if intermediate < 1:
        raise InvalidShape(f"{owner}: intermediate must be > 0, got {intermediate}")
    if hidden_dim < 1:
        raise InvalidShape(f"{owner}: hidden_dim must be > 0, got {hidden_dim}")
    for name, tensor, rows, cols in (
        ("gate_exps", layer.gate_exps, intermediate, hidden_dim),
        ("up_exps", layer.up_exps, intermediate, hidden_dim),
        ("down_exps", layer.down_exps, hidden_dim, intermediate),
    ):
        refuse_unsupported_qtype(tensor.qtype)
        per_row = row_bytes(tensor.qtype, cols)
        expected = num_experts * rows * per_row
        if tensor.byte_size != expected:
            raise InvalidShape(
                f"{owner}: {name} byte_size {tensor.byte_size} != expected {expected} "
                f"(num_experts {num_experts} × rows {rows} × {per_row} bytes per row)"
            )
        if tensor.shape is not None and tensor.shape != (num_experts, rows, cols):
            raise InvalidShape(f"{owner}: {name} shape {tensor.shape} != expected {(num_experts, rows, cols)}")
        end = tensor.offset + tensor.byte_size
        if tensor.offset < 0 or end > file_size:
            raise InvalidShape(f"{owner}: {name} range [{tensor.offset}, {end}) exceeds file size {file_size}")


def expert_swiglu_stages(
    hidden: Floats,
    layer: Qwen3MoeQuantizedLayer,
    expert_id: int,
    num_experts: int,
    intermediate: int,
    hidden_dim: int,
    data: Buffer,
    *,
    arithmetic: str = "f32",
) -> ExpertStages:
    """``expert_swiglu_quantized`` with its intermediate results; same arguments, same errors."""
    from impl.kernels.experts import run_experts

    owner = "expert_swiglu_quantized"
    check_arithmetic(arithmetic)
    x = float_vector(owner, "hidden", hidden)
    if x.size != hidden_dim:
        raise InvalidShape(f"{owner}: hidden.len() = {x.size} but hidden_dim = {hidden_dim}")
    view = byte_view(data)
    for tensor in (layer.gate_exps, layer.up_exps, layer.down_exps):
        expert_byte_slice(tensor, view, expert_id, num_experts)
    check_expert_tensors(
        owner,
        layer=layer,
        num_experts=num_experts,
        intermediate=intermediate,
        hidden_dim=hidden_dim,
        file_size=view.size,
    )
    refuse_non_finite(owner, "hidden", x)
    gate, up, swiglu = np.empty((3, 1, intermediate), np.float32)
    output, weighted = np.empty((2, 1, hidden_dim), np.float32)
    first, whole = np.zeros((1, 1), np.int64), np.ones((1, 1), np.float32)
    tensors = (layer.gate_exps, layer.up_exps, layer.down_exps)
    slabs = tuple(expert_byte_slice(tensor, view, expert_id, num_experts) for tensor in tensors)
    qtypes = tuple(tensor.qtype for tensor in tensors)
    run_experts(
        arithmetic == "q8_k", x.reshape(1, -1), first, whole, 1, slabs, qtypes, gate, up, swiglu, output, weighted
    )  # fmt: skip
    return ExpertStages(gate[0], up[0], swiglu[0], output[0])


def expert_swiglu_quantized(
    hidden: Floats,
    layer: Qwen3MoeQuantizedLayer,
    expert_id: int,
    num_experts: int,
    intermediate: int,
    hidden_dim: int,
    data: Buffer,
    *,
    arithmetic: str = "f32",
) -> Floats:
    """One expert's contribution, float32 [hidden_dim], before its routing weight.

    hidden: float32 [hidden_dim]. data: the file the descriptors point into. Raises InvalidShape (lengths, the
    slice errors of ``expert_byte_slice``, tensors that do not fit the dimensions), UnsupportedOperation
    (qtype, arithmetic), NonFiniteValue (hidden); all before anything is computed.
    """
    return expert_swiglu_stages(
        hidden, layer, expert_id, num_experts, intermediate, hidden_dim, data, arithmetic=arithmetic
    ).output
