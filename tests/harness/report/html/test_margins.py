from harness.report.html.margins import MOST, margins
from harness.report.ranking import ranked
from tests.harness.report import stored


def rows_of(record):
    return ranked(record)


def test_every_numeric_falsifier_stands_on_its_side_of_the_bound():
    rows = rows_of(stored.second("faulty"))
    found = margins(rows)
    for mark in found.marks:
        evidence = mark.row.example and mark.row.example["evidence"]
        ratio = evidence["exceeds"] if evidence else mark.row.line["margin"]
        assert (mark.kind == "out") == (ratio is None or ratio > 1)
        assert mark.percent > found.bound if mark.kind == "out" else mark.percent <= found.bound
    numeric = [
        row for row in rows if row.line["margin"] or (row.example and row.example["evidence"]["bound"] is not None)
    ]
    assert {mark.row.name for mark in found.marks} == {
        row.name for row in numeric if row.verdict in {"survived", "falsified"}
    }


def test_worst_first_and_the_nearest_survivor_is_named():
    found = margins(rows_of(stored.second("sound")))
    places = [mark.percent for mark in found.marks]
    assert places == sorted(places, reverse=True)
    assert found.summary.startswith("0 falsifiers beyond the bound")
    assert found.marks[0].row.id in found.summary


def test_an_infinite_error_stands_at_the_end_of_the_axis():
    record = stored.second("faulty")
    example = next(line["counterexample"] for line in record["contracts"][0]["falsifiers"] if line["counterexample"])
    example["evidence"] |= {"bound": 0.0, "exceeds": None}
    (mark, *_) = margins(rows_of(record)).marks
    assert (mark.percent, mark.summary, mark.kind) == (100.0, "beyond any bound", "out")


def test_what_is_not_drawn_is_counted():
    record = stored.many(1000)
    for contract in record["contracts"]:
        for line in contract["falsifiers"]:
            if line["verdict"] == "survived":
                line["margin"] = 0.25
    found = margins(rows_of(record))
    assert len(found.marks) == MOST
    measured = [row for row in rows_of(record) if row.line["margin"] or row.verdict == "falsified"]
    out = [row for row in measured if row.verdict == "falsified" and row.example["evidence"]["bound"] is None]
    assert found.left + MOST + len(out) == len(measured)


def test_a_run_without_numbers_has_no_marks():
    record = stored.second("sound")
    for line in record["contracts"][0]["falsifiers"]:
        line["margin"] = 0.0
    assert margins(rows_of(record)).marks == ()
