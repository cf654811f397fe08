import numpy as np
import pytest

from impl.errors import InvalidShape, InvalidStage
from impl.layer import LayerStages
from impl.stages import MOE_FIELDS
from impl.trace import moe_ffn_trace_layer, moe_ffn_trace_stages, parse_fields, saveable

STAGES = ["logits", "probs", "experts", "weights", "gate", "up", "swiglu", "down", "output"]


def test_stages_come_in_computation_order_with_their_shapes(case):
    stages = moe_ffn_trace_layer(*case.arguments)
    experts, k, intermediate, hidden = case.dims
    assert list(LayerStages.__slots__) == STAGES
    shapes = {name: getattr(stages, name).shape for name in STAGES}
    assert shapes == {
        "logits": (experts,),
        "probs": (experts,),
        "experts": (k,),
        "weights": (k,),
        "gate": (k, intermediate),
        "up": (k, intermediate),
        "swiglu": (k, intermediate),
        "down": (k, hidden),
        "output": (hidden,),
    }
    for name in STAGES:
        assert getattr(stages, name).dtype == (np.int64 if name == "experts" else np.float32)


def test_each_stage_follows_from_the_one_before(truth, case):
    stages = moe_ffn_trace_layer(*case.arguments)
    assert truth.relative_l2(stages.logits, case.values("router") @ case.hidden) < 1e-6
    probs = np.exp(stages.logits.astype(np.float64) - stages.logits.max())
    assert truth.relative_l2(stages.probs, probs / probs.sum()) < 1e-6
    assert stages.experts.tolist() == np.argsort(-stages.probs, kind="stable")[: case.dims[1]].tolist()
    chosen = stages.probs[stages.experts].astype(np.float64)
    assert truth.relative_l2(stages.weights, chosen / chosen.sum()) < 1e-6
    for rank, e in enumerate(stages.experts):
        assert truth.relative_l2(stages.gate[rank], case.values("gate_exps")[e] @ case.hidden) < 1e-6
        assert truth.relative_l2(stages.up[rank], case.values("up_exps")[e] @ case.hidden) < 1e-6
        gate = stages.gate[rank].astype(np.float64)
        assert truth.relative_l2(stages.swiglu[rank], gate / (1 + np.exp(-gate)) * stages.up[rank]) < 1e-6
        assert truth.relative_l2(stages.down[rank], case.values("down_exps")[e] @ stages.swiglu[rank]) < 1e-6
    # The last step has one fixed order, so it can be repeated exactly.
    output = np.zeros_like(stages.output)
    for weight, down in zip(stages.weights, stages.down, strict=True):
        output += weight * down
    assert output.tobytes() == stages.output.tobytes()


@pytest.mark.parametrize("arithmetic", ["f32", "q8_k"])
@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("wanted", [[], *([name] for name in STAGES), ["output", "experts", "output"], STAGES])
def test_what_is_asked_for_changes_no_bit(case, wanted, threads, arithmetic):
    whole = moe_ffn_trace_layer(*case.arguments, arithmetic=arithmetic)
    part = moe_ffn_trace_stages(*case.arguments, fields=iter(wanted), threads=threads, arithmetic=arithmetic)
    assert list(part) == [name for name in STAGES if name in wanted]
    for name, values in part.items():
        assert values.shape == getattr(whole, name).shape and values.dtype == getattr(whole, name).dtype
        assert values.tobytes() == getattr(whole, name).tobytes()


def test_a_field_that_is_none_is_refused_before_anything_else(case):
    broken = (None, *case.arguments[1:])
    with pytest.raises(InvalidStage, match='unknown save-tensor stage "moe_router"; valid stages: logits,probs,'):
        moe_ffn_trace_stages(*broken, fields=["output", "moe_router"])
    with pytest.raises(InvalidShape, match=r"^moe_ffn_trace_layer: hidden"):
        moe_ffn_trace_stages(*broken, fields=["output"])


def test_fields_as_people_type_them():
    assert parse_fields(" Output,experts ,output") == ["output", "experts", "output"]
    assert parse_fields("") == []
    with pytest.raises(InvalidStage, match='"layer_output"'):
        parse_fields("layer_output")


def test_stages_under_the_names_that_are_saved(case):
    stages = moe_ffn_trace_layer(*case.arguments)
    everything = saveable(stages)
    assert list(everything) == list(MOE_FIELDS)
    assert everything["moe_router"] is stages.weights
    assert everything["moe_expert_out"] is stages.down
    assert list(saveable(stages, ["moe_ffn_out", "moe_router"])) == ["moe_router", "moe_ffn_out"]
    with pytest.raises(InvalidStage, match='"ffn_norm"'):
        saveable(stages, ["ffn_norm"])
