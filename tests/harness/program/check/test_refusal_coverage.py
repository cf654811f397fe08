"""Which claim asks for which refusal."""

import pytest

from harness.findings import Refused

LOOK = "look(role='none', block=1)"
REFUSES = """
  - {subject: look, error: NotFound, message: no such role}
  - {subject: read, when: "len(file) != 2 + 4 * count", error: WrongLength, message: "{len(file)} bytes"}
"""
NAMED, CUT = f'''claim: "raises({LOOK}, 'NotFound')"''', 'claim: "raises(read(file=file[:-1]))"'


def test_a_condition_is_asked_for_by_what_it_reads(program):
    assert len(program(NAMED, CUT, refuses=REFUSES).refusals) == 2


@pytest.mark.parametrize("words", ["'NotFound'", "'NotFound', 'such role'"])
def test_an_entry_without_a_condition_is_asked_for_by_name(program, words):
    assert program(f'claim: "raises({LOOK}, {words})"', CUT, refuses=REFUSES)


def test_a_column_may_name_the_error(program):
    table = "{roles: {columns: {role: text, names: texts, error: text}, rows: [[norm, [], NotFound]]}}"
    claim = "claim: 'raises(look(role=role, block=0), error)', over: [roles]"
    assert program(claim, CUT, refuses=REFUSES, tables=table).refusals


@pytest.mark.parametrize(
    "claim, said",
    [
        (f"raises({LOOK})", "`refuses` has no entry for raises(look(role='none', block=1))"),
        (f"raises({LOOK}, 'NotFond')", "`refuses` has no entry for"),
        (f"raises({LOOK}, 'NotFound', 'other')", "`refuses` has no entry for"),
        (f"not {LOOK}.stacked", "no falsifier provokes this refusal of look"),
    ],
)
def test_not_asked_for(program, claim, said):
    with pytest.raises(Refused) as refused:
        program(f'claim: "{claim}"', CUT, refuses=REFUSES)
    assert said in str(refused.value)
    assert len(refused.value.findings) == 1


def test_a_claim_of_another_subject_does_not_help(program):
    with pytest.raises(Refused, match="no falsifier provokes this refusal of read"):
        program(NAMED, refuses=REFUSES)


@pytest.mark.parametrize("refused", ["raises(read(data=file), 'WrongLength')", "raises()", "raises(reed())"])
def test_a_claim_that_is_none_beside_another_mistake(program, refused):
    """The claim has no type where an equation that it names has none: what else is wrong with it is not told yet."""
    broken = "{file: 'concat(le(layer, 1), le(count, 1), bytes_of(x))', values: 'le(1, 2, 3) * x'}"
    claim = f'claim: "identical(read().values, values) and {refused}"'
    with pytest.raises(Refused, match=r"le\(value, width\) with 3 arguments"):
        program(NAMED, CUT, claim, refuses=REFUSES, equations=broken)
