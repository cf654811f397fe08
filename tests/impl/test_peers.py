"""The layer against other people's programs on the same file (tests/data/peers/README.md)."""

import numpy as np
import pytest

from impl.gguf import GGUFModel
from impl.layer import moe_ffn_forward_layer
from impl.loader import load_qwen3_moe_layer
from impl.tensor_names import moe_tensor_name
from impl.trace import moe_ffn_trace_layer

DIMS = (8, 2, 256, 256)
EXPERTS, TOP_K, INTERMEDIATE, HIDDEN = DIMS

MEASURED = 1e-6
"""Relative L2 within which evaluations of this layer in one arithmetic agree. Measured: this layer is 1e-7 to
2e-7 from float64, Hugging Face's block 3e-7 to 4e-7. Int16 activations would be at 7e-5, int8 ones at 1.6e-2,
a wrong nibble above that: 1e-6 separates those, and it is no bound (the contracts derive one)."""


def tokens(inputs):
    return [(layer, token) for layer in (0, 1) for token in range(inputs[f"x-{layer}"].shape[0])]


def exact_output(truth, model: GGUFModel, layer: int, x):
    """The whole layer in float64 on the gguf package's decoded weights."""

    def weights(role):
        tensor = model.tensor(moe_tensor_name(role, layer))
        raw = np.frombuffer(model.data, np.uint8)[tensor.offset : tensor.offset + tensor.byte_size]
        if role == "router":
            return raw.view("<f4").reshape(tensor.shape).astype(np.float64)
        decoded = truth.dequantised(tensor.qtype, raw, EXPERTS * tensor.shape[1], tensor.shape[2])
        return decoded.reshape(tensor.shape).astype(np.float64)

    router, gate, up, down = (weights(role) for role in ("router", "gate_exps", "up_exps", "down_exps"))
    logits = router @ x
    probs = np.exp(logits - logits.max())
    chosen = np.argsort(-probs, kind="stable")[:TOP_K]
    output = np.zeros(HIDDEN)
    for e in chosen:
        g = gate[e] @ x
        output += probs[e] / probs[chosen].sum() * (down[e] @ (g / (1 + np.exp(-g)) * (up[e] @ x)))
    return output


def test_every_token_of_both_layers_meets_hugging_face_and_float64(truth, peer_model, hf_block):
    for layer, token in tokens(hf_block):
        x = np.ascontiguousarray(hf_block[f"x-{layer}"][token])
        own = load_qwen3_moe_layer(peer_model, layer)
        output = moe_ffn_forward_layer(x, own, *DIMS, peer_model.data)
        assert truth.relative_l2(output, hf_block[f"output-{layer}"][token]) < MEASURED
        assert truth.relative_l2(output, exact_output(truth, peer_model, layer, x)) < MEASURED


@pytest.mark.parametrize("layer", [0, 1])
def test_routing_meets_llama_cpp(peer_model, llama_trace, layer):
    hidden = llama_trace[f"ffn_norm-{layer}"].reshape(-1, HIDDEN)
    own = load_qwen3_moe_layer(peer_model, layer)
    for token, x in enumerate(hidden):
        stages = moe_ffn_trace_layer(np.ascontiguousarray(x), own, *DIMS, peer_model.data)
        assert stages.experts.tolist() == llama_trace[f"ffn_moe_topk-{layer}"].reshape(-1, TOP_K)[token].tolist()
        weights = llama_trace[f"ffn_moe_weights_norm-{layer}"].reshape(-1, TOP_K)[token]
        # Two orders of a float32 sum of 256 products, then an exponential: a few units in the last place.
        np.testing.assert_array_max_ulp(stages.weights, weights, maxulp=16)
        logits = llama_trace[f"ffn_moe_logits-{layer}"].reshape(-1, EXPERTS)[token]
        np.testing.assert_allclose(stages.logits, logits, atol=1e-6 * np.abs(logits).max())


@pytest.mark.parametrize("layer", [0, 1])
def test_int8_activations_meet_llama_cpp_stage_by_stage(truth, peer_model, llama_trace, layer):
    # The same arithmetic up to halves and the sign of the scale, and no halves occur: what is left is the
    # order of float32 sums. Float32 activations are thousands of times further away.
    hidden = llama_trace[f"ffn_norm-{layer}"].reshape(-1, HIDDEN)
    own = load_qwen3_moe_layer(peer_model, layer)
    for token, x in enumerate(hidden):
        arguments = (np.ascontiguousarray(x), own, *DIMS, peer_model.data)
        int8 = moe_ffn_trace_layer(*arguments, arithmetic="q8_k")
        f32 = moe_ffn_trace_layer(*arguments)
        for name in ("gate", "up", "swiglu", "down"):
            theirs = llama_trace[f"ffn_moe_{name}-{layer}"].reshape(-1, TOP_K, 256)[token]
            assert truth.relative_l2(getattr(int8, name), theirs) < MEASURED, name
            assert truth.relative_l2(getattr(f32, name), theirs) > 1000 * MEASURED, name
        output = llama_trace[f"ffn_moe_out-{layer}"].reshape(-1, HIDDEN)[token]
        assert truth.relative_l2(int8.output, output) < MEASURED


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("arithmetic", ["f32", "q8_k"])
def test_traced_equals_production_bit_for_bit(peer_model, hf_block, threads, arithmetic):
    for layer, token in tokens(hf_block):
        arguments = (
            np.ascontiguousarray(hf_block[f"x-{layer}"][token]),
            load_qwen3_moe_layer(peer_model, layer),
            *DIMS,
            peer_model.data,
        )
        production = moe_ffn_forward_layer(*arguments, threads=threads, arithmetic=arithmetic)
        traced = moe_ffn_trace_layer(*arguments, arithmetic=arithmetic)
        assert production.tobytes() == traced.output.tobytes()
