"""The types of recurrences: one axis of steps in front of the state, and names that have a meaning in a step alone."""

from dataclasses import replace

import pytest

from harness.language import types as T
from harness.language.infer import TypeRefused, infer
from harness.language.infer.recurrences import MOST_STEPS
from harness.language.sizes import Range, Size
from harness.language.syntax import parse, spell
from tests.harness.language.infer.conftest import SCOPE


@pytest.mark.parametrize(
    "text, said",
    [
        ("scan(s + x[i], i=n, s=0)", "real[n]"),
        ("scan(w[i] * s + x, i=n, s=x)", "real[n, n]"),
        ("scan(s, i=n - 1, s=x)", "real[n - 1, n]"),
        ("scan(s + i, i=k, s=1)", "integer[k]"),
        ("scan(s + x[i], i=k, s=1)", "real[k]"),  # x has n entries, k of them at most are read
        ("scan(s > x[i], i=n, s=x[0] > 1)[-1]", "mismatch"),
        ("scan(x[i] > 0, i=n, s=x[0] > 1)", "truth[n]"),
        ("scan(w @ h, sum(h) * c, i=n, h=x, c=0)", "real[n]"),
        ("scan(c * h, sum(h), i=n, h=x, c=0)", "real[n]"),
        ("scan(s + 1, i=n, s=x)[-1] @ x", "real number"),
    ],
)
def test_one_axis_of_steps(typed, text, said):
    if said == "mismatch":
        with pytest.raises(TypeRefused):
            typed(text)
    else:
        assert str(typed(text)) == said


@pytest.mark.parametrize(
    "text, part, said",
    [
        ("scan(x, i=n, s=0)", "x", "the next s has another shape"),
        ("scan(s > 0, i=n, s=x)", "scan(s > 0, i=n, s=x)", "a state of another kind"),
        ("scan(s + x[i + 1], i=n, s=0)", "i + 1", "not known to lie in their axis"),
        ("scan(s, i=x, s=0)", "scan(s, i=x, s=0)", "the number of steps must follow from the dimensions"),
        ("scan(s, i=n - 2, s=0)", "scan(s, i=n - 2, s=0)", "the number of steps may be negative"),
        ("scan(s, i=n * 1000, s=0)", "scan(s, i=n * 1000, s=0)", "too many steps"),
        ("scan(s, x=n, s=0)", "scan(s, x=n, s=0)", "'x' has a meaning in this contract already"),
        ("scan(s, i=n, rank=0)", "scan(s, i=n, rank=0)", "'rank' has a meaning in this contract already"),
        ("scan(scan(r, j=n, r=s)[0], i=n, s=0)", "scan(r, j=n, r=s)", "steps within a step"),
        ("scan(sum(rank().best), i=n, s=0)", "rank()", "a step of a recurrence calls no subject"),
        ("scan(s, i=n, s=t)", "t", "is no state"),
        ("scan(s, i=n, s=0) + i", "i", "unknown name 'i'"),
    ],
)
def test_what_does_not_fit(refused, text, part, said):
    where, message = refused(text)
    assert where == part and said in message


def test_a_step_goes_through_no_other_recurrence():
    scope = replace(SCOPE, recurrent=frozenset({"best"}))
    infer(parse("scan(s + best[0], i=n, s=0)"), scope)  # its value is there already
    with pytest.raises(TypeRefused, match="best is made of a recurrence") as caught:
        infer(parse("scan(sum(best(x=x)), i=n, s=0)"), scope)
    assert spell(caught.value.node) == "best(x=x)"


def test_as_many_steps_as_the_limit_and_no_more():
    for most in (MOST_STEPS, MOST_STEPS + 1):
        scope = replace(SCOPE, ranges={**SCOPE.ranges, "n": Range(Size.of(1), Size.of(most))})
        if most == MOST_STEPS:
            infer(parse("scan(s + 1, i=n, s=0)"), scope)
            continue
        with pytest.raises(TypeRefused) as caught:
            infer(parse("scan(s + 1, i=n, s=0)"), scope)
        assert caught.value.mismatch.expected == f"at most {MOST_STEPS}"


def test_a_number_format_that_the_state_keeps(typed):
    narrow = T.Array("real", (Size.of("n"),), dtype="bf16")
    scope = replace(SCOPE, names={**SCOPE.names, "b": narrow})
    assert infer(parse("scan(stored(s + x, bf16), i=n, s=b)"), scope).dtype == "bf16"
    assert (
        infer(parse("scan(stored(s + x, bf16), i=n, s=x)"), scope).dtype == "bf16"
    )  # x itself is no state after a step
    assert infer(parse("scan(s + x, i=n, s=b)"), scope).dtype == ""
