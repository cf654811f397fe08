"""The layer against float64, its refusals in their order, and production against its traced siblings."""

from dataclasses import replace

import numpy as np
import pytest

from impl.descriptors import QuantizedTensorRef, Qwen3MoeQuantizedLayer
from impl.errors import ImplError, InvalidShape, NonFiniteValue, UnsupportedOperation
from impl.layer import moe_ffn_forward_layer, moe_ffn_forward_layer_with_router, moe_ffn_forward_tokens, run_token
from impl.trace import moe_ffn_trace_layer

FUNCTIONS = [moe_ffn_forward_layer, moe_ffn_forward_layer_with_router, moe_ffn_trace_layer]


def exact_output(case):
    logits = case.values("router") @ case.hidden
    probs = np.exp(logits - logits.max())
    probs /= probs.sum()
    chosen = np.argsort(-probs, kind="stable")[: case.dims[1]]
    output = np.zeros(case.dims[3])
    for e in chosen:
        gate = case.values("gate_exps")[e] @ case.hidden
        up = case.values("up_exps")[e] @ case.hidden
        output += probs[e] / probs[chosen].sum() * (case.values("down_exps")[e] @ (gate / (1 + np.exp(-gate)) * up))
    return output


@pytest.mark.parametrize("qtypes", [(12, 12, 14), (14, 14, 12), (12, 14, 12)])
@pytest.mark.parametrize(("hidden", "intermediate"), [(256, 256), (300, 48), (513, 257), (32, 16)])
def test_the_output_meets_float64(truth, qtypes, hidden, intermediate):
    case = truth.make_case(hidden=hidden, intermediate=intermediate, qtypes=qtypes, top_k=3)
    output = moe_ffn_forward_layer(*case.arguments)
    assert truth.relative_l2(output, exact_output(case)) < 2e-6


def test_int8_activations_are_another_arithmetic(truth, case):
    output = moe_ffn_forward_layer(*case.arguments, arithmetic="q8_k")
    assert 1e-3 < truth.relative_l2(output, exact_output(case)) < 0.1


@pytest.mark.parametrize("arithmetic", ["f32", "q8_k"])
def test_production_equals_its_siblings_bit_for_bit(truth, arithmetic):
    for seed in range(20):
        case = truth.make_case(seed, top_k=1 + seed % 4)
        output = moe_ffn_forward_layer(*case.arguments, arithmetic=arithmetic)
        beside, weights, experts = moe_ffn_forward_layer_with_router(*case.arguments, arithmetic=arithmetic)
        stages = moe_ffn_trace_layer(*case.arguments, arithmetic=arithmetic)
        assert output.tobytes() == beside.tobytes() == stages.output.tobytes()
        assert weights.tobytes() == stages.weights.tobytes()
        assert experts.tolist() == stages.experts.tolist()


@pytest.mark.parametrize("arithmetic", ["f32", "q8_k"])
def test_no_thread_count_changes_a_bit(truth, arithmetic):
    case = truth.make_case(hidden=512, intermediate=256, experts=6, top_k=5)
    results = [
        moe_ffn_forward_layer(*case.arguments, threads=threads, arithmetic=arithmetic).tobytes()
        for threads in (1, 2, 3, 5, 64)
        for _ in range(3)
    ]
    assert len(set(results)) == 1


@pytest.mark.parametrize("arithmetic", ["f32", "q8_k"])
@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("tokens", [1, 2, 3, 7, 300])
def test_many_tokens_have_the_bits_of_each_by_itself(truth, tokens, threads, arithmetic):
    # 300 tokens are two batches; with 4 experts the groups reach every remainder of four, two and one.
    case = truth.make_case(tokens, hidden=260, intermediate=256 if threads > 1 else 40, qtypes=(12, 14, 14))
    hidden = np.random.default_rng(tokens).standard_normal((tokens, 260)).astype(np.float32)
    together = moe_ffn_forward_tokens(hidden, *case.arguments[1:], threads=threads, arithmetic=arithmetic)
    for t in range(tokens):
        alone = moe_ffn_forward_layer(hidden[t], *case.arguments[1:], arithmetic=arithmetic)
        assert together[t].tobytes() == alone.tobytes(), t


def test_many_tokens_are_refused_as_one_is(case):
    hidden = np.zeros((3, 300), np.float32)
    rest = case.arguments[1:]
    with pytest.raises(InvalidShape, match=r"moe_ffn_forward_tokens: hidden.len\(\) = 299 but hidden_dim = 300"):
        moe_ffn_forward_tokens(hidden[:, :299].copy(), *rest)
    with pytest.raises(InvalidShape, match="hidden must be a float32 table, got float32 of shape"):
        moe_ffn_forward_tokens(hidden[0], *rest)
    with pytest.raises(InvalidShape, match="hidden has no tokens, expected at least one row of 300"):
        moe_ffn_forward_tokens(hidden[:0], *rest)
    hidden[2, 7] = np.nan
    with pytest.raises(NonFiniteValue, match=r"hidden\[2, 7\] = nan is not finite"):
        moe_ffn_forward_tokens(hidden, *rest)


def test_inputs_are_left_alone_and_results_are_fresh(case):
    before = case.hidden.copy(), case.data.copy()
    first = moe_ffn_forward_layer(*case.arguments)
    kept = first.copy()
    second = moe_ffn_forward_layer(*case.arguments)
    second[:] = 0
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_array_equal(case.hidden, before[0])
    np.testing.assert_array_equal(case.data, before[1])


def test_a_huge_but_finite_input_is_computed_not_refused(case):
    # 1e36 overflows inside the experts; that is float32's answer, not an error of the caller.
    arguments = (case.hidden * np.float32(1e36), *case.arguments[1:])
    with np.errstate(all="ignore"):
        assert not np.isfinite(moe_ffn_forward_layer(*arguments)).all()


DUMMY = QuantizedTensorRef(0, 0, 0, 0)
EMPTY = Qwen3MoeQuantizedLayer(DUMMY, DUMMY, DUMMY, DUMMY)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_hidden_dim_mismatch_is_refused(function):  # the original's own test
    with pytest.raises(InvalidShape, match=rf"^{function.__name__}: hidden.len\(\) = 8 but hidden_dim = 16$"):
        function(np.zeros(8, np.float32), EMPTY, 4, 2, 16, 16, bytes(16))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_router_that_is_not_f32_is_refused(function):  # the original's own test
    layer = replace(EMPTY, router=replace(DUMMY, qtype=12))
    with pytest.raises(UnsupportedOperation, match=rf"{function.__name__}: router qtype = 12 \(not F32\)"):
        function(np.zeros(16, np.float32), layer, 4, 2, 16, 16, bytes(16))


def test_descriptors_can_be_copied_and_shown():  # the original's own test
    assert replace(EMPTY).router.offset == 0
    assert "Qwen3MoeQuantizedLayer" in repr(EMPTY)


def poisoned(value):
    hidden = np.zeros(300, np.float32)
    hidden[[5, 9]] = value
    return hidden


REFUSALS = [
    # hidden, layer, num_experts, num_experts_per_tok, intermediate, hidden_dim, data
    (
        {"num_experts": 5},
        InvalidShape,
        r"router byte_size 4800 != expected 6000 \(num_experts 5 × hidden_dim 300 × 4\)",
    ),
    ({"num_experts": 0}, InvalidShape, "router byte_size 4800 != expected 0"),
    ({"num_experts": -4}, InvalidShape, "router byte_size"),
    ({"num_experts_per_tok": 0}, InvalidShape, "num_experts_per_tok 0 must be between 1 and num_experts 4"),
    ({"num_experts_per_tok": 5}, InvalidShape, "num_experts_per_tok 5 must be between 1 and num_experts 4"),
    ({"num_experts_per_tok": -1}, InvalidShape, "num_experts_per_tok -1"),
    ({"intermediate": 0}, InvalidShape, "intermediate must be > 0"),
    ({"intermediate": 49}, InvalidShape, "gate_exps byte_size 55296 != expected 56448"),
    ({"data": b""}, InvalidShape, r"router range \[0, 4800\) exceeds file size 0"),
    ({"data": bytes(4800)}, InvalidShape, "gate_exps range .* exceeds file size 4800"),
    ({"hidden": poisoned(np.nan)}, NonFiniteValue, r"hidden\[5\] = nan is not finite"),
    ({"hidden": poisoned(-np.inf)}, NonFiniteValue, r"hidden\[5\] = -inf is not finite"),
    ({"hidden": np.zeros(300)}, InvalidShape, "hidden must be a float32 vector, got float64"),
    ({"threads": 0}, InvalidShape, "threads must be at least 1"),
    ({"arithmetic": "f64"}, UnsupportedOperation, "'f64' is not one of"),
]
NAMES = ("hidden", "layer", "num_experts", "num_experts_per_tok", "intermediate", "hidden_dim", "data")


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("change", "error", "message"), REFUSALS)
def test_refusals(function, case, change, error, message):
    arguments = dict(zip(NAMES, case.arguments, strict=True))
    with pytest.raises(error, match=message):
        function(**arguments | change)


@pytest.mark.parametrize("name", ["gate_exps", "up_exps", "down_exps"])
@pytest.mark.parametrize("qtype", [0, 2, 13, 99])
def test_an_expert_type_without_a_kernel_is_refused(case, name, qtype):
    layer = replace(case.layer, **{name: replace(getattr(case.layer, name), qtype=qtype)})
    with pytest.raises(UnsupportedOperation, match=f"MoE expert tensor qtype {qtype} not supported") as caught:
        moe_ffn_forward_layer(case.hidden, layer, *case.dims, case.data)
    assert caught.value.operation == "moe_expert_matvec"


def test_a_layer_that_swaps_rows_and_columns_is_refused(truth):
    # 256 x 256: the bytes fit either way, only the shape tells.
    case = truth.make_case(hidden=512, intermediate=256, experts=2)
    layer = replace(case.layer, up_exps=replace(case.layer.up_exps, shape=(2, 512, 256)))
    with pytest.raises(InvalidShape, match=r"up_exps shape \(2, 512, 256\) != expected \(2, 256, 512\)"):
        moe_ffn_forward_layer(case.hidden, layer, *case.dims, case.data)


def test_a_poisoned_router_is_refused(truth, case):
    case.sources["router"].data[2, 3] = np.nan
    data = case.data.copy()
    data[:4800] = case.sources["router"].data.view(np.uint8).reshape(-1)
    for function in FUNCTIONS:
        with pytest.raises(NonFiniteValue, match=rf"{function.__name__}: logits\[2\] = nan"):
            function(case.hidden, case.layer, *case.dims, data)


def test_everything_is_checked_before_anything_is_computed(monkeypatch, case):
    def computed(*_):
        raise AssertionError("computed before the checks were over")

    monkeypatch.setattr("impl.layer.route", computed)
    arguments = dict(zip(NAMES, case.arguments, strict=True))
    for change, error, message in REFUSALS:
        with pytest.raises(error, match=message):
            moe_ffn_forward_layer(**arguments | change)
    with pytest.raises(AssertionError):
        run_token("f", *case.arguments, 1, "f32")


def test_errors_have_one_base(case):
    with pytest.raises(ImplError):
        moe_ffn_forward_layer(case.hidden[:3], *case.arguments[1:])
