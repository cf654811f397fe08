"""The values that differ between two trees."""

from dataclasses import replace

from harness.contract.spans import loads
from harness.gate.names.difference import differences, spelled_alike
from harness.gate.spelling import RENAMED


def found(old, new):
    return [tuple(part and part.plain() for part in pair)
            for pair in differences(loads(old, "c.yaml"), loads(new, "c.yaml"))]  # fmt: skip


def test_names_and_ids_find_what_belongs_together():
    assert found("{a: 1, b: [{id: X, c: 1}, {id: Y, c: 2}]}", "{b: [{id: Y, c: 3}, {id: X, c: 1}], a: 1}") == [(2, 3)]
    assert found("{a: [1, 2]}", "{a: [1]}") == [(2, None)] and found("{a: {b: 1}}", "{}") == [(1, None)]


def test_spelling_is_no_difference_and_a_type_is():
    assert found("a: x+1", "a: (x + 1)") == []
    assert found("a: 1", "a: '1'") == [(1, "1")] and found("a: true", "a: 1") == [(True, 1)]
    assert found("a: {b: 1}", "a: 1") == [(1, None), (None, 1)] or found("a: {b: 1}", "a: 1")


def test_what_was_rewritten_is_spelled_as_in_the_new_version():
    old, new = loads("{a: [x + 1, y+1]}", "c.yaml"), loads("{a: [(x+1), (y + 1)]}", "c.yaml")
    items = [replace(old.value["a"].value[0], style=RENAMED), old.value["a"].value[1]]
    old = replace(old, value={"a": replace(old.value["a"], value=items)})
    assert spelled_alike(old, new).plain() == {"a": ["(x+1)", "y+1"]}
    assert spelled_alike(old, loads("{a: [x + 2]}", "c.yaml")).plain() == old.plain()
