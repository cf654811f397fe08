"""Access to an accepted tree."""

from harness.contract.access import (
    entries,
    items,
    named,
    optional,
    place_of,
    source,
    sources,
    text_of,
    texts_of,
    tuple_of,
    value_of,
)
from harness.contract.spans import loads

ROOT = loads("a: {b: x + 1, c: 2}\nd: [1, two]\ne: three\nf: |\n  four\n  five\ng: 0x10\n", "c.yaml")


def test_present():
    assert list(entries(ROOT, "a")) == ["b", "c"]
    assert [item.value for item in items(ROOT, "d")] == [1, "two"]
    assert tuple_of(ROOT, "e") == ("three",)
    assert value_of(ROOT, "f") == "four\nfive"
    assert texts_of(ROOT, "a") == {"b": "x + 1", "c": "2"}
    assert named(ROOT, "a", lambda name, node: (name, node.value)) == {"b": ("b", "x + 1"), "c": ("c", 2)}


def test_absent():
    assert entries(ROOT, "z") == {}
    assert items(ROOT, "z") == []
    assert text_of(ROOT, "z") == ""
    assert optional(ROOT, "z", source) is None


def test_expressions():
    assert sources(ROOT, "a")["b"].text == "x + 1"
    assert source(entries(ROOT)["g"]).text == "16"
    assert source(entries(ROOT)["f"]).text == "four\nfive"


def test_a_named_entry_stands_at_its_name():
    assert place_of(entries(ROOT, "a")["c"]).column == 15
    assert place_of(ROOT).column == 1
