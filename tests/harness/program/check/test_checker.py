"""Saying what is wrong, where, and once."""

import pytest

from harness.contract.model import Source
from harness.findings import Finding, Place
from harness.language import types as T
from harness.language.sizes import Size
from harness.program.check.checker import UNREAD, is_truth


def source(checker, equation: str = "values") -> Source:
    return checker.contract.equations[equation]


def test_a_place_is_that_of_a_name_or_of_an_item(checker):
    one = checker()
    lines = [one.at("equations", "file").line, one.at("equations", "values").line]
    assert lines[0] == lines[1] and one.at("equations", "file").column < one.at("equations", "values").column
    assert one.at("tables", "roles", "rows", 1).line == one.at("tables", "roles", "rows", 0).line + 1


def test_text_that_is_no_expression_is_said_once(checker):
    one = checker(equations="{file: 2 * x, values: 'x +'}")
    node = one.parse(source(one), "it")
    assert node == UNREAD
    assert one.type(node, source(one), "it", one.scope()) is None
    assert [finding.message for finding in one.findings] == ["it: not an expression: invalid syntax"]


def test_what_follows_from_a_reported_error_is_not_said_again(checker):
    one = checker()
    one.broken.add("x")
    assert one.type(one.parse(source(one), "it"), source(one), "it", one.scope()) is None
    assert one.findings == []


@pytest.mark.parametrize(
    "what, hint",
    [
        ("equation file", "it is declared below; declare it before it is used"),
        ("equation x", "a definition cannot use itself"),
    ],
)
def test_a_name_that_is_declared_later(checker, what, hint):
    one = checker()
    one.type(one.parse(source(one), what), source(one), what, one.scope())
    assert [(finding.message, finding.hint) for finding in one.findings] == [(f"{what}: unknown name 'x'", hint)]


def test_a_condition_is_one_truth_value(checker):
    one = checker(equations="{file: 2 * x, values: 2 * 3}")
    one.condition(one.parse(source(one), "it"), source(one), "it", "it is no condition", one.scope())
    assert [(finding.message, finding.got) for finding in one.findings] == [("it is no condition", "integer number")]


def test_use_reaches_everything_below(checker):
    one = checker()
    one.depends["values"] = frozenset({"x"})
    one.use("values")
    one.use("count")
    assert one.used == {"values", "x", "count"}


def test_a_finding_has_all_its_parts(checker):
    one = checker()
    one.say(Place("a", 1, 2), "wrong", "this", "that", "do so")
    assert one.findings == [Finding(Place("a", 1, 2), "wrong", "this", "that", "do so")]


def test_is_truth():
    assert is_truth(T.Array("bool"))
    assert not any(map(is_truth, (T.Array("bool", (Size.of("n"),)), T.Array("int"), T.Claim())))
