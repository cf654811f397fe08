"""What a rule takes of the sizes beyond the ranges, against cases that are written down."""

import pytest

from harness.contract.spans import loads
from harness.gate.comparison import EvaluationResult
from harness.gate.diff.sized_cases import with_sizes

ROOT = loads("""
dimensions: {n: {min: 1, max: 60}, m: {min: 1, max: 4}, k: {min: 1, max: n}}
sizes: [{n: 128}]
tables: {t: {columns: {kind: text, at: integer}, rows: [[a, 100], [b, 200]]}}
""", "c.yaml")  # fmt: skip


def rule(text):
    return loads(f"{{{text}}}", "c.yaml")


@pytest.mark.parametrize(
    ("old", "new", "relation"),
    [
        ("", "given: {n: {max: 60}}", "narrowed"),
        ("", "given: {n: {max: 128}}", "respelled"),
        ("given: {n: {max: 127}}", "given: {n: {max: 200}}", "widened"),
        ("given: {n: {min: 1}}", "given: {n: {values: [8, 128]}}", "respelled"),
        ("", "where: n <= 60", "narrowed"),
        ("", "where: n * m < 512", "narrowed"),
        ("", "where: n * m <= 512", "respelled"),
        ("where: n * m == 512", "where: m == 4", "respelled"),
        ("where: m == 1", "where: m < 2", "respelled"),
        ("", "where: k <= 60", "narrowed"),
        ("where: n < 128", "where: n > 100", "widened"),
        ("where: m == 3 or n < 100", "where: m == 4 or n < 100", "incomparable"),
        ("over: [t]", "over: [t], where: n < at", "narrowed"),
        ("over: [t], where: at < n", "over: [t], where: at < 128", "respelled"),
        ("over: [t], where: n < at", "over: [t], where: kind == 'b'", "respelled"),
        ("for_each: {i: [1, 2]}, where: i < n", "for_each: {i: [1, 2]}, where: i * 64 < n", "narrowed"),
        ("where: n < 64", "where: n < 65", "respelled"),
    ],
)
def test_the_cases_of_a_size(old, new, relation):
    assert with_sizes(ROOT, rule(old), rule(new), EvaluationResult("respelled", "", 7)).relation == relation


def test_what_was_found_within_the_ranges_stays():
    narrowed = EvaluationResult("narrowed", "within the ranges", 7)
    assert with_sizes(ROOT, rule(""), rule("given: {m: {max: 2}}"), narrowed) is narrowed
    assert with_sizes(ROOT, rule("where: n < 9"), rule("where: n > 99"), narrowed).relation == "incomparable"
    open_ = EvaluationResult("undecidable", "", 7)
    assert with_sizes(ROOT, rule(""), rule("given: {n: {max: 60}}"), open_) is open_


def test_an_example_and_too_many_cases():
    found = with_sizes(ROOT, rule(""), rule("given: {n: {max: 60}}"), EvaluationResult("respelled", "", 7))
    assert found == EvaluationResult("narrowed", "cases of the contract's sizes changed\nno longer: n = 128", 7)
    many = loads("dimensions: {n: {min: 1, max: 9}, m: {min: 1, max: 40000}}\nsizes: [{n: 128}]", "c.yaml")
    found = with_sizes(many, rule(""), rule("where: n * m > 0"), EvaluationResult("respelled", "", 7))
    assert found == EvaluationResult("undecidable", "there are too many cases of the size {'n': 128}", 7)
