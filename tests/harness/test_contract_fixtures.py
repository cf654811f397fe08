"""What makes contracts of bases and edits: nothing is left out, and no mistake in a data file stays silent."""

import pytest

from tests.edited import edited
from tests.harness.contract_fixtures import fixtures

BASE = """\
# A base.
inputs:
  x: {shape: [rows]}
  y: {shape: [rows]}
"""


@pytest.fixture
def made(tmp_path):
    """The fixtures of a data file with this text."""

    def make(text: str):
        (tmp_path / "bases").mkdir()
        (tmp_path / "bases/two.yaml").write_text(BASE)
        (tmp_path / "inputs.yaml").write_text(text)
        return fixtures(tmp_path, "says")

    return make


def test_lines_are_indented_as_the_line_of_the_edit(made):
    (one,) = made("two: [{id: one, says: it, after: 'x: {shape: [rows]}', add: \"z:\\n  shape: []\\n\"}]").values()
    assert one.text == BASE.replace("  y:", "  z:\n    shape: []\n  y:")
    assert one.expected == ("it",)


def test_several_edits_and_no_base(made):
    both = made("two: [{id: b, says: 1, edits: [{old: x, new: v}, {old: y, new: w}]}, {id: a, says: 2, text: other}]")
    assert list(both) == ["a", "b"] and both["a"].text == "other"
    assert both["b"].text == BASE.replace("x:", "v:").replace("y:", "w:")


def test_a_file_has_the_text(made, tmp_path):
    (one,) = made("two: [{id: one, says: it, old: x, new: v}]").values()
    assert one.write(tmp_path) == tmp_path / "one.yaml"
    assert (tmp_path / "one.yaml").read_text() == one.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("two: [{id: a, says: it, old: rows, new: v}]", "inputs.yaml: a: .* exactly once, not 2 times: 'rows'"),
        ("two: [{id: a, says: it, old: cols, new: v}]", "inputs.yaml: a: .* exactly once, not 0 times: 'cols'"),
        ("two: [{id: a, says: it, old: x, add: v}]", "old and new, or after and add, not old, add"),
        ("two: [{id: a, says: it, at: '1:1', old: x, new: v}]", "not at, old, new"),
        ("two: [{id: a, says: it, text: t}, {id: a, says: it, text: t}]", "there are two fixtures a"),
        ("two: [{id: a, says: it, text: t}]\ntwo: []", "a key is given twice: two"),
        ("two: [{id: a, says: it, old: x, old: y, new: v}]", "a key is given twice: old"),
    ],
    ids=["occurs twice", "does not occur", "half an edit", "unknown key", "id twice", "base twice", "old twice"],
)
def test_a_mistake_in_a_data_file_is_told(made, text, said):
    with pytest.raises(AssertionError, match=said):
        made(text)


def test_edits_are_made_one_after_the_other():
    assert edited("a b", [("a", "c"), ("c b", "d")]) == "d"
