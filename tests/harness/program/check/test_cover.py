"""Situations that a falsifier must meet. What can be wrong with one: tests/harness/contract/unsound/cover.yaml."""

import pytest

from harness.findings import Refused
from harness.language.syntax import parse
from harness.program.check.checker import Checker
from harness.program.check.cover import check_covered_inputs
from harness.program.model import CoverProgram

READ = "claim: 'identical(read().values, values)'"
LOOK = "claim: 'look(role=role, block=0).names == names', over: [roles]"
COVERED = {
    "a dimension": (READ, "count == 4"),
    "an input": (READ, "all(x == 0)"),
    "an equation": (READ, "any(values > 1) and layer > 0"),
    "a column": (LOOK, "stacked and blocks > 2"),
    "a text": (LOOK, "role == 'gate'"),
}


def covering(claim, *conditions):
    parts = ", ".join(f'{{situation: s{n}, when: "{when}", least: 0.25}}' for n, when in enumerate(conditions))
    return f"{claim}, cover: [{parts}]"


@pytest.mark.parametrize("name", COVERED)
def test_a_situation_is_made_of_what_a_case_draws(program, name):
    claim, when = COVERED[name]
    (*_, falsifier) = program(covering(claim, when)).falsifiers
    assert falsifier.cover == (CoverProgram("s0", parse(when), 0.25),)


def test_several_situations_keep_their_order(program):
    (*_, falsifier) = program(covering(READ, "count == 1", "layer == 0", "all(x == 0)")).falsifiers
    assert [part.situation for part in falsifier.cover] == ["s0", "s1", "s2"]


def test_without_any_there_are_none(program):
    assert [falsifier.cover for falsifier in program().falsifiers] == [(), (), ()]


def test_every_input_that_is_not_drawn_is_said_once(program, contract):
    also = covering(LOOK, "all(x == 0)", "all(values > 0) and all(x > 0)", "stacked")
    with pytest.raises(Refused) as refused:
        program(also)
    assert [finding.message.split(": ")[1] for finding in refused.value.findings] == [
        "cover s0 uses 'x', which is not drawn here", "cover s1 uses 'x', which is not drawn here",
    ]  # fmt: skip


def test_a_program_with_nothing_to_say_is_left_alone(program, contract):
    checked = program(covering(READ, "all(x == 0)"))
    checker = Checker(checked.contract)
    check_covered_inputs(checker, checked)
    assert checker.findings == []
