"""Ranges, and what a falsifier narrows."""

import pytest

from harness.contract.domains import givens, ranges
from harness.contract.spans import loads


def root(given, least=1, most=8):
    return loads(
        f"dimensions: {{rows: {{min: {least}, max: {most}}}}}\ninputs: {{x: {{dtype: [f32, q]}}}}\n"
        f"falsification_tests: [{{given: {given}}}]\n",
        "c.yaml",
    )


@pytest.mark.parametrize(
    "given",
    [
        "{}",
        "{rows: 3}",
        "{rows: {min: 3}}",
        "{rows: {min: 3, max: 3}}",
        "{rows: {min: 3, max: top}}",
        "{rows: {values: [1]}}",
        "{x: {values: zeros, not: [large], dtype: q}}",
    ],
)
def test_good(given):
    assert not [*ranges(root(given)), *givens(root(given))]


@pytest.mark.parametrize(
    "given",
    [
        "{y1: 3}",
        "{rows: {dtype: q}}",
        "{rows: {values: zeros}}",
        "{rows: {max: 3, values: [1]}}",
        "{x: {dtype: i8}}",
    ],
)
def test_bad(given):
    assert list(givens(root(given)))


def test_only_literal_ranges_are_judged():
    assert list(ranges(root("{}", least=9)))
    assert not list(ranges(root("{}", least=9, most="top")))
