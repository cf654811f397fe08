import numpy as np
import pytest

from impl import subjects
from impl.errors import ImplError, InvalidShape, InvalidStage, NonFiniteValue, UnsupportedOperation
from impl.layer import moe_ffn_forward_layer


def test_route_agrees_with_the_layer(shapes, arguments):
    got = subjects.route(**shapes.for_route(arguments))
    beside = subjects.forward_with_router(**arguments)
    assert got["weights"].tobytes() == beside["weights"].tobytes()
    assert got["experts"].tolist() == beside["experts"].tolist()


def test_expert_and_its_stages(shapes, arguments):
    plain = subjects.expert(**shapes.for_expert(arguments))["output"]
    stages = subjects.expert_stages(**shapes.for_expert(arguments))
    assert list(stages) == ["gate", "up", "swiglu", "output"]
    assert plain.tobytes() == stages["output"].tobytes()


def test_forward_and_its_siblings(shapes, case, arguments):
    direct = moe_ffn_forward_layer(*case.arguments)
    trace = subjects.trace(**arguments)
    assert list(trace) == ["logits", "probs", "experts", "weights", "gate", "up", "swiglu", "down", "output"]
    for result in (subjects.forward(**arguments), subjects.forward_with_router(**arguments), trace):
        assert result["output"].tobytes() == direct.tobytes()
    rank = trace["experts"].tolist().index(1) if 1 in trace["experts"] else None
    if rank is not None:
        stages = subjects.expert_stages(**shapes.for_expert(arguments))
        assert stages["output"].tobytes() == trace["down"][rank].tobytes()


def test_a_router_that_is_written_into_is_read_again(arguments):
    before = subjects.forward(**arguments)["output"]
    arguments["router"][:] = arguments["router"][::-1].copy()
    assert subjects.forward(**arguments)["output"].tobytes() != before.tobytes()


def call(shapes, name, arguments):
    if name in ("expert", "expert_stages"):
        arguments = {key: arguments.get(key) for key in shapes.for_expert(arguments)} | {
            "expert_id": arguments.get("expert_id", 1)
        }
    elif name == "route":
        arguments = shapes.for_route(arguments)
    return getattr(subjects, name)(**arguments)


@pytest.mark.parametrize("name", ["forward", "forward_with_router", "trace", "route"])
def test_a_quantised_router_is_refused(shapes, arguments, name):
    quantised = ("q4_k", (4, 300), bytes(4 * 288))
    with pytest.raises(UnsupportedOperation, match=r"moe_router_quantized_read: .*router qtype = 12 \(not F32\)"):
        call(shapes, name, arguments | {"router": quantised})


def test_route_says_its_own_name(shapes, arguments):
    with pytest.raises(InvalidShape, match=r"^route: router byte_size 3600 != expected 4800"):
        call(shapes, "route", arguments | {"router": arguments["router"][:-1]})
    with pytest.raises(InvalidShape, match=r"^route: num_experts_per_tok 9 must be between 1 and num_experts 4"):
        call(shapes, "route", arguments | {"num_experts_per_tok": 9})
    with pytest.raises(NonFiniteValue, match=r"^route: hidden\[0\] = inf"):
        call(shapes, "route", arguments | {"hidden": np.full(300, np.inf, np.float32)})


def test_a_transposed_router_is_refused_although_its_bytes_fit(arguments):
    transposed = np.ascontiguousarray(arguments["router"].T)
    with pytest.raises(InvalidShape, match=r"router shape \(300, 4\) != expected \(4, 300\)"):
        subjects.forward(**arguments | {"router": transposed})


@pytest.mark.parametrize("function", ["forward", "forward_with_router", "trace", "expert", "expert_stages", "route"])
def test_nothing_malformed_escapes_as_another_error(shapes, arguments, function):
    used = set(arguments)
    if function.startswith("expert"):
        arguments["expert_id"] = 1
        used = set(shapes.for_expert(arguments))
    elif function == "route":
        used = set(shapes.for_route(arguments))
    tried = 0
    for name, value in shapes.malformed(arguments):
        if name not in used:
            continue
        with pytest.raises(ImplError):
            call(shapes, function, arguments | {name: value})
        tried += 1
    assert tried > 20


ALL = ["logits", "probs", "experts", "weights", "gate", "up", "swiglu", "down", "output"]


@pytest.mark.parametrize("wanted", [[], ["output"], ["logits"], ["experts", "weights"], ALL[::-1], ALL])
def test_a_subset_of_the_trace_is_the_trace_bit_for_bit(arguments, wanted):
    whole = subjects.trace(**arguments)
    part = subjects.trace_subset(**arguments, stages=" , ".join(wanted).upper())
    assert list(part) == [name for name in ALL if name in wanted]
    for name, values in part.items():
        assert values.dtype == whole[name].dtype and values.shape == whole[name].shape
        assert values.tobytes() == whole[name].tobytes()


@pytest.mark.parametrize("stages", ["moe_router", "output,,gate", "output,", "all", "LayerStages"])
def test_a_stage_that_the_trace_does_not_have_is_refused(arguments, stages):
    with pytest.raises(InvalidStage):
        subjects.trace_subset(**arguments, stages=stages)


def test_a_subset_is_refused_as_the_trace_is(shapes, arguments):
    for stages in (None, 7, b"output", ["output"]):
        with pytest.raises(InvalidShape, match="stages must be a string, got"):
            subjects.trace_subset(**arguments, stages=stages)
    with pytest.raises(InvalidShape, match=r"^moe_ffn_trace_layer: hidden.len\(\) = 299 but hidden_dim = 300$"):
        subjects.trace_subset(**arguments | {"hidden": arguments["hidden"][1:].copy()}, stages="output")
    for name, value in shapes.malformed(arguments):
        with pytest.raises(ImplError):
            subjects.trace_subset(**arguments | {name: value}, stages="output")
