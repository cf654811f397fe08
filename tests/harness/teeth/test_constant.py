"""Kernels that return one number everywhere, and what they were given."""

import numpy as np
import pytest

from harness.language.behind import FAR
from harness.subjects.reference import Reference
from harness.teeth.constant import PATIENCE, ConstantKernel, ConstantKernels, functions_of
from harness.teeth.shown import VARIES


@pytest.fixture
def kernel(computing):
    """Of a contract with f(x, w) = x + w."""
    program = computing({"out": "x + w"})
    kernel = ConstantKernel(Reference(), "f")

    def call(x, w):
        arguments = {"x": np.array(x, np.float32), "w": np.array(w, np.float32)}
        return kernel.call(program, "f", arguments, {"size": len(x)})["out"].tolist()

    return kernel, call


def test_the_first_number_of_all_calls_is_returned_everywhere(kernel):
    kernel, call = kernel
    assert call([5, 1], [1, 1]) == [6, 6] and kernel.changed
    assert call([9, 9, 9], [0, 0, 0]) == [6, 6, 6]


def test_nothing_is_changed_where_all_results_are_one_number(kernel):
    kernel, call = kernel
    call([0, 0], [0, 0])
    assert call([0], [0]) == [0] and not kernel.changed


def test_a_refused_call_is_answered(kernel):
    kernel, call = kernel

    def refuse(*_):
        raise ValueError("no")

    kernel.subject.call = refuse
    assert call([1, 2], [3, 4]) == [0, 0] and kernel.changed


@pytest.mark.parametrize(("calls", "given"), [
    ([([0, 0], [0, 0])], {"x": "0.0", "w": "0.0"}),
    ([([0, 0], [1, 2])], {"x": "0.0", "w": VARIES}),
    ([([0, 0], [1, 1]), ([0], [2])], {"x": "0.0", "w": VARIES}),
])  # fmt: skip
def test_what_it_was_given(kernel, calls, given):
    kernel, call = kernel
    for x, w in calls:
        call(x, w)
    assert kernel.shown.given == given


@pytest.mark.parametrize(("value", "told"), [
    (np.zeros(FAR + 1, np.uint8), "0"), (("q8_0", (1, 32), bytes(34)), "0"),
    (("q8_0", (1, 32), bytes(range(34))), VARIES), (["a", "a"], "'a'"), (["a", "b"], VARIES), (np.float32(2), "2.0"),
    (0.5, "0.5"), ({"file": 1}, VARIES), (3, None), ("name", None), (np.zeros(0, np.float32), None), ([], None),
])  # fmt: skip
def test_each_kind_of_argument(value, told, computing):
    kernel = ConstantKernel(Reference(), "f")
    kernel.subject.call = lambda *_: {}
    kernel.call(computing({"out": "x + w"}), "f", {"x": value}, {})
    assert kernel.shown.given.get("x") == told


def test_only_functions_that_a_claim_asks_for(rows):
    program = rows("identical(again_rows().both, both)")
    assert functions_of(program, program.falsifiers[0]) == ["again_rows"]


def test_patience_with_a_claim_that_notices_nothing(rows):
    program = rows()
    kernels = ConstantKernels(program, program.falsifiers[0], Reference())
    for number in range(PATIENCE + 1):
        assert kernels.open == (number < PATIENCE)
        for kernel in kernels.kernels:
            kernel.shown.given["x"] = VARIES

        def notices(kernel):
            kernel.changed = True
            return False

        kernels.attempt(notices)


def test_without_a_working_subject_nothing_is_tried(rows):
    program = rows()
    assert not ConstantKernels(program, program.falsifiers[0], None).open
