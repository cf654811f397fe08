import pytest

from harness.report.html.tried import by_contract, dimensions, kinds
from harness.report.ranking import ranked
from tests.harness.report import stored


def test_kinds_are_shares_side_by_side_the_most_frequent_first():
    (bar,) = kinds({"kinds": {"x": {"zeros": 1, "normal": 3}}, "dimensions": {}})
    assert bar.summary == "normal 3, zeros 1"
    assert [part.share for part in bar.parts] == [75.0, 25.0]
    assert bar.strokes == "M0 4h74.4m.6 0h24.4"


def test_kinds_of_quantised_tensors_are_told_by_format():
    counts = {"q4_k zeros": 3, "q6_k normal": 2, "q4_k large": 1}
    (bar,) = kinds({"kinds": {"down": counts}, "dimensions": {}})
    assert bar.summary == "q4_k: zeros 3, large 1; q6_k: normal 2"


def test_dimensions_are_columns_in_ascending_order():
    ranges = [{"low": 3, "high": 9, "cases": 2}, {"low": 1, "high": 1, "cases": 4}]
    (bar,) = dimensions({"kinds": {}, "dimensions": {"rows": ranges}})
    assert bar.summary == "1 4, 3-9 2"
    assert bar.span == "1 to 9"
    assert [part.share for part in bar.parts] == [100.0, 50.0]
    assert bar.columns == "M5 100V0M15 100V50"


@pytest.mark.parametrize(
    ("ranges", "span"), [([(5, 5)], "5"), ([(-3, -1), (0, 4)], "-3 to 4"), ([(2, 7)], "2 to 7"), ([(-9, -9)], "-9")]
)
def test_the_span_of_a_dimension(ranges, span):
    (bar,) = dimensions({"dimensions": {"n": [{"low": low, "high": high, "cases": 1} for low, high in ranges]}})
    assert bar.span == span


def test_kinds_by_contract_add_up():
    rows = ranked(stored.second("faulty"))
    contracts, found, most = by_contract(rows)
    assert contracts == ["tiny"]
    assert most == [max(counts[0] for _, counts in found)]
    total = sum(count for row in rows for counts in row.line["tried"]["kinds"].values() for count in counts.values())
    assert sum(counts[0] for _, counts in found) == total > 0
