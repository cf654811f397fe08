import pytest

from impl.errors import ImplError, InvalidShape, MalformedFile, NonFiniteValue, UnsupportedOperation


def test_an_unsupported_operation_shows_operation_and_reason():
    error = UnsupportedOperation("moe_expert_matvec", "qtype 2 not supported")
    assert str(error) == "moe_expert_matvec: qtype 2 not supported"
    assert (error.operation, error.reason) == ("moe_expert_matvec", "qtype 2 not supported")


def test_a_malformed_file_shows_place_expected_and_got():
    error = MalformedFile("byte 4 (version)", "2 or 3", "9")
    assert str(error) == "byte 4 (version): expected 2 or 3, got 9"


@pytest.mark.parametrize("error", [InvalidShape, UnsupportedOperation, NonFiniteValue, MalformedFile])
def test_all_have_one_base(error):
    assert issubclass(error, ImplError)
