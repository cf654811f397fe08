from harness.gate.meaning.renaming import renamed, renamings, same_text
from harness.language.syntax import parse


def test_names_change_and_arguments_of_subjects_stay():
    names = {"b": "x", "c": "e", "x": "y"}
    node = renamed(parse("close(run(x=b).a, c(b=d) + exp(b))"), names, ["b", "c"])
    assert node == parse("close(run(x=x).a, e(x=d) + exp(x))")


def test_a_name_that_a_claim_replaces_changes_under_an_equation_that_keeps_its_own():
    node = renamed(parse("close(run(b=b).a, c(b=run(b=1).b))"), {"b": "x"}, ["b", "c"])
    assert node == parse("close(run(b=x).a, c(x=run(b=1).b))")


def test_two_and_two_point_zero_are_not_the_same_text():
    assert same_text(parse("2 * x"), parse("(2 * x)"))
    assert not same_text(parse("2 * x"), parse("2.0 * x"))
    assert same_text(None, None) and not same_text(None, parse("x"))


def test_pairs_by_arguments_results_axes_and_definitions(contract):
    names = {"x": "x", "z": "z", "w": "w", "q": "q", "h": "h", "k": "k"}
    old = contract(
        {"a": "x * 2", "b": "a + z", "e": "w @ b"}, {"F-1": "close(run().e, e)"}, returns={"e": "e"}, arguments=names
    )
    inputs = {"x": {"dtype": "f32", "shape": ["width"]}, "other": {"dtype": "f32", "shape": ["width"]},
              "w": {"dtype": "f32", "shape": ["rows", "width"]}, "q": {"dtype": "u8", "shape": ["width"]},
              "h": {"dtype": "u8", "shape": ["width"]}}  # fmt: skip
    dimensions = {"width": {"min": 1, "max": 24}, "rows": {"min": 1, "max": 6}, "k": {"min": 1, "max": "rows"}}
    new = contract({"a2": "x * 2", "b": "a2 + other", "out": "w @ b"}, {"F-1": "close(run().e, out)"},
                   returns={"e": "out"}, inputs=inputs, dimensions=dimensions,
                   arguments={**names, "z": "other"})  # fmt: skip
    assert renamings(old, new) == {"width": "size", "other": "z", "out": "e", "a2": "a"}


def test_what_both_have_is_never_renamed(contract):
    old = contract({"a": "x", "b": "z"}, returns={"first": "a", "second": "b"})
    new = contract({"a": "x", "b": "z"}, returns={"first": "b", "second": "a"})
    assert renamings(old, new) == {}
