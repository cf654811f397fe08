"""Classes of errors, their bases, and what contracts call them."""

from types import SimpleNamespace

import pytest

from harness.findings import HandledError
from harness.subjects.errors import checked_errors, class_names, error_text
from harness.subjects.reference import Reference, RefusedByContract
from harness.subjects.subject import ModuleSubject


class ShapeProblem(Exception):
    pass


class ShortVector(ShapeProblem):
    pass


ERRORS = {"ShapeProblem": ("InvalidShape",)}


def test_a_class_counts_with_its_bases_and_with_what_they_stand_for():
    assert class_names(KeyError("x"))[:2] == ["KeyError", "LookupError"]
    assert {"ShortVector", "ShapeProblem", "InvalidShape"} <= set(class_names(ShortVector("x"), ERRORS))
    assert "InvalidShape" not in class_names(KeyError("x"), ERRORS)
    assert class_names(RefusedByContract("InvalidShape", "no")) == ["InvalidShape"]


def test_an_error_is_told_with_what_it_stands_for():
    assert error_text(ValueError("two\nlines")) == "ValueError: two lines"
    assert error_text(ShortVector("x"), ERRORS) == "ShortVector (InvalidShape): x"


def test_the_line_of_a_module_is_read():
    module = SimpleNamespace(ERRORS={"ShapeProblem": "InvalidShape", "Missing": ["InvalidShape", "UnknownTensor"]})
    read = {"ShapeProblem": ("InvalidShape",), "Missing": ("InvalidShape", "UnknownTensor")}
    assert ModuleSubject("my.engine", module).errors() == read
    assert ModuleSubject("my.engine", SimpleNamespace()).errors() == Reference().errors() == {}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["InvalidShape"], """ERRORS is ['InvalidShape'], expected {"MyError": "InvalidShape"}"""),
        ({ValueError: "InvalidShape"}, "ERRORS names <class 'ValueError'>, expected the name of a class, in quotes"),
        ({"my.Error": "InvalidShape"}, "ERRORS names 'my.Error', expected the name of a class, in quotes"),
        ({"Exception": "InvalidShape"}, "ERRORS names 'Exception', which every error is; name the classes"),
        ({"Mine": ""}, "ERRORS['Mine'] is '', expected the name of an error in a contract, or a list of names"),
        ({"Mine": []}, "ERRORS['Mine'] is [], expected"),
        ({"Mine": ValueError}, "ERRORS['Mine'] is <class 'ValueError'>, expected"),
    ],
)
def test_a_mistake_in_it_is_one_line(said, told):
    with pytest.raises(HandledError) as refused:
        checked_errors("my.engine", said)
    assert str(refused.value).startswith(f"subject 'my.engine': {told}") and "\n" not in str(refused.value)
