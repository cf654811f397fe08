from harness.report.html.matrix import MOST, matrices
from harness.report.ranking import ranked
from tests.harness.report import stored


def test_records_without_kills_have_no_matrix():
    assert matrices(ranked(stored.second("faulty"))) == []


def test_cells_say_who_kills_what():
    rows = ranked(stored.full())
    (matrix,) = matrices(rows)
    for row, cells, more in matrix.rows:
        assert more == 0
        killed = [fault for fault, hit in zip(matrix.faults, cells, strict=True) if hit]
        assert sorted(killed) == sorted(row.line["kills"]["faults"])
    assert matrix.idle == tuple(row.id for row in rows if not row.line["kills"]["count"])
    assert matrix.idle


def test_faults_that_few_see_stand_first():
    (matrix,) = matrices(ranked(stored.full()))
    killers = [sum(cells[column] for _, cells, _ in matrix.rows) for column in range(len(matrix.faults))]
    assert killers == sorted(killers)
    assert killers[0] == 1


def test_what_is_not_drawn_is_counted():
    record = stored.full()
    record["contracts"][0]["falsifiers"][0]["kills"] = {"count": 99, "faults": [f"F{n}" for n in range(99)], "of": 99}
    (matrix,) = matrices(ranked(record))
    assert len(matrix.faults) == MOST
    every = {fault for line in record["contracts"][0]["falsifiers"] for fault in line["kills"]["faults"]}
    assert matrix.left == len(every) - MOST


def test_kills_that_the_record_only_counts_are_counted():
    record = stored.full()
    record["contracts"][0]["falsifiers"][0]["kills"] = {"count": 99, "faults": ["F1", "F2"], "of": 120}
    (matrix,) = matrices(ranked(record))
    (row,) = [row for row in matrix.rows if row[0].id == record["contracts"][0]["falsifiers"][0]["id"]]
    assert row[2] == 97
