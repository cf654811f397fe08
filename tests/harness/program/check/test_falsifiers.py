"""Claims, conditions and rows of one falsifier."""

import pytest

from harness.findings import Refused

LOOK = "'look(role=role, block=0).names == names'"


def test_a_falsifier_without_tables_is_run_once(program):
    assert program().falsifiers[1].rows == ({},)


def test_columns_are_known_to_the_claim_alone(program):
    whole = program()
    assert str(whole.falsifiers[0].scope.names["names"]) == "list of texts"
    assert "names" not in whole.scope.names


@pytest.mark.parametrize(
    "where",
    ["stacked", "not stacked and blocks > 1", "role != 'norm'", "contains(names, 'ln.weight')", "blocks > layer",
     "len(names) == 1", "first(names) == fill('{n}', n=layer)"],
)  # fmt: skip
def test_where_reads_columns_and_dimensions(program, where):
    falsifier = program(f'claim: {LOOK}, over: [roles], where: "{where}"').falsifiers[-1]
    assert falsifier.where is not None and len(falsifier.rows) == 2


@pytest.mark.parametrize(
    "where, said",
    [
        ("role", "FALSIFY-NAMES-004: where is not a condition; expected one truth value, got text"),
        ("blocks", "FALSIFY-NAMES-004: where is not a condition; expected one truth value, got integer"),
        ("role < 'norm'", "FALSIFY-NAMES-004: where: texts are equal or not; < says nothing"),
        ("stacked and all(x > 0)", "FALSIFY-NAMES-004: where is decided before arrays are drawn"),
        ("blocks == len(file)", "FALSIFY-NAMES-004: where is decided before arrays are drawn"),
        ("look(role=role, block=0).stacked", "FALSIFY-NAMES-004: where is decided before arrays are drawn"),
        ("rows > 1", "FALSIFY-NAMES-004: where: unknown name 'rows'"),
    ],
)
def test_what_where_may_not_read(program, where, said):
    with pytest.raises(Refused) as refused:
        program(f'claim: {LOOK}, over: [roles], where: "{where}"')
    assert said in str(refused.value)
    assert len(refused.value.findings) == 1


def test_a_claim_about_the_table_alone_cannot_fail(program):
    with pytest.raises(Refused, match="the claim calls no subject, so it cannot fail"):
        program("claim: 'contains(names, role)', over: [roles]")


def test_values_and_rows_combine(program):
    claim = "claim: 'look(role=role, block=b).blocks == blocks', for_each: {b: [0, 3, 47]}, over: [roles]"
    rows = program(claim).falsifiers[-1].rows
    assert [(row["b"], row["role"]) for row in rows] == [(b, role) for b in (0, 3, 47) for role in ("norm", "gate")]


def test_accurate_claims_ask_for_condition_numbers(program):
    accurate = [part.accurate for part in program("claim: 'accurate(read().values, values, 2)'").falsifiers]
    assert accurate == [False, False, False, True]
    (*_, promised) = program("claim: 'accurate(read().values, values)'").falsifiers
    assert promised.probable and not promised.accurate
