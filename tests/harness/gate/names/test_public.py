"""Names that others write, found where what they stand for stayed."""

from harness.contract.spans import loads
from harness.gate.names.public import exchanged_names, inner_names, outer_names

OLD = """
subjects:
  add: {arguments: {x: x, w: w}, returns: {total: total, best: best}}
tables:
  limits: {columns: {what: text, most: integer}, rows: [[a, 1], [b, 2], [c, 3]]}
formats:
  q8: {values: 32, bytes: 34, fields: {d: {at: [0, 2]}, q: {at: [2, 34]}}, equations: {w: d * q}}
proof_obligations: [{id: O, type: bound, property: it holds}]
falsification_tests: [{id: F, rule: it adds up, claim: "close(add().total, total)"}]
faults: [{id: B, replace: {total: "0"}, story: nothing is added}]
refuses:
  - {subject: add, when: x < 1, error: Wrong, message: one}
  - {subject: add, when: x > 9, error: Wrong, message: two}
"""


def found(search, *edits):
    new = OLD
    for old, text in edits:
        assert old in new
        new = new.replace(old, text)
    return {(part.what, part.was, part.now) for part in search(loads(OLD, "c.yaml"), loads(new, "c.yaml"))}


def test_results_of_one_equation_are_told_apart_by_their_formats():
    both = "{total: {equation: best, dtype: bf16}, best: {equation: best, dtype: as x}}"
    new = "{best16: {equation: best, dtype: bf16}, like_x: {equation: best, dtype: as x}}"
    sides = [loads(OLD.replace("{total: total, best: best}", text), "c.yaml") for text in (both, new)]
    assert {(part.was, part.now) for part in inner_names(*sides)} == {("total", "best16"), ("best", "like_x")}
    assert not list(exchanged_names(*sides)) and not list(outer_names(*sides))


def test_outer_names():
    assert found(outer_names, ("  add:", "  sum:")) == {("subject", "add", "sum")}
    assert found(outer_names, ("limits:", "bounds:")) == {("table", "limits", "bounds")}
    assert found(outer_names, ("q8:", "q8_0:")) == {("format", "q8", "q8_0")}
    assert found(outer_names, ("id: O", "id: P")) == {("obligation", "O", "P")}
    assert found(outer_names, ("id: F", "id: G")) == {("falsifier", "F", "G")}
    assert found(outer_names, ("id: B", "id: C")) == {("fault", "B", "C")}
    assert found(outer_names, ("Wrong", "Bad")) == {("error", "Wrong", "Bad")}


def test_outer_names_beside_another_edit():
    assert found(outer_names, ("  add:", "  sum:"), ("x: x, w: w", "x: x")) == {("subject", "add", "sum")}
    assert found(outer_names, ("limits:", "bounds:"), ("[c, 3]", "[d, 4]")) == {("table", "limits", "bounds")}
    assert found(outer_names, ("id: F", "id: G"), ("close(add", "identical(add")) == {("falsifier", "F", "G")}
    assert found(outer_names, ("q8:", "q8_0:"), ("w: d * q", "w: q * d")) == {("format", "q8", "q8_0")}


def test_what_is_another_thing_is_no_other_name():
    assert found(outer_names, ("  add:", "  sum:"), ("{x: x, w: w}", "{y: y}"), ("{total: total, best: best}", "{z: z}")
                 ) == set()  # fmt: skip
    assert found(outer_names, ("limits:", "bounds:"), ("[b, 2], [c, 3]", "[d, 4], [e, 5]")) == set()
    assert found(outer_names, ("error: Wrong, message: two", "error: Bad, message: two")) == set(), "one of two"
    assert found(outer_names, ("error: Wrong", "error: Bad"), ("close(add().total, total)", "raises(add(), 'Wrong')")
                 ) == set(), "a rule still names it"  # fmt: skip
    assert found(outer_names, ("id: F, rule: it adds up, claim: \"close", "id: G, rule: other, claim: \"identical")
                 ) == set()  # fmt: skip


def test_inner_names():
    assert found(inner_names, ("total: total,", "sum: total,")) == {("result", "total", "sum")}
    assert found(inner_names, ("x: x,", "vector: x,")) == {("argument", "x", "vector")}
    assert found(inner_names, ("most: integer", "least: integer")) == {("column", "most", "least")}
    assert found(inner_names, ("d: {at", "scale: {at"), ("d * q", "scale * q")) == {("field", "d", "scale")}
    assert found(inner_names, ("{w: d", "{weights: d")) == {("step", "w", "weights")}
    assert found(inner_names, ("total: total,", "sum: best,"), ("best: best", "best: total")) == set()


def test_rows_by_the_text_that_names_them():
    read = ('close(add().total, total)"}', 'find(what=what) == most", over: [limits], for_each: {one: [a]}}')
    old = OLD.replace(*read)
    for name, edits, names in (
        ("in every table and rule", (("[a, 1]", "[z, 1]"), ("one: [a]", "one: [z]")), {("value", "a", "z")}),
        ("in the table alone", (("[a, 1]", "[z, 1]"),), set()),
        ("to a text that was there", (("[a, 1]", "[b, 1]"), ("one: [a]", "one: [b]")), set()),
        ("with another number", (("[a, 1]", "[z, 9]"), ("one: [a]", "one: [z]")), set()),
    ):
        new = old
        for before, after in edits:
            assert before in new
            new = new.replace(before, after)
        trees = loads(old, "c.yaml"), loads(new, "c.yaml")
        assert {(part.what, part.was, part.now) for part in inner_names(*trees)} == names, name
    assert found(inner_names, ("[a, 1]", "[z, 1]")) == set(), "no rule reads it: prose"


def test_exchanged_names():
    both = ("total: total, best: best", "total: best, best: total")
    read = ("close(add().total, total)", "close(add().best, total)")
    assert found(exchanged_names, both, read) == {("result", "total", "best"), ("result", "best", "total")}
    assert found(exchanged_names, both) == set(), "the rule reads the other value now, which is another edit"
    assert found(exchanged_names, read) == set()
