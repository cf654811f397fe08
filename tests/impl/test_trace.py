import numpy as np

from impl.layer import LayerStages
from impl.trace import moe_ffn_trace_layer

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
