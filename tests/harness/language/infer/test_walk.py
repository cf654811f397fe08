"""Types of whole expressions in their scope; shapes are held against what NumPy really returns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact
from harness.language.infer import infer
from harness.language.single import Single
from harness.language.syntax import parse
from harness.language.undecided import Undecided


@given(st.data())
def test_the_inferred_shape_is_the_shape_at_run_time(well_typed, data):
    case = data.draw(well_typed)
    node = parse(case.text)
    kind = infer(node, case.scope)
    assert [str(size) for size in kind.shape] == list(case.shape)
    shape = tuple(case.dimensions[d] for d in case.shape)
    for domain in (Single(), Exact(float32())):
        try:
            value = evaluate(node, Bindings(domain, {}, {}, case.given))
        except Undecided:
            continue
        assert np.shape(getattr(value, "v", value)) == shape, (case.text, domain)


@pytest.mark.parametrize(
    "text, part, said",
    [
        ("1 + (scor + 1)", "scor", "unknown name 'scor'"),
        ("x + rank", "rank", "is a subject"),
        ("x + sum", "sum", "is a function"),
        ("rank().bets", "rank().bets", "returns no 'bets'"),
        ("relu(x).best", "relu(x).best", "has no .best"),
    ],
)
def test_the_innermost_part_is_blamed(refused, text, part, said):
    blamed, message = refused(text)
    assert blamed == part
    assert said in message
