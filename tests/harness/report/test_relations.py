import pytest

from harness.report.relations import SHOWN, identified, relate, severity, worst_first
from tests.hanging import no_hang


def line(name, verdict="survived", functions=("route",), at="", exceeds=None, ulps=None):
    example = {"evidence": {"exceeds": exceeds, "ulps": ulps}} if verdict == "falsified" else None
    return {"id": name, "verdict": verdict, "functions": list(functions), "counterexample": example,
            "diverges": None if verdict == "survived" else {"at": at, "how": "so"}}  # fmt: skip


def related(lines):
    named = [("c", part) for part in lines]
    relate(named)
    return {
        part["id"]: ([(other["falsifier"], other["why"]) for other in part["also_fails"]["shown"]],
                     [other["falsifier"] for other in part["stands"]["shown"]])
        for part in lines
    }  # fmt: skip


def test_what_falls_with_a_claim_and_what_stands():
    found = related([
        line("A", "falsified", ["route"], "weights"),
        line("B", "falsified", ["layer"], "weights"),
        line("C", "falsified", ["route", "trace"], "probs"),
        line("D", "survived", ["route"]),
        line("E", "survived", ["layer"]),
        line("F", "error", ["route"]),
    ])  # fmt: skip
    assert found["A"] == ([("B", "also differs first at weights"), ("C", "also calls route()")], ["D"])
    assert found["B"] == ([("A", "also differs first at weights")], ["E"])
    assert found["D"] == found["F"] == ([], [])


def test_equations_of_one_name_in_two_contracts_are_two():
    lines = [("one", line("A", "falsified", ["f"], "y")), ("two", line("B", "falsified", ["g"], "y"))]
    relate(lines)
    assert [part["also_fails"]["count"] for _, part in lines] == [0, 0]


def test_many_are_counted_and_some_are_shown_in_no_time():
    lines = [("c", line(f"F{number}", "falsified", ["route"], "y")) for number in range(5000)]
    with no_hang():
        relate(lines)
    assert lines[7][1]["also_fails"]["count"] == 4999
    shown = [part["falsifier"] for part in lines[7][1]["also_fails"]["shown"]]
    assert len(shown) == SHOWN and "F7" not in shown


def test_worst_first():
    named = [("c", part) for part in (
        line("survivor"), line("vacuous", "vacuous"), line("near", "falsified", exceeds=1.5),
        line("far", "falsified", exceeds=300.0), line("bits", "falsified", ulps=2.0),
        line("raised", "falsified"), line("broken", "error"), line("lost", "not run"),
    )]  # fmt: skip
    assert [part["id"] for _, part in worst_first(named)] == [
        "broken", "raised", "far", "bits", "near", "vacuous", "lost",
    ]  # fmt: skip
    assert severity(line("raised", "falsified")) == float("inf") and severity(line("x")) == 0


@pytest.mark.parametrize(("contract", "told"), [("rows", "FALSIFY-ONE-001"), ("sums", "rows FALSIFY-ONE-001")])
def test_an_id_of_another_contract_is_told_with_it(contract, told):
    assert identified({"contract": "rows", "falsifier": "FALSIFY-ONE-001", "why": ""}, contract) == told
