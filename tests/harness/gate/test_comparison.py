"""What both sides of a comparison have in common."""

from harness.contract.access import entries
from harness.contract.spans import loads
from harness.gate.change import Change, value_text
from harness.gate.comparison import ContractComparison, added, common, declared_place, entries_by_id, same

OLD = loads("{a: 1, b: [x, 'y'], c: {d: \"text\\n\"}, e: true}", "old.yaml")
NEW = loads("{b: [x, z], c: {d: text}, e: 1, f: 2}", "new.yaml")


def test_names_in_order():
    old, new = entries(OLD), entries(NEW)
    assert common(old, new) == ["b", "c", "e"] and added(old, new) == ["f"] and added(new, old) == ["a"]


def test_same_is_what_is_said_and_not_how():
    old, new = entries(OLD), entries(NEW)
    assert same(old["c"], new["c"]) and not same(old["b"], new["b"]) and not same(old["e"], new["e"])
    assert not same(loads("' '", "a.yaml"), loads("''", "b.yaml")), "in a table these are two answers"
    assert same(None, None) and not same(None, new["f"])


def test_places_and_ids():
    assert str(declared_place(entries(NEW)["f"])) == "new.yaml:1:33" and declared_place(None) is None
    root = loads("list: [{id: one}, {id: two}]", "c.yaml")
    assert list(entries_by_id(root, "list")) == ["one", "two"]


def test_a_change_shows_both_sides_in_a_line():
    comparison = ContractComparison(OLD, NEW, None)
    comparison.say("prose-changed", "a.b", entries(OLD)["b"], None)
    (change,) = comparison.changes
    assert (change.old, change.new, change.new_place) == ("[x, y]", "", None)
    assert value_text({"a": [True, "b \n c", " "]}) == "{a: [true, b c, ' ']}"
    assert value_text(loads('[a, "a\\n"]', "c.yaml")) == "[a, 'a\\n']", "a cell that ends in a line break is another"
    assert value_text(loads("- |\n  a\n  b\n", "c.yaml")) == "[a b]", "a block scalar ends in one"


def test_a_fingerprint_is_of_the_edit_and_not_of_its_place():
    one = Change("prose-changed", "a.b", declared_place(OLD), None, "x", "y", "shown", 3)
    assert one.fingerprint == Change("prose-changed", "a.b", None, declared_place(NEW), "x", "y").fingerprint
    assert one.fingerprint != Change("prose-changed", "a.b", None, None, "x", "z").fingerprint
