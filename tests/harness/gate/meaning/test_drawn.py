from harness.gate.meaning.drawn import drawn_kinds, drawn_types
from harness.gate.meaning.view import view


def test_given_names_kinds_or_leaves_some_out(contract):
    tests = {
        "F-1": {"claim": "close(run().e, e)", "given": {"x": {"not": ["large", "heavy"]}}},
        "F-2": {"claim": "close(run().e, e)", "given": {"x": {"values": ["nonfinite"]}}},
    }
    made = view(contract({"e": "x + z"}, tests), {})
    everything = drawn_kinds(made, None, "x")
    assert "nonfinite" not in everything and "large" in everything
    assert set(everything) - set(drawn_kinds(made, made.rules["FALSIFY-F-1"], "x")) == {"large", "heavy"}
    assert drawn_kinds(made, made.rules["FALSIFY-F-2"], "x") == ("nonfinite",)
    assert drawn_types(made, None, "x") == ("f32",) and drawn_types(made, None, "q") == ("u8",)
