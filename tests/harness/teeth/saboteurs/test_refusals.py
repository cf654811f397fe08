"""The claims of refusals, and the result that is returned in place of one."""

import numpy as np

from harness.teeth.saboteurs.refusals import refusal_claims, zeros


def test_the_claims_of_refusals(room):
    assert [len(claim.arguments) for claim in refusal_claims(room)] == [1, 2]


def test_zeros_have_the_declared_type_and_shape(room):
    shown = {}
    for subject in room.scope.subjects.values():
        for field, kind in subject.returns.items():
            value = zeros(kind, {"count": 3, "threads": 1})
            shown[field] = (value.dtype.name, value.tolist()) if isinstance(value, np.ndarray) else value
    assert shown == {
        "doubled": ("float32", [0, 0, 0]), "squares": ("float32", [0, 0, 0]), "places": ("int64", [0, 0, 0]),
        "bytes": ("uint8", [0, 0, 0, 0]), "names": [], "first": "", "empty": ("bool", False),
    }  # fmt: skip
