""""""

import pytest

from harness.gate.meaning.space import Space, number_of
from harness.gate.meaning.view import view
from harness.language.sizes import Size


def test_options_follow_the_dimensions_before_them(contract):
    tests = {"F-1": {"claim": "close(run().e, e)", "given": {"rows": {"values": [2, 5]}, "k": {"min": "rows - 1"}}}}
    made = view(contract({"e": "x + z"}, tests))
    free, narrow = Space(made), Space(made, made.rules["FALSIFY-F-1"])
    assert free.options("k", {"rows": 4}) == range(1, 5)
    assert narrow.options("rows", {}) == (2, 5) and narrow.options("k", {"rows": 5}) == range(4, 6)
    assert free.admits({"size": 3, "rows": 2, "k": 2}) and not free.admits({"size": 3, "rows": 2, "k": 3})
    assert free.needed({"k"}) == ("rows", "k") and free.needed({"size"}) == ("size",)
    assert [tuple(point.values()) for point in narrow.points(("rows", "k"))] == [(2, 1), (2, 2), (5, 4), (5, 5)]


def test_sizes_with_numbers_put_in():
    size = Size.of("rows") * Size.of("size") + 2
    assert number_of(size, {"rows": 3, "size": 4}) == 14
    assert number_of(Size.of("size").floordiv(3), {"size": 10}) == 3
    with pytest.raises(KeyError):
        number_of(size, {"rows": 3})


def test_given_names_kinds_or_leaves_some_out(contract):
    tests = {
        "F-1": {"claim": "close(run().e, e)", "given": {"x": {"not": ["large", "heavy"]}}},
        "F-2": {"claim": "close(run().e, e)", "given": {"x": {"values": ["nonfinite"]}}},
    }
    made = view(contract({"e": "x + z"}, tests))
    everything = Space(made).kinds("x")
    assert "nonfinite" not in everything and "large" in everything
    assert set(everything) - set(Space(made, made.rules["FALSIFY-F-1"]).kinds("x")) == {"large", "heavy"}
    assert Space(made, made.rules["FALSIFY-F-2"]).kinds("x") == ("nonfinite",)
    assert Space(made).types("x") == ("f32",) and Space(made).types("q") == ("u8",)
