"""What stands in place of a refusal."""

import numpy as np

from harness.teeth.saboteurs.refusal import nothing, refusal_claims


def test_the_claims_of_refusals(room):
    assert [len(claim.arguments) for claim in refusal_claims(room)] == [1, 2]


def test_nothing_has_the_declared_type_and_shape(room):
    shown = {}
    for subject in room.scope.subjects.values():
        for field, kind in subject.returns.items():
            value = nothing(kind, {"count": 3, "threads": 1})
            shown[field] = (value.dtype.name, value.tolist()) if isinstance(value, np.ndarray) else value
    assert shown == {
        "doubled": ("float32", [0, 0, 0]), "squares": ("float32", [0, 0, 0]), "places": ("int64", [0, 0, 0]),
        "bytes": ("uint8", [0, 0, 0, 0]), "names": [], "first": "", "empty": ("bool", False),
    }  # fmt: skip
