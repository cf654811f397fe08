import pytest

from impl.errors import (
    BadMagic,
    BodyLengthMismatch,
    ImplError,
    InvalidShape,
    InvalidStage,
    MalformedFile,
    NonFiniteValue,
    Truncated,
    UnknownRole,
    UnknownTensor,
    UnsupportedOperation,
)


def test_an_unsupported_operation_shows_operation_and_reason():
    error = UnsupportedOperation("moe_expert_matvec", "qtype 2 not supported")
    assert str(error) == "moe_expert_matvec: qtype 2 not supported"
    assert (error.operation, error.reason) == ("moe_expert_matvec", "qtype 2 not supported")


def test_a_malformed_file_shows_place_expected_and_got():
    error = MalformedFile("byte 4 (version)", "2 or 3", "9")
    assert str(error) == "byte 4 (version): expected 2 or 3, got 9"


def test_an_unknown_tensor_shows_everything_that_was_tried():
    assert str(UnknownTensor("lm_head", "bert", ("a", "b"))) == "no tensor for role 'lm_head' of bert; tried: a, b"


def test_an_unknown_role_shows_the_known_ones():
    assert str(UnknownRole("x", ("a", "b"))) == "unknown tensor role 'x'; valid roles: a, b"


@pytest.mark.parametrize("error", [Truncated, BadMagic, BodyLengthMismatch])
def test_a_damaged_trace_file_is_a_malformed_file(error):
    assert issubclass(error, MalformedFile)


@pytest.mark.parametrize(
    "error",
    [InvalidShape, UnsupportedOperation, NonFiniteValue, MalformedFile, InvalidStage, UnknownRole, UnknownTensor],
)
def test_all_have_one_base(error):
    assert issubclass(error, ImplError)
