import numpy as np


def test_given_holds_every_name(make_case):
    case = make_case([1, 2], [[1, 2]])
    assert set(case.given()) == {"rows", "size", "k", "x", "m"}


def test_with_input_leaves_the_case_as_it_was(make_case):
    case = make_case([1, 2], [[1, 2]])
    other = case.with_input("x", np.zeros(2, np.float32))
    assert case.inputs["x"].any() and not other.inputs["x"].any()
    assert other.inputs["m"] is case.inputs["m"]
