"""Refusals: conditions and messages of the arguments alone, typed ones included."""

import pytest

from harness.findings import Refused
from harness.language.syntax import Name

RAISES = "claim: \"raises(look(role='none', block=1), 'NotFound')\""


def refuses(**entry: str) -> str:
    given = {"subject": "look", "error": "NotFound", "message": "no role"} | entry
    return "[{" + ", ".join(f'{name}: "{text}"' for name, text in given.items()) + "}]"


def test_without_a_condition(program):
    (refusal,) = program(RAISES, refuses=refuses()).refusals
    assert (refusal.subject, refusal.when, refusal.error, refusal.message) == ("look", None, "NotFound", ("no role",))


def test_typed_arguments_are_known_to_the_condition_and_the_message(program):
    entry = refuses(when="role == 'none' or block < layer", message="no role {role} in block {block}")
    (refusal,) = program(RAISES, refuses=entry).refusals
    assert refusal.when is not None
    assert refusal.message == ("no role ", Name("role"), " in block ", Name("block"))


@pytest.mark.parametrize(
    "entry, said",
    [
        ({"when": "name == 'none'"}, "refuses of look: unknown name 'name'"),
        ({"when": "role"}, "refuses of look: `when` is not a condition; expected one truth value, got text"),
        ({"when": "look(role=role, block=1).stacked"}, "a refusal is decided by the arguments alone"),
        ({"message": "no {rolle}"}, "refuses of look: message: unknown name 'rolle'; did you mean 'role'?"),
        ({"message": "no {role +}"}, "refuses of look: message: {role +}: not an expression"),
    ],
)
def test_what_means_nothing(program, entry, said):
    with pytest.raises(Refused) as refused:
        program(RAISES, refuses=refuses(**entry))
    assert said in str(refused.value)


def test_arguments_of_one_subject_are_unknown_to_another(program):
    entry = refuses(subject="read", when="role == 'none'")
    with pytest.raises(Refused, match="refuses of read: unknown name 'role'"):
        program('claim: "raises(read(file=file[1:]))"', refuses=entry)
