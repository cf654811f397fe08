"""What the check of a contract keeps of indices that take rows."""

from harness.language.sizes import Size
from harness.language.syntax import parse
from harness.program.model import Held
from tests.harness.program.large_result import with_claim


def test_indices_in_claims_and_equations_with_their_rows():
    plan = with_claim("close(head().out[sample], out[sample]) and close(head().out[:1], out[:1])").by_rows
    assert plan.indices[parse("out[sample]")] == Size.of("seen")
    assert plan.indices[parse("out[:1]")] == Size.of(1)


def test_every_equation_whose_rows_can_be_computed():
    program = with_claim()
    found = {name for name, node in program.equations.items() if node in program.by_rows.expressions}
    assert found == {"sample", "hidden", "out", "some"}  # `total` has no rows


def test_what_rows_of_an_equation_hold():
    program = with_claim()
    held = program.held_by_rows[program.equations["hidden"]]
    assert held.value == Held((Size.of("tokens"), Size.of("width")), 16, by_rows=True)


def test_of_an_expression_in_the_claim_its_rows_are_held():
    program = with_claim("close(head().out[sample], ((w + b) @ x)[sample])")
    assert parse("(w + b) @ x") in program.by_rows.expressions
    shapes = {held.shape for held in program.falsifiers[0].held.between}
    assert (Size.of("seen"), Size.of("width")) in shapes
    assert (Size.of("tokens"), Size.of("width")) not in shapes


def test_an_index_in_a_step_takes_no_rows():
    """It is evaluated in every step: what it is taken of is evaluated once."""
    program = with_claim("close(head().out[:1], scan(out[i], i=1, s=out[0])[:1])")
    indices = program.by_rows.indices
    assert parse("out[i]") not in indices and parse("out[0]") in indices
