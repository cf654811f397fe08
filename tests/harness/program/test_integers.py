from harness.program.integers import integer


def test_integer_evaluates_dimensions(tiny):
    assert integer(tiny.inputs["m"].shape[1], {"size": 6}) == 6
    assert integer(None, {}, 4) == 4
