"""Renames as data."""

from harness.gate.names.renames import NONE, Rename, Renames


def test_names_by_what_they_are_of():
    renames = Renames((Rename("dimension", "k", "count"), Rename("input", "x", "v"))) + Renames(
        (Rename("result", "total", "sum", "add"), Rename("result", "total", "whole", "rank"))
    )
    assert renames.of("dimension", "input") == {"k": "count", "x": "v"}
    assert renames.of("result", inside="add") == {"total": "sum"} and renames.of("result") == {}
    assert [rename.path for rename in renames] == [
        "dimensions.count", "inputs.v", "subjects.add.returns.sum", "subjects.rank.returns.whole"]  # fmt: skip
    assert renames and not NONE
