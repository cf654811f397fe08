"""The layout of block formats."""

from hypothesis import given
from hypothesis import strategies as st

from harness.contract.blocks import fields, references
from harness.contract.spans import loads


def root(spans, size=16, more="equations: {w: x}, weights: w, scales: []"):
    layout = ", ".join(f"f{index}: {{dtype: u8, at: [{start}, {stop}]}}" for index, (start, stop) in enumerate(spans))
    return loads(f"formats: {{b: {{bytes: {size}, fields: {{{layout}}}, {more}}}}}", "c.yaml")


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(1, 8)), min_size=1, max_size=5))
def test_overlaps_are_found_exactly_where_bytes_are_shared(drawn):
    spans = [(start, min(16, start + length)) for start, length in drawn]
    taken = [byte for start, stop in spans for byte in range(start, stop)]
    assert bool(list(fields(root(spans)))) is (len(taken) != len(set(taken)))


def test_a_long_field_covers_more_than_its_neighbour():
    messages = [finding.message for finding in fields(root([(0, 10), (2, 4), (8, 12)]))]
    assert messages == ["field 'f1' overlaps 'f0'", "field 'f2' overlaps 'f0'"]


def test_names():
    more = "equations: {w: x}, weights: v, scales: [f0, f9]"
    assert [finding.message for finding in references(root([(0, 1)], more=more))] == [
        "weights: no equation 'v'",
        "scales: no field 'f9'",
    ]
