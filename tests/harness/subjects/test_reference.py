from pathlib import Path

import numpy as np
import pytest

from harness.findings import HandledError
from harness.language.evaluate import Bindings
from harness.language.integer_arithmetic import IntegerOutOfRange
from harness.language.single import Single
from harness.language.syntax import parse
from harness.language.types import Array
from harness.program.collection import load
from harness.program.model import RefusalProgram
from harness.subjects.planting import check_fault
from harness.subjects.reference import Reference, RefusedByContract, fires, render, result

CONTRACTS = Path(__file__).parents[3] / "contracts"


@pytest.fixture
def arguments(make_case):
    case = make_case([1, 2, 3], [[1, 2, 3], [4, 5, 6]], k=2)
    return {"x": case.inputs["x"], "m": case.inputs["m"].for_subject(), "k": 2, "size": 3}, case.dimensions


def call(tiny, function, arguments, fault="", **replaced):
    given, dimensions = arguments
    wanted = tiny.contract.subjects[function].arguments
    return Reference(fault).call(tiny, function, {name: ({**given, **replaced})[name] for name in wanted}, dimensions)


def test_equations_in_float32(tiny, arguments):
    results = call(tiny, "staged", arguments)
    assert results["out"].tolist() == [14, 32] and results["squares"].tolist() == [196, 1024]
    assert results["best"].tolist() == [1, 0]
    assert [results[name].dtype for name in ("out", "squares", "best")] == [np.float32, np.float32, np.int64]


def test_refusals_come_with_the_class_and_message_of_the_contract(tiny, arguments):
    with pytest.raises(RefusedByContract, match=r"^x has 2 entries, expected 3$") as refused:
        call(tiny, "product", arguments, x=np.ones(2, np.float32))
    assert refused.value.error == "WrongLength"


def test_the_first_refusal_that_applies_is_the_one():
    (program,) = load((str(CONTRACTS / "moe-router-v2.yaml"),))
    x, router = np.full(4, np.nan, np.float32), np.ones((3, 4), np.float32)
    names = program.contract.subjects["route"].arguments
    by_input = {"x": x, "router": router, "experts": 3, "k": 9}
    given = {argument: by_input[source.text] for argument, source in names.items()}
    with pytest.raises(RefusedByContract, match="num_experts_per_tok 9") as refused:
        Reference().call(program, "route", given, {"hidden": 4, "experts": 3, "k": 2})
    assert refused.value.error == "InvalidShape"


def test_a_planted_fault_replaces_equations(tiny, arguments):
    assert call(tiny, "product", arguments, "FAULT-TINY-001")["out"].tolist() == [28, 64]
    assert call(tiny, "product", arguments, "FAULT-OTHER-001")["out"].tolist() == [14, 32]  # another contract's


def test_faults_must_be_declared(tiny):
    check_fault("", [tiny])
    check_fault("FAULT-TINY-001", [tiny])
    with pytest.raises(HandledError, match="did you mean 'FAULT-TINY-001'"):
        check_fault("FAULT-TINY-002", [tiny])


def test_a_tensor_under_another_name_is_read_by_its_size(tiny, arguments):
    given, dimensions = arguments
    _, shape, data = given["m"]
    given = Reference().bind(tiny, tiny.scope.subjects["product"], {**given, "m": ("q5", shape, data)}, dimensions)
    assert given["m"].dtype == "q5" and given["m"].format.name == "q8"
    with pytest.raises(ValueError, match="no format reads 3 bytes as q5"):
        Reference().bind(tiny, tiny.scope.subjects["product"], {**given, "m": ("q5", shape, b"abc")}, dimensions)


def test_a_condition_without_meaning_does_not_fire():
    bindings = Bindings(Single(), {}, {}, {"x": np.ones(2, np.float32)})
    assert not fires(RefusalProgram("f", parse("x[5] > 0"), "E", ()), bindings)
    assert fires(RefusalProgram("f", parse("x[1] > 0"), "E", ()), bindings)


def test_messages_hold_plain_numbers():
    bindings = Bindings(Single(), {}, {}, {"size": np.int64(3), "x": np.ones(2, np.float32)})
    assert render(RefusalProgram("f", parse("size"), "E", ("got ", parse("size + 1"), "!")), bindings) == "got 4!"


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6, 10])
def test_the_reference_survives_its_own_contract(tiny, rule, number):
    from harness.search.engine import Search

    assert Search(tiny, rule(number), Reference(), 60).run().verdict == "survived"


def test_integers_of_a_result_keep_their_number():
    assert result(np.array([2**63], np.uint64), Array("int", ())).tolist() == [2**63]
    with pytest.raises(IntegerOutOfRange, match="a result leaves the integers of 64 bits"):
        result(2**70, Array("int", ()))
