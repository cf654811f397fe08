"""The adapter: what it returns, and that nothing malformed escapes as another error."""

import inspect

import numpy as np
import pytest

from impl import subjects
from impl.errors import ImplError, InvalidShape, NonFiniteValue, UnsupportedOperation
from impl.layer import moe_ffn_forward_layer

NAMES = {12: "q4_k", 14: "q6_k"}


@pytest.fixture
def arguments(case):
    experts, k, intermediate, hidden = case.dims
    tensors = {
        name.removesuffix("_exps"): (NAMES[source.qtype], source.shape, memoryview(source.data.tobytes()))
        for name, source in case.sources.items()
        if name != "router"
    }
    return {
        "hidden": case.hidden,
        "router": case.sources["router"].data,
        **tensors,
        "num_experts": experts,
        "num_experts_per_tok": k,
        "intermediate": intermediate,
        "hidden_dim": hidden,
        "threads": 1,
    }


def for_expert(arguments):
    unused = ("router", "num_experts_per_tok", "threads")
    return {name: value for name, value in arguments.items() if name not in unused} | {"expert_id": 1}


def for_route(arguments):
    return {name: arguments[name] for name in ("hidden", "router", "num_experts", "num_experts_per_tok")}


def test_the_claims():
    assert subjects.CLAIMS == ["ggml-blocks", "expert-slices", "moe-router", "expert-swiglu", "qwen3-moe-ffn"]


@pytest.mark.parametrize("dtype", ["q4_k", "q6_k"])
def test_decode(truth, dtype):
    qtype = {"q4_k": 12, "q6_k": 14}[dtype]
    data = truth.random_rows(np.random.default_rng(0), qtype, 6, 300)
    values = subjects.decode(tensor=(dtype, (2, 3, 300), data.tobytes()))["values"]
    expected = truth.dequantised(qtype, data, 6, 300).reshape(2, 3, 300)
    np.testing.assert_array_equal(values.view(np.uint32), expected.view(np.uint32))


def test_row_products_in_both_arithmetics(truth):
    rng = np.random.default_rng(1)
    data = truth.random_rows(rng, 12, 5, 300)
    x = rng.standard_normal(300).astype(np.float32)
    tensor = ("q4_k", (5, 300), data.tobytes())
    exact = truth.dequantised(12, data, 5, 300).astype(np.float64) @ x
    near = truth.relative_l2(subjects.row_products(tensor=tensor, x=x)["products"], exact)
    far = truth.relative_l2(subjects.row_products_q8_k(tensor=tensor, x=x)["products"], exact)
    assert near < 2e-6
    assert far > 1e-4


def test_expert_slice():
    data = np.arange(100, dtype=np.uint8)
    got = subjects.expert_slice(data=data, offset=4, byte_size=96, expert_id=2, num_experts=3)["bytes"]
    np.testing.assert_array_equal(got, data[68:100])
    assert not np.shares_memory(got, data)


def test_route_agrees_with_the_layer(arguments):
    got = subjects.route(**for_route(arguments))
    beside = subjects.forward_with_router(**arguments)
    assert got["weights"].tobytes() == beside["weights"].tobytes()
    assert got["experts"].tolist() == beside["experts"].tolist()


def test_expert_and_its_stages(arguments):
    plain = subjects.expert(**for_expert(arguments))["output"]
    stages = subjects.expert_stages(**for_expert(arguments))
    assert list(stages) == ["gate", "up", "swiglu", "output"]
    assert plain.tobytes() == stages["output"].tobytes()


def test_forward_and_its_siblings(case, arguments):
    direct = moe_ffn_forward_layer(*case.arguments)
    trace = subjects.trace(**arguments)
    assert list(trace) == ["logits", "probs", "experts", "weights", "gate", "up", "swiglu", "down", "output"]
    for result in (subjects.forward(**arguments), subjects.forward_with_router(**arguments), trace):
        assert result["output"].tobytes() == direct.tobytes()
    rank = trace["experts"].tolist().index(1) if 1 in trace["experts"] else None
    if rank is not None:
        stages = subjects.expert_stages(**for_expert(arguments))
        assert stages["output"].tobytes() == trace["down"][rank].tobytes()


def test_a_router_that_is_written_into_is_read_again(arguments):
    before = subjects.forward(**arguments)["output"]
    arguments["router"][:] = arguments["router"][::-1].copy()
    assert subjects.forward(**arguments)["output"].tobytes() != before.tobytes()


def call(name, arguments):
    if name in ("expert", "expert_stages"):
        arguments = {key: arguments.get(key) for key in for_expert(arguments)} | {
            "expert_id": arguments.get("expert_id", 1)
        }
    elif name == "route":
        arguments = for_route(arguments)
    return getattr(subjects, name)(**arguments)


@pytest.mark.parametrize("name", ["forward", "forward_with_router", "trace", "route"])
def test_a_quantised_router_is_refused(arguments, name):
    quantised = ("q4_k", (4, 300), bytes(4 * 288))
    with pytest.raises(UnsupportedOperation, match=r"moe_router_quantized_read: .*router qtype = 12 \(not F32\)"):
        call(name, arguments | {"router": quantised})


def test_route_says_its_own_name(arguments):
    with pytest.raises(InvalidShape, match=r"^route: router byte_size 3600 != expected 4800"):
        call("route", arguments | {"router": arguments["router"][:-1]})
    with pytest.raises(InvalidShape, match=r"^route: num_experts_per_tok 9 must be between 1 and num_experts 4"):
        call("route", arguments | {"num_experts_per_tok": 9})
    with pytest.raises(NonFiniteValue, match=r"^route: hidden\[0\] = inf"):
        call("route", arguments | {"hidden": np.full(300, np.inf, np.float32)})


def test_a_transposed_router_is_refused_although_its_bytes_fit(arguments):
    transposed = np.ascontiguousarray(arguments["router"].T)
    with pytest.raises(InvalidShape, match=r"router shape \(300, 4\) != expected \(4, 300\)"):
        subjects.forward(**arguments | {"router": transposed})


def malformed(arguments):
    """Every argument replaced by everything it should not be."""
    wrong_tensors = [
        None,
        7,
        "q4_k",
        ("q4_k", (4, 48, 300), b""),
        ("q4_k", (4, 48, 300), bytes(17)),
        ("q4_k", (4, 48), bytes(144)),
        ("q5_k", (4, 48, 300), bytes(4 * 48 * 352)),
        ("f32", (4, 48, 300), bytes(4 * 48 * 1200)),
        ("nothing", (4, 48, 300), b""),
        ("q4_k", (4, 299, 48), bytes(4 * 299 * 144)),
        np.zeros((4, 48, 300), np.float32),
        np.zeros((4, 48, 300)),
        np.zeros(3, np.complex64),
        np.array(["text"]),
    ]
    wrong_vectors = [
        None,
        [1.0],
        arguments["gate"],
        np.zeros(300),
        np.zeros(0, np.float32),
        np.zeros(299, np.float32),
        np.zeros((1, 300), np.float32),
        np.zeros(300, np.int64),
        np.array(1, np.float32),
        np.full(300, np.nan, np.float32),
    ]
    wrong_integers = [None, 1.5, "2", -1, np.zeros(2), -(2**63)]
    for name in arguments:
        if name == "hidden":
            wrong = wrong_vectors
        elif name in ("router", "gate", "up", "down"):
            wrong = wrong_tensors
        else:
            # More threads than work is no mistake, and expert 0 exists.
            wrong = wrong_integers if name == "expert_id" else [*wrong_integers, 0]
            wrong = wrong if name == "threads" else [*wrong, 10**30]
        for value in wrong:
            yield name, value


@pytest.mark.parametrize("function", ["forward", "forward_with_router", "trace", "expert", "expert_stages", "route"])
def test_nothing_malformed_escapes_as_another_error(arguments, function):
    used = set(arguments)
    if function.startswith("expert"):
        arguments["expert_id"] = 1
        used = set(for_expert(arguments))
    elif function == "route":
        used = set(for_route(arguments))
    tried = 0
    for name, value in malformed(arguments):
        if name not in used:
            continue
        with pytest.raises(ImplError):
            call(function, arguments | {name: value})
        tried += 1
    assert tried > 20


@pytest.mark.parametrize("function", ["decode", "row_products", "row_products_q8_k"])
def test_no_malformed_tensor_escapes_as_another_error(arguments, function):
    x = {} if function == "decode" else {"x": np.zeros(300, np.float32)}
    for name, value in malformed(arguments):
        if name == "gate" and not (isinstance(value, tuple) and value[2] and value[0] == "q4_k" and value[1][-1] == 48):
            with pytest.raises(ImplError):
                getattr(subjects, function)(tensor=value, **x)
        if name == "hidden" and x:
            with pytest.raises(ImplError):
                getattr(subjects, function)(tensor=("q4_k", (1, 300), bytes(288)), x=value)


@pytest.mark.parametrize("name", ["data", "offset", "byte_size", "expert_id", "num_experts"])
@pytest.mark.parametrize("value", [None, 1.5, "text", -1, 10**30])
def test_no_malformed_slice_escapes_as_another_error(name, value):
    good = {"data": bytes(96), "offset": 0, "byte_size": 96, "expert_id": 2, "num_experts": 3}
    with pytest.raises(ImplError):
        subjects.expert_slice(**good | {name: value})


def test_arguments_are_by_keyword_only():
    for name in ("decode", "row_products", "row_products_q8_k", "expert_slice", "route"):
        kinds = {parameter.kind for parameter in inspect.signature(getattr(subjects, name)).parameters.values()}
        assert kinds == {inspect.Parameter.KEYWORD_ONLY}
