import numpy as np
import pytest

from harness.language.syntax import parse
from harness.subjects.planting import NOTHING, Planted, declared
from harness.subjects.reference import RefusedByContract
from harness.teeth.fault_bench import PlantedSubject, Run, Stand, differ, fingerprint, reads

X, Y = np.array([1, 2, 3], np.float32), np.array([2, 2, 2], np.float32)
GIVEN = {"x": X, "v": Y, "k": 2}
NUMBERS = {"size": 3, "k": 2, "threads": 1}


@pytest.fixture
def stand(rows):
    return Stand(rows(), None)


def test_a_fault_changes_what_lies_behind_it(stand, rows):
    fault = Planted({"both": parse("x - v")})
    assert stand.call(NOTHING, "rows", GIVEN, NUMBERS)["total"] == 12
    wrong = stand.call(fault, "rows", GIVEN, NUMBERS)
    assert wrong["both"].tolist() == [-1, 0, 1] and wrong["total"] == 0
    assert wrong["best"].tolist() == [2, 1]


def test_only_what_lies_behind_the_fault_is_computed_anew(stand):
    stand.call(NOTHING, "rows", GIVEN, NUMBERS)
    (run,) = stand.correct.values()
    run.bindings.known["best"] = np.array([0, 1])  # so that it shows whether it is taken over
    assert stand.call(Planted({"total": parse("sum(both) + 1")}), "rows", GIVEN, NUMBERS)["best"].tolist() == [0, 1]
    assert stand.call(Planted({"best": parse("top_k(-x, k)")}), "rows", GIVEN, NUMBERS)["best"].tolist() == [0, 1]


def test_what_is_not_asked_for_cannot_matter(stand):
    stand.call(NOTHING, "again_rows", GIVEN | {"threads": 1}, NUMBERS)
    assert not stand.changed(Planted({"total": parse("sum(both) + 1")}))
    assert stand.changed(Planted({"both": parse("x")}))
    assert not stand.changed(Planted({"both": parse("v * x")}))  # the same bits


def test_swallowed_errors(stand, rows):
    short = GIVEN | {"v": Y[:-1]}
    with pytest.raises(RefusedByContract, match="v has 2"):
        stand.call(NOTHING, "rows", short, NUMBERS)
    with pytest.raises(ValueError, match="shapes"):
        stand.call(declared(rows(), "FAULT-ROWS-002"), "rows", short, NUMBERS)
    with pytest.raises(RefusedByContract):
        stand.call(declared(rows(), "FAULT-ROWS-001"), "rows", short, NUMBERS)


def test_a_fault_in_one_function_alone(rows):
    stand = Stand(rows(), None, "again_rows")
    fault = Planted({"both": parse("x")})
    assert stand.call(fault, "again_rows", GIVEN | {"threads": 1}, NUMBERS)["both"].tolist() == [1, 2, 3]
    assert stand.call(fault, "rows", GIVEN, NUMBERS)["both"].tolist() == [2, 4, 6]


def test_results_are_handed_out_as_copies(stand):
    first, second = (stand.call(NOTHING, "rows", GIVEN, NUMBERS)["both"] for _ in range(2))
    assert not np.shares_memory(first, second)


def test_functions_without_equations_need_a_real_subject(contracts):
    program = contracts["trace-files"]
    assert not Stand(program, None).offers("read_aprt") and Stand(program, None).offers("write_aprt")

    class Real:
        def call(self, program, function, arguments, dimensions):
            return {"layer": 7, "values": np.ones(2, np.float32)}

    stand = Stand(program, Real())
    assert stand.offers("read_aprt")
    result = stand.call(NOTHING, "read_aprt", {"data": np.zeros(20, np.uint8)}, {"count": 2, "layer": 1, "cut": 0})
    assert result["layer"] == 7 and result["values"].tolist() == [1, 1]


def test_equations_overlay_what_a_real_subject_returns(contracts):
    program = contracts["gguf-container"]

    class Real:
        def call(self, program, function, arguments, dimensions):
            return {"names": ["a"], "offsets": None, "sizes": None, "types": None}

    stand, numbers = Stand(program, Real()), {"p": 1, "q": 2, "version": 3, "cut": 0}
    assert stand.call(NOTHING, "read_gguf", {"data": b""}, numbers)["offsets"].tolist() == [256, 288]
    wrong = stand.call(Planted({"offsets": parse("stack(0, 1)")}), "read_gguf", {"data": b""}, numbers)
    assert wrong["offsets"].tolist() == [0, 1] and wrong["names"] == ["a"]


def test_the_stand_as_a_subject(stand, rows):
    subject = PlantedSubject(stand, Planted({"both": parse("x")}), "wrong")
    assert subject.claims() is None and subject.missing(rows()) == [] and subject.name == "wrong"
    assert subject.call(rows(), "rows", GIVEN, NUMBERS)["total"] == 6


def test_what_reads_a_fault(stand):
    stand.call(NOTHING, "again_rows", GIVEN | {"threads": 1}, NUMBERS)
    (run,) = stand.correct.values()
    assert reads(Planted({"both": parse("x")}), run) and not reads(Planted({"best": parse("x")}), run)


def test_runs_that_differ():
    def run(error=None, **results):
        return Run("f", {}, {}, None, results, error)

    assert not differ(run(a=X), run(a=X.copy())) and differ(run(a=X), run(a=Y))
    assert differ(run(a=np.array([0.0])), run(a=np.array([-0.0])))
    assert differ(run(), run(ValueError("x"))) and not differ(run(ValueError("x")), run(ValueError("x")))


def test_fingerprints():
    assert fingerprint(X) == fingerprint(X.copy()) != fingerprint(X.astype(np.float64))
    assert fingerprint(np.array([0.0])) != fingerprint(np.array([-0.0]))
    assert fingerprint(("q4_k", (1, 2), b"ab")) != fingerprint(("q6_k", (1, 2), b"ab"))
    hash((fingerprint(X), fingerprint(3), fingerprint(["a"]), fingerprint("a")))
