from harness.gate.meaning.drawn import kinds_of, types_of
from harness.gate.meaning.view import view


def test_given_names_kinds_or_leaves_some_out(contract):
    tests = {
        "F-1": {"claim": "close(run().e, e)", "given": {"x": {"not": ["large", "heavy"]}}},
        "F-2": {"claim": "close(run().e, e)", "given": {"x": {"values": ["nonfinite"]}}},
    }
    made = view(contract({"e": "x + z"}, tests), {})
    everything = kinds_of(made, None, "x")
    assert "nonfinite" not in everything and "large" in everything
    assert set(everything) - set(kinds_of(made, made.rules["FALSIFY-F-1"], "x")) == {"large", "heavy"}
    assert kinds_of(made, made.rules["FALSIFY-F-2"], "x") == ("nonfinite",)
    assert types_of(made, None, "x") == ("f32",) and types_of(made, None, "q") == ("u8",)
