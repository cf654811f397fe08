from dataclasses import replace

import numpy as np
import pytest

from harness.language.syntax import parse
from harness.program.model import RefusalProgram
from harness.subjects import reference
from harness.subjects.planting import NO_EDIT, Edit, edit_of_declared
from harness.subjects.reference import RefusedByContract, fires
from harness.teeth.fault_bench import Execution, FaultBench, FaultySubject, exact_key, executions_differ, reads

X, Y = np.array([1, 2, 3], np.float32), np.array([2, 2, 2], np.float32)
GIVEN = {"x": X, "v": Y, "k": 2}
NUMBERS = {"size": 3, "k": 2, "threads": 1}


@pytest.fixture
def bench(rows):
    return FaultBench(rows(), None)


def test_a_fault_changes_what_lies_behind_it(bench, rows):
    fault = Edit({"both": parse("x - v")})
    assert bench.call(NO_EDIT, "rows", GIVEN, NUMBERS)["total"] == 12
    wrong = bench.call(fault, "rows", GIVEN, NUMBERS)
    assert wrong["both"].tolist() == [-1, 0, 1] and wrong["total"] == 0
    assert wrong["best"].tolist() == [2, 1]


def test_only_what_lies_behind_the_fault_is_computed_anew(bench):
    bench.call(NO_EDIT, "rows", GIVEN, NUMBERS)
    (run,) = bench.correct.values()
    run.bindings.known["best"] = np.array([0, 1])  # so that it shows whether it is taken over
    assert bench.call(Edit({"total": parse("sum(both) + 1")}), "rows", GIVEN, NUMBERS)["best"].tolist() == [0, 1]
    assert bench.call(Edit({"best": parse("top_k(-x, k)")}), "rows", GIVEN, NUMBERS)["best"].tolist() == [0, 1]


def test_what_is_not_asked_for_cannot_matter(bench):
    bench.call(NO_EDIT, "again_rows", GIVEN | {"threads": 1}, NUMBERS)
    assert not bench.changed(Edit({"total": parse("sum(both) + 1")}))
    assert bench.changed(Edit({"both": parse("x")}))
    assert not bench.changed(Edit({"both": parse("v * x")}))  # the same bits


def test_swallowed_errors(bench, rows):
    short = GIVEN | {"v": Y[:-1]}
    with pytest.raises(RefusedByContract, match="v has 2"):
        bench.call(NO_EDIT, "rows", short, NUMBERS)
    with pytest.raises(ValueError, match="shapes"):
        bench.call(edit_of_declared(rows(), "FAULT-ROWS-002"), "rows", short, NUMBERS)
    with pytest.raises(RefusedByContract):
        bench.call(edit_of_declared(rows(), "FAULT-ROWS-001"), "rows", short, NUMBERS)


def test_a_refusal_is_asked_again_where_its_condition_reads_what_was_edited(rows, monkeypatch):
    program = rows()
    negative = RefusalProgram("rows", parse("total < 0"), "Negative", ("the sum is negative",))
    bench = FaultBench(replace(program, refusals=(*program.refusals, negative)), None)
    asked = []
    monkeypatch.setattr(reference, "fires", lambda refusal, known: asked.append(refusal.error) or fires(refusal, known))
    assert bench.call(NO_EDIT, "rows", GIVEN, NUMBERS)["total"] == 12
    assert asked == ["Uneven", "Negative"]
    with pytest.raises(RefusedByContract, match="the sum is negative"):
        bench.call(Edit({"both": parse("x - 3 * v")}), "rows", GIVEN, NUMBERS)  # `total` is the sum of `both`
    assert asked[2:] == ["Negative"]
    assert bench.call(Edit({"best": parse("top_k(-both, k)")}), "rows", GIVEN, NUMBERS)["total"] == 12
    assert asked[3:] == [], "no condition reads `best`"
    with pytest.raises(RefusedByContract, match="v has 2"):
        bench.call(Edit({"best": parse("top_k(-x, k)")}), "rows", GIVEN | {"v": Y[:-1]}, NUMBERS)


def test_a_fault_in_one_function_alone(rows):
    bench = FaultBench(rows(), None, "again_rows")
    fault = Edit({"both": parse("x")})
    assert bench.call(fault, "again_rows", GIVEN | {"threads": 1}, NUMBERS)["both"].tolist() == [1, 2, 3]
    assert bench.call(fault, "rows", GIVEN, NUMBERS)["both"].tolist() == [2, 4, 6]


def test_results_are_handed_out_as_copies(bench):
    first, second = (bench.call(NO_EDIT, "rows", GIVEN, NUMBERS)["both"] for _ in range(2))
    assert not np.shares_memory(first, second)


def test_functions_without_equations_need_a_real_subject(contracts):
    program = contracts["trace-files"]
    assert not FaultBench(program, None).offers("read_aprt") and FaultBench(program, None).offers("write_aprt")

    class Real:
        def call(self, program, function, arguments, dimensions):
            return {"layer": 7, "values": np.ones(2, np.float32)}

    bench = FaultBench(program, Real())
    assert bench.offers("read_aprt")
    result = bench.call(NO_EDIT, "read_aprt", {"data": np.zeros(20, np.uint8)}, {"count": 2, "layer": 1, "cut": 0})
    assert result["layer"] == 7 and result["values"].tolist() == [1, 1]


def test_equations_overlay_what_a_real_subject_returns(contracts):
    program = contracts["gguf-container"]

    class Real:
        def call(self, program, function, arguments, dimensions):
            return {"names": ["a"], "offsets": None, "sizes": None, "types": None}

    bench, numbers = FaultBench(program, Real()), {"p": 1, "q": 2, "version": 3, "cut": 0}
    assert bench.call(NO_EDIT, "read_gguf", {"data": b""}, numbers)["offsets"].tolist() == [256, 288]
    wrong = bench.call(Edit({"offsets": parse("stack(0, 1)")}), "read_gguf", {"data": b""}, numbers)
    assert wrong["offsets"].tolist() == [0, 1] and wrong["names"] == ["a"]


def test_the_bench_as_a_subject(bench, rows):
    subject = FaultySubject(bench, Edit({"both": parse("x")}), "wrong")
    assert subject.claims() is None and subject.missing(rows()) == [] and subject.name == "wrong"
    assert subject.call(rows(), "rows", GIVEN, NUMBERS)["total"] == 6


def test_what_reads_a_fault(bench):
    bench.call(NO_EDIT, "again_rows", GIVEN | {"threads": 1}, NUMBERS)
    (run,) = bench.correct.values()
    assert reads(Edit({"both": parse("x")}), run) and not reads(Edit({"best": parse("x")}), run)


def test_runs_that_differ():
    def run(error=None, **results):
        return Execution("f", {}, {}, None, results, error)

    assert not executions_differ(run(a=X), run(a=X.copy())) and executions_differ(run(a=X), run(a=Y))
    assert executions_differ(run(a=np.array([0.0])), run(a=np.array([-0.0])))
    assert executions_differ(run(), run(ValueError("x"))) and not executions_differ(
        run(ValueError("x")), run(ValueError("x"))
    )


def test_keys_are_equal_where_every_bit_is():
    assert exact_key(X) == exact_key(X.copy()) != exact_key(X.astype(np.float64))
    assert exact_key(np.array([0.0])) != exact_key(np.array([-0.0]))
    assert exact_key(("q4_k", (1, 2), b"ab")) != exact_key(("q6_k", (1, 2), b"ab"))
    hash((exact_key(X), exact_key(3), exact_key(["a"]), exact_key("a")))
