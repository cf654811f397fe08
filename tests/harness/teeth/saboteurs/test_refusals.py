"""The claims of refusals, and the result that is returned in place of one."""

import numpy as np
import pytest

from harness.subjects.errors import class_names
from harness.teeth.saboteurs.refusals import WrongClass, numbers_claimed, refusal_claims, swapped, zeros


def test_the_claims_of_refusals(room):
    assert [len(claim.arguments) for claim in refusal_claims(room)] == [1, 2, 1]
    assert [numbers_claimed(room, claim) for claim in refusal_claims(room)] == [2, 0, 2]


@pytest.mark.parametrize(
    ("message", "other"),
    [
        ("expected 12, got 10", "expected 10, got 12"),
        ("k 0 of 8 (8 experts of 0)", "k 8 of 0 (8 experts of 0)"),
        ("7 of 7", "7 of 7"),
        ("q4_k is not read", "q4_k is not read"),
    ],
)
def test_two_numbers_of_a_message_change_places(message, other):
    assert swapped(message) == other


def test_a_class_for_which_the_subject_has_another_name_is_no_other_class(room):
    class Stands:
        name = "own"

        def errors(self):
            return {"RuntimeError": ("TooFew",), "LookupError": ("TooFew",), "ArithmeticError": ("TooFew",)}

        def call(self, *arguments):
            raise RuntimeError("0 are too few")

    with pytest.raises(Exception, match=r"^0 are too few$") as caught:
        WrongClass(Stands()).call(room, "number", {"count": 0}, {"count": 4})
    assert "TooFew" not in class_names(caught.value, Stands().errors())


def test_zeros_have_the_declared_type_and_shape(room):
    shown = {}
    for subject in room.scope.subjects.values():
        for field, kind in subject.returns.items():
            value = zeros(kind, {"count": 3, "threads": 1})
            shown[field] = (value.dtype.name, value.tolist()) if isinstance(value, np.ndarray) else value
    assert shown == {
        "doubled": ("float32", [0, 0, 0]), "squares": ("float32", [0, 0, 0]), "places": ("int64", [0, 0, 0]),
        "bytes": ("uint8", [0, 0, 0, 0]), "names": [], "first": "", "empty": ("bool", False),
        "x": ("float32", [0, 0, 0]),
    }  # fmt: skip
