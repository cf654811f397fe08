"""Sizes that came, went or changed their order."""

import pytest

from harness.contract.spans import loads
from harness.gate.comparison import ContractComparison
from harness.gate.diff.dimensions import compare_dimensions
from harness.gate.diff.inputs import compare_inputs
from harness.gate.diff.sizes import compare_sizes

OLD = "sizes: [{rows: 64}, {rows: 65, k: 8}]"


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("sizes: [{rows: 64}, {k: 8, rows: 65}]", []),
        ("sizes: [{rows: 65, k: 8}, {rows: 64}]", [("list-reordered", "sizes")]),
        ("sizes: [{rows: 64}]", [("size-removed", "sizes.k=8,rows=65")]),
        ("sizes: [{rows: 64}, {rows: 65, k: 8}, {rows: 513}]", [("size-added", "sizes.rows=513")]),
        (
            "sizes: [{rows: 64}, {rows: 65, k: 9}]",
            [("size-removed", "sizes.k=8,rows=65"), ("size-added", "sizes.k=9,rows=65")],
        ),
        ("dimensions: {}", [("size-removed", "sizes.rows=64"), ("size-removed", "sizes.k=8,rows=65")]),
    ],
)
def test_what_is_told(new, told):
    comparison = ContractComparison(loads(OLD, "old.yaml"), loads(new, "new.yaml"), None)
    compare_sizes(comparison)
    assert [(change.kind, change.path) for change in comparison.changes] == told


RANGES = "dimensions: {{rows: {{min: 1, max: {}}}, k: {{min: 1, max: rows}}}}\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ((60, "sizes: [{rows: 64}]"), (64, ""), [("size-unlisted", "sizes.rows=64")]),
        ((60, "sizes: [{rows: 64}]"), (63, ""), [("size-removed", "sizes.rows=64")]),
        ((60, "sizes: [{rows: 32, k: 8}]"), (60, ""), [("size-unlisted", "sizes.k=8,rows=32")]),
        ((60, "sizes: [{rows: 64, k: 8}]"), (60, "sizes: [{rows: 64}]"),
         [("size-unlisted", "sizes.k=8,rows=64"), ("size-added", "sizes.rows=64")]),
        ((60, "sizes: [{rows: 64}]"), (60, "sizes: [{rows: 64}, {rows: 64, k: 8}]"),
         [("size-listed", "sizes.k=8,rows=64")]),
        ((60, ""), (60, "sizes: [{rows: 60}]"), [("size-listed", "sizes.rows=60")]),
        ((60, "sizes: [{rows: 64, k: 65}]"), (99, ""), [("size-removed", "sizes.k=65,rows=64")]),
    ],
)  # fmt: skip
def test_what_the_ranges_and_other_sizes_admit_is_evidence(old, new, told):
    versions = [loads(RANGES.format(most) + sizes, "c.yaml") for most, sizes in (old, new)]
    comparison = ContractComparison(*versions, None)
    compare_sizes(comparison)
    assert [(change.kind, change.path) for change in comparison.changes] == told


def test_a_size_keeps_its_key_where_another_is_listed_before_it():
    removed = []
    for old, new in (("[{rows: 8}]", "[{rows: 1}]"), ("[{rows: 2}, {rows: 8}]", "[{rows: 1}, {rows: 2}]")):
        comparison = ContractComparison(loads(f"sizes: {old}", "o.yaml"), loads(f"sizes: {new}", "n.yaml"), None)
        compare_sizes(comparison)
        removed += [(part.path, part.fingerprint) for part in comparison.changes if part.kind == "size-removed"]
    assert removed[0] == removed[1]


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        (("{values: [8, 128]}", ""), ("{values: [8]}", "sizes: [{d: 128}]"), "respelled"),
        (("{values: [8]}", "sizes: [{d: 128}]"), ("{values: [8, 128]}", ""), "respelled"),
        (("{values: [8, 128]}", ""), ("{values: [8]}", "sizes: [{d: 128, e: 1}]"), "narrowed"),
        (("{min: 1, max: 60}", "sizes: [{d: 128}]"), ("{min: 1, max: 128}", ""), "widened"),
        (("{min: 1, max: 128}", ""), ("{min: 1, max: 60}", "sizes: [{d: 128}]"), "narrowed"),
    ],
)
def test_a_number_that_sizes_draw_is_not_gone(old, new, relation):
    roots = [loads(f"dimensions: {{d: {declared}, e: {{min: 1, max: 2}}}}\n{sizes}", "c.yaml")
             for declared, sizes in (old, new)]  # fmt: skip
    comparison = ContractComparison(*roots, None)
    compare_dimensions(comparison)
    assert [change.kind for change in comparison.changes] == [f"dimension-{relation}"]


def test_an_end_is_compared_at_the_sizes_as_well():
    """Within the range both ends are the same; at the size one is less."""
    for sizes, relation in (("", "respelled"), ("sizes: [{d: 128}]", "narrowed")):
        roots = [loads(f"dimensions: {{d: {{min: 1, max: 60}}, e: {{min: 1, max: {end}}}}}\n{sizes}", "c.yaml")
                 for end in ("d", "'d % 64'")]  # fmt: skip
        comparison = ContractComparison(*roots, None)
        compare_dimensions(comparison)
        assert [change.kind for change in comparison.changes] == [f"dimension-{relation}"]


def test_a_shape_is_compared_at_the_sizes_as_well():
    for sizes, kind in (("", "input-shape-respelled"), ("sizes: [{d: 128}]", "input-shape-changed")):
        text = f"dimensions: {{d: {{min: 1, max: 60}}}}\n{sizes}\ninputs: {{x: {{dtype: f32, shape: [SHAPE]}}}}"
        roots = [loads(text.replace("SHAPE", shape), "c.yaml") for shape in ("d", "'d % 64'")]
        comparison = ContractComparison(*roots, None)
        compare_inputs(comparison)
        assert [change.kind for change in comparison.changes] == [kind]
