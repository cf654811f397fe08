from harness.findings import Place
from harness.report.ranking import against, parse_place, ranked
from harness.search.outcome import VERDICTS
from tests.harness.report import stored


def test_worst_first_then_survivors_of_an_earlier_version_by_how_near_the_bound():
    rows = ranked(stored.second("sound"))
    assert [VERDICTS.index(row.verdict) for row in rows] == sorted(VERDICTS.index(row.verdict) for row in rows)
    margins = [row.line["margin"] for row in rows if row.verdict == "survived"]
    assert margins == sorted(margins, reverse=True)
    assert margins[0] > 0


def test_the_order_of_the_record_decides_among_equals():
    record = stored.second("faulty")
    rows = [row for row in ranked(record) if row.verdict == "falsified"]
    record["worst_first"].reverse()
    assert [row.id for row in ranked(record) if row.verdict == "falsified"] == [row.id for row in reversed(rows)]


def test_errors_with_one_reason_are_one_group_and_counterexamples_stand_alone():
    record = stored.second("faulty")
    for line in record["contracts"][0]["falsifiers"]:
        if line["verdict"] in {"survived", "error"}:
            line |= {"verdict": "error", "reason": "TypeError: no"}
    groups = against(ranked(record))
    assert [len(group) for group in groups] == [5, 1, 1, 1, 1, 1]
    assert {row.verdict for row in groups[0]} == {"error"}


def test_places():
    assert parse_place("a/b.yaml:3:7") == Place("a/b.yaml", 3, 7)
    assert parse_place("C:\\x.yaml:3:7") == Place("C:\\x.yaml", 3, 7)
    assert parse_place("odd:name") == Place("odd:name", 1, 1)
    assert parse_place("x:0:0") == Place("x", 1, 1)
    assert parse_place("x:²:1") == Place("x:²:1", 1, 1)


def test_names_and_fingerprints():
    row = ranked(stored.second("faulty"))[0]
    assert row.name == f"tiny/{row.id}"
    assert row.fingerprint == row.line["fingerprint"]
