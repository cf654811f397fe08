import numpy as np
import pytest

from impl.descriptors import QuantizedTensorRef, Qwen3MoeQuantizedLayer
from impl.errors import InvalidShape, NonFiniteValue, UnsupportedOperation
from impl.experts import (
    check_expert_tensors,
    expert_byte_slice,
    expert_swiglu_quantized,
    expert_swiglu_stages,
    matvec_for_qtype,
    refuse_unsupported_qtype,
)
from impl.ggml_types import Q4_K, Q6_K


def ref(byte_size, offset=0, qtype=Q4_K):
    return QuantizedTensorRef(offset, byte_size, 0, qtype)


def test_slices_partition_the_tensor_evenly():  # the original's own test
    data = bytes(range(128))
    for e in range(4):
        part = expert_byte_slice(ref(128), data, e, 4)
        assert len(part) == 32
        assert part[0] == e * 32


def test_a_slice_is_a_view():
    data = np.arange(64, dtype=np.uint8)
    assert np.shares_memory(expert_byte_slice(ref(32, offset=16), data, 1, 2), data)


def test_an_empty_tensor_has_empty_slices():
    assert expert_byte_slice(ref(0), b"abc", 1, 2).size == 0


@pytest.mark.parametrize(  # the first four are the original's own tests
    ("tensor", "size", "expert_id", "num_experts", "message"),
    [
        (ref(64), 64, 4, 4, r"expert_id 4 out of range \(num_experts = 4\)"),
        (ref(64), 64, 0, 0, "num_experts must be > 0"),
        (
            ref(100),
            100,
            0,
            3,
            "tensor byte_size 100 not divisible by num_experts 3 — stacking invariant violated",
        ),
        (ref(64), 32, 1, 2, r"slice range \[32, 64\) exceeds file size 32"),
        (ref(64), 64, -1, 4, "expert_id -1 out of range"),
        (ref(64), 64, 0, -1, "num_experts must be > 0"),
        (ref(64, offset=-32), 64, 0, 2, r"slice range \[-32, 0\) exceeds file size 64"),
        (ref(-64), 64, 0, 2, "exceeds file size"),
        (ref(64, offset=2**64 - 16), 64, 0, 2, "exceeds file size"),
        (ref(1), 0, 9, 0, "num_experts must be > 0"),  # the order of the checks
        (ref(1), 0, 9, 2, "expert_id 9 out of range"),
        (ref(1), 0, 1, 2, "stacking invariant violated"),
    ],
)
def test_slices_that_cannot_be_are_refused(tensor, size, expert_id, num_experts, message):
    with pytest.raises(InvalidShape, match=message):
        expert_byte_slice(tensor, bytes(size), expert_id, num_experts)


@pytest.mark.parametrize("qtype", [Q4_K, Q6_K])
def test_matvec_meets_float64(truth, qtype):
    rng = np.random.default_rng(0)
    data = truth.random_rows(rng, qtype, 5, 300)
    x = rng.standard_normal(300).astype(np.float32)
    exact = truth.dequantised(qtype, data, 5, 300).astype(np.float64) @ x
    assert truth.relative_l2(matvec_for_qtype(qtype, data, x, 300, 5), exact) < 2e-6
    assert 1e-4 < truth.relative_l2(matvec_for_qtype(qtype, data, x, 300, 5, arithmetic="q8_k"), exact) < 0.05


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"qtype": 2}, UnsupportedOperation, "moe_expert_matvec: MoE expert tensor qtype 2 not supported"),
        ({"in_dim": 255}, InvalidShape, "Q4K activation length 256 doesn't match in_dim 255"),
        ({"qtype": 14, "in_dim": 255}, InvalidShape, "^Activation length 256 doesn't match in_dim 255"),
        ({"out_dim": 3}, InvalidShape, "Weight data too small: need 432 bytes, have 288"),
        ({"out_dim": 10**30}, InvalidShape, "Weight data too small"),
        ({"out_dim": 0}, InvalidShape, "at least 1 x 1"),
        ({"threads": 0}, InvalidShape, "threads must be at least 1"),
        ({"arithmetic": "f16"}, UnsupportedOperation, "'f16' is not one of"),
        ({"activations": np.full(256, np.nan, np.float32)}, NonFiniteValue, r"activations\[0\] = nan"),
        ({"activations": np.zeros(256)}, InvalidShape, "float64"),
    ],
)
def test_matvec_refuses(change, error, message):
    arguments = {
        "qtype": Q4_K,
        "weight_data": bytes(288),
        "activations": np.ones(256, np.float32),
        "in_dim": 256,
        "out_dim": 2,
    }
    with pytest.raises(error, match=message):
        matvec_for_qtype(**arguments | change)


@pytest.mark.parametrize("qtypes", [(12, 12, 14), (14, 14, 12), (12, 14, 12)])
@pytest.mark.parametrize("hidden", [256, 300])
def test_an_expert_meets_float64_stage_by_stage(truth, qtypes, hidden):
    case = truth.make_case(qtypes=qtypes, hidden=hidden)
    experts, _, intermediate, _ = case.dims
    for e in range(experts):
        got = expert_swiglu_stages(case.hidden, case.layer, e, experts, intermediate, hidden, case.data)
        gate = case.values("gate_exps")[e] @ case.hidden
        up = case.values("up_exps")[e] @ case.hidden
        swiglu = gate / (1 + np.exp(-gate)) * up
        output = case.values("down_exps")[e] @ swiglu
        for name, exact in {"gate": gate, "up": up, "swiglu": swiglu, "output": output}.items():
            assert truth.relative_l2(getattr(got, name), exact) < 2e-6, name
        plain = expert_swiglu_quantized(case.hidden, case.layer, e, experts, intermediate, hidden, case.data)
        assert plain.tobytes() == got.output.tobytes()


def replaced(layer, **changes):
    names = ("router", "gate_exps", "up_exps", "down_exps")
    return Qwen3MoeQuantizedLayer(**{name: getattr(layer, name) for name in names} | changes)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"hidden": np.zeros(8, np.float32)}, InvalidShape, r"hidden.len\(\) = 8 but hidden_dim = 300"),
        ({"expert_id": 4}, InvalidShape, "expert_id 4 out of range"),
        ({"num_experts": 0}, InvalidShape, "num_experts must be > 0"),
        ({"num_experts": 2}, InvalidShape, "gate_exps byte_size 55296 != expected 27648"),
        ({"intermediate": 47}, InvalidShape, "gate_exps byte_size 55296 != expected 54144"),
        ({"intermediate": 0}, InvalidShape, "intermediate must be > 0"),
        ({"intermediate": 10**30}, InvalidShape, "gate_exps byte_size"),
        ({"hidden": np.full(300, np.inf, np.float32)}, NonFiniteValue, r"hidden\[0\] = inf is not finite"),
        ({"arithmetic": "bf16"}, UnsupportedOperation, "bf16"),
    ],
)
def test_an_expert_refuses(case, change, error, message):
    experts, _, intermediate, hidden = case.dims
    arguments = {
        "hidden": case.hidden,
        "layer": case.layer,
        "expert_id": 0,
        "num_experts": experts,
        "intermediate": intermediate,
        "hidden_dim": hidden,
        "data": case.data,
    }
    with pytest.raises(error, match=message):
        expert_swiglu_quantized(**arguments | change)


def check(case, layer, file_size=None):
    experts, _, intermediate, hidden = case.dims
    check_expert_tensors(
        "f",
        layer=layer,
        num_experts=experts,
        intermediate=intermediate,
        hidden_dim=hidden,
        file_size=case.data.size if file_size is None else file_size,
    )


def test_tensors_that_fit_pass(case):
    check(case, case.layer)


@pytest.mark.parametrize("name", ["gate_exps", "up_exps", "down_exps"])
def test_each_tensor_is_checked_by_name(case, name):
    good = getattr(case.layer, name)
    with pytest.raises(UnsupportedOperation, match="moe_expert_matvec: MoE expert tensor qtype 8"):
        check(case, replaced(case.layer, **{name: ref(good.byte_size, qtype=8)}))
    with pytest.raises(InvalidShape, match=f"f: {name} byte_size {good.byte_size - 4} != expected {good.byte_size}"):
        check(case, replaced(case.layer, **{name: ref(good.byte_size - 4, qtype=good.qtype)}))
    with pytest.raises(InvalidShape, match=f"f: {name} range .* exceeds file size"):
        check(case, replaced(case.layer, **{name: ref(good.byte_size, 10**6, good.qtype)}))
    wrong = QuantizedTensorRef(good.offset, good.byte_size, 0, good.qtype, (1, 2, 3))
    with pytest.raises(InvalidShape, match=rf"f: {name} shape \(1, 2, 3\) != expected"):
        check(case, replaced(case.layer, **{name: wrong}))


def test_only_types_with_a_kernel_are_supported():
    refuse_unsupported_qtype(Q6_K)
    with pytest.raises(UnsupportedOperation) as caught:
        refuse_unsupported_qtype(8)
    assert caught.value.operation == "moe_expert_matvec"
