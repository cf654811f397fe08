from harness.gate.meaning.readers import ways
from harness.gate.meaning.view import view

EQUATIONS = {"a": "x * 2", "b": "a + z", "e": "w @ b"}


def read(contract, claim, name="e"):
    made = view(contract(EQUATIONS, {"F-1": claim}), {})
    return ways((made, made), name)


def test_as_a_whole(contract):
    assert read(contract, "close(run().e, e)") == [()]


def test_with_names_replaced(contract):
    assert read(contract, "close(run().e, e(b=run().b))") == [(), ("b",)]
    assert read(contract, "close(run().e, e(b=run().b))", "b") == [()]
    assert read(contract, "close(run().e, e(a=run().a))", "b") == [(), ("a",)]


def test_stage_after_stage(contract):
    assert read(contract, "stagewise(run())") == [(), ("a", "b")]
    assert read(contract, "stagewise(again(run()))", "b") == [(), ("a",)]


def test_only_what_both_versions_have(contract):
    old = view(contract(EQUATIONS, {"F-1": "close(run().e, e(b=run().b))"}), {})
    new = view(contract({"e": "w @ x"}, {"F-1": "close(run().e, e)"}), {})
    assert ways((old, new), "e") == [()]
