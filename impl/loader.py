"""From a GGUF file to the descriptors of one layer, refusing at load what could not be computed later."""

from __future__ import annotations

from impl.blocks import SUPPORTED_QTYPES
from impl.descriptors import QuantizedTensorRef, Qwen3MoeQuantizedLayer
from impl.errors import InvalidShape, UnsupportedOperation
from impl.ggml_types import F32, described
from impl.gguf import GGUFModel, TensorInfo
from impl.tensor_names import MOE_ROLES, moe_tensor_name
from impl.unsupported_features import refuse_unsupported_keys, refuse_unsupported_tensors

_OPERATION = "load_qwen3_moe_layer"

_ARCHITECTURES = ("qwen3moe", "qwen3_moe")
"""As llama.cpp writes it, and as others do. Further aliases of the key, Qwen3.5's among them, are other layers."""


def load_qwen3_moe_layer(model: GGUFModel, layer_idx: int) -> Qwen3MoeQuantizedLayer:
    """The four tensors of layer ``layer_idx``. Reads no weights.

    Raises InvalidShape "Tensor '...' not found" for the first that is missing (router, gate, up, down); then
    UnsupportedOperation or InvalidShape, each beginning with "load refused:", for a file of another
    architecture or of none, tensors and keys that make the layer another function, an empty tensor, a type
    without a kernel, and shapes that disagree with each other or with the metadata.
    """
    names = {role: moe_tensor_name(role, layer_idx) for role in MOE_ROLES}
    found = {role: model.tensor(name) for role, name in names.items()}
    architecture = _architecture(model)
    refuse_unsupported_keys(model, architecture, _OPERATION)
    refuse_unsupported_tensors(model, layer_idx, names.values(), _OPERATION)
    for role, tensor in found.items():
        _check_type(tensor, (F32,) if role == "router" else SUPPORTED_QTYPES)
    shapes = _shapes(found)
    _check_metadata(model, architecture, shapes, found)
    return Qwen3MoeQuantizedLayer(
        **{
            role: QuantizedTensorRef(tensor.offset, tensor.byte_size, tensor.num_elements, tensor.qtype, shapes[role])
            for role, tensor in found.items()
        }
    )


def _architecture(model: GGUFModel) -> str:
    # Other mixtures use these tensor names, too, but add shared experts or other gates: wrong results. The format
    # requires the key; without it no other key of the model can be found, as their names begin with its value.
    architecture = model.scalar("general.architecture")
    if not isinstance(architecture, str) or architecture not in _ARCHITECTURES:
        told = f"is {architecture!r}" if "general.architecture" in model.metadata else "is missing"
        raise UnsupportedOperation(
            _OPERATION, f"load refused: general.architecture {told}, expected {' or '.join(_ARCHITECTURES)}"
        )
    return architecture


def _check_type(tensor: TensorInfo, supported: tuple[int, ...]) -> None:
    if tensor.byte_size == 0:
        raise InvalidShape(f"load refused: {tensor.name} has 0 bytes")
    if tensor.qtype not in supported:
        raise UnsupportedOperation(
            _OPERATION,
            f"load refused: {tensor.name} has qtype {described(tensor.qtype)}, "
            f"supported: {', '.join(map(described, supported))}",
        )


def _shapes(found: dict[str, TensorInfo]) -> dict[str, tuple[int, ...]]:
    """Row-major shapes by role; experts and hidden are the router's, intermediate is the gate's."""
    experts, hidden = _of_rank(found["router"], 2)
    intermediate = _of_rank(found["gate_exps"], 3)[1]
    expected = {
        "router": (experts, hidden),
        "gate_exps": (experts, intermediate, hidden),
        "up_exps": (experts, intermediate, hidden),
        "down_exps": (experts, hidden, intermediate),
    }
    for role, shape in expected.items():
        got = _of_rank(found[role], len(shape))
        if got != shape:
            raise InvalidShape(
                f"load refused: {found[role].name} has shape {got}, expected {shape} "
                f"(experts and hidden from {found['router'].name}, "
                f"intermediate from {found['gate_exps'].name})"
            )
    return expected


def _of_rank(tensor: TensorInfo, rank: int) -> tuple[int, ...]:
    """The shape with leading ones up to ``rank``: ggml writes no outermost dimensions of 1."""
    if len(tensor.shape) > rank:
        raise InvalidShape(f"load refused: {tensor.name} has shape {tensor.shape}, expected {rank} dimensions")
    return (1,) * (rank - len(tensor.shape)) + tensor.shape


def _check_metadata(
    model: GGUFModel,
    architecture: str,
    shapes: dict[str, tuple[int, ...]],
    found: dict[str, TensorInfo],
) -> None:
    """Where the file states a dimension, it must be that of the tensors."""
    experts, intermediate, hidden = shapes["gate_exps"]
    for key, role, actual in (
        ("expert_count", "router", experts),
        ("embedding_length", "router", hidden),
        ("expert_feed_forward_length", "gate_exps", intermediate),
    ):
        stated = _stated(model, f"{architecture}.{key}")
        if stated is not None and stated != actual:
            raise InvalidShape(
                f"load refused: {found[role].name} has shape {shapes[role]}, but {architecture}.{key} = {stated}"
            )
    used = _stated(model, f"{architecture}.expert_used_count")
    if used is not None and not 1 <= used <= experts:
        raise InvalidShape(
            f"load refused: {architecture}.expert_used_count = {used} must be between 1 and {experts} experts"
        )


def _stated(model: GGUFModel, key: str) -> int | None:
    if key not in model.metadata:
        return None
    value = model.scalar(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidShape(
            f"load refused: {key} must be an integer, got {'an array' if value is None else repr(value)}"
        )
    return value
