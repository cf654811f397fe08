"""Tables: cells, columns as names, and the rows that are run; mistakes: tests/harness/contract/unsound/tables.yaml."""

import pytest

from harness.contract.read import read_contract
from harness.findings import Refused
from harness.language.infer import TYPED
from harness.language.sizes import Range, Size
from harness.program.check import check
from harness.program.check.tables import FITS, check_cells, fits, rows_of

LOOK = "claim: 'look(role=role, block=0).names == names', over: [roles]"


def table(rows: str, columns: str = "{role: text, names: texts, blocks: integer, stacked: truth}") -> str:
    return f"{{roles: {{columns: {columns}, rows: {rows}}}}}"


def test_every_type_of_a_column_has_its_test_and_its_type():
    assert set(FITS) == set(TYPED)


@pytest.mark.parametrize(
    "kind, fitting, other",
    [
        ("text", "a", ["a"]),
        ("texts", ["a"], "a"),
        ("texts", [], ()),
        ("integer", 3, True),
        ("integer", -1, 1.5),
        ("truth", False, 0),
    ],
)
def test_cells(kind, fitting, other):
    assert FITS[kind](fitting) and not FITS[kind](other)


@pytest.mark.parametrize(
    "rows, said",
    [
        ("[[norm, [a], 1, true], [gate, [a], 2, true]]", []),
        ("[[norm, [a], 1]]", ["table roles: a row of the wrong length"]),
        ("[[norm, a, 1, true]]", ["table roles: column names holds a value of another type"]),
        ("[[norm, [a], '1', 0]]", ["table roles: column blocks holds a value of another type",
                                  "table roles: column stacked holds a value of another type"]),
        ("[[norm, [a], 1, true], [norm, [a], 1, true]]", ["table roles: the same row twice"]),
    ],
)  # fmt: skip
def test_rows_hold_what_the_columns_say(checker, rows, said):
    one = checker(tables=table(rows))
    check_cells(one, one.contract.tables["roles"])
    assert [finding.message for finding in one.findings] == said


def test_a_finding_stands_at_its_row(checker):
    one = checker(tables=table("[[norm, [a], 1, true], [gate, b, 2, true]]"))
    check_cells(one, one.contract.tables["roles"])
    assert one.findings[0].place == one.at("tables", "roles", "rows", 1)


def test_an_integer_column_has_a_range(program):
    scope = program(LOOK).falsifiers[-1].scope
    assert scope.ranges["blocks"] == Range(Size.of(1), Size.of(8))
    assert "blocks" not in program().scope.ranges


def test_an_integer_column_is_an_index_where_it_fits(program):
    claim = "claim: 'read().values[{}] == look(role=role, block=0).blocks', over: [roles], given: {{count: 4}}"
    inside = table("[[norm, [a], 0, true], [gate, [a], 3, true]]")
    assert program(claim.format("blocks"), tables=inside)
    with pytest.raises(Refused, match="the index may lie outside its axis"):
        program(claim.format("blocks + 1"), tables=inside)


@pytest.mark.parametrize(
    "rule, said",
    [
        ("over: [rolls]", "over names an unknown table 'rolls'; did you mean 'roles'?"),
        ("over: [roles], for_each: {role: [a]}", "column 'role' of roles is already defined; rename it"),
    ],
)
def test_what_cannot_be_enumerated(program, rule, said):
    with pytest.raises(Refused) as refused:
        program(f"claim: 'look(role=role, block=0).names == names', {rule}")
    assert said in str(refused.value)


def test_a_column_is_no_other_name(program):
    with pytest.raises(Refused, match="column 'layer' of roles is already defined"):
        program(LOOK, tables=table("[[norm, 1]]", "{role: text, layer: integer}"), claims=())


def test_a_table_that_a_claim_does_not_use(program):
    with pytest.raises(Refused, match="over enumerates 'roles', which the claim does not use"):
        program("claim: 'look(role=\"a\", block=0).stacked', over: [roles]")


def test_every_combination_is_one_row(contract):
    roles = "roles: {columns: {role: text}, rows: [[a], [b]]}"
    kinds = "kinds: {columns: {kind: text, size: integer}, rows: [[k, 1], [l, 2], [m, 3]]}"
    one = contract("claim: c, for_each: {t: [1, 2]}, over: [roles, kinds]", tables=f"{{{roles}, {kinds}}}")
    rows = rows_of(one.falsifiers[-1], one.tables)
    assert len(rows) == len({repr(row) for row in rows}) == 12
    assert rows[0] == {"t": 1, "role": "a", "kind": "k", "size": 1}
    assert rows[-1] == {"t": 2, "role": "b", "kind": "m", "size": 3}


# --- for_each -----------------------------------------------------------------------------------------------------


def test_values_are_names_of_the_claim_alone(program):
    whole = program("claim: 'look(role=r, block=t).name == r', for_each: {t: [1, 3], r: [norm, gate]}")
    scope = whole.falsifiers[-1].scope
    assert scope.ranges["t"] == Range(Size.of(1), Size.of(3))
    assert str(scope.names["r"]) == "text", "which text is known when a row is run"
    assert "t" not in whole.scope.names


def test_a_value_may_index_only_where_it_fits(program):
    claim = "claim: 'read().values[t] == values[t]', for_each: {{t: [0, {}]}}, given: {{count: 2}}"
    program(claim.format(1))
    with pytest.raises(Refused, match="index may lie outside"):
        program(claim.format(2))


@pytest.mark.parametrize(
    "values, said",
    [
        ("{t: [1, a]}", "for_each mixes numbers and texts for t; expected one kind of value, got 1, 'a'"),
        ("{count: [1]}", "for_each gives 'count' another meaning"),
        ("{look: [1]}", "for_each gives 'look' another meaning"),
        ("{sum: [1]}", "for_each gives 'sum' another meaning"),
        ("{close: [1]}", "for_each gives 'close' another meaning"),
    ],
)
def test_values_that_mean_nothing(program, values, said):
    with pytest.raises(Refused) as refused:
        program(f"claim: 'read().layer == t', for_each: {values}")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "dtype, fitting, others",
    [("u8", (0, 255), (-1, 256, 1.0, True, "1")), ("i8", (-128, 127), (-129, 128)),
     ("u16", (0, 65535), (-1, 65536)), ("i32", (-(2**31), 2**31 - 1), (2**31,))],
)  # fmt: skip
def test_a_column_of_a_dtype_holds_its_integers(dtype, fitting, others):
    assert all(fits(cell, dtype) for cell in fitting)
    assert not any(fits(cell, dtype) for cell in others)


def test_a_column_of_a_dtype_is_an_integer_with_a_range(program):
    tables = "{roles: {columns: {role: text, names: texts, blocks: u16}, rows: [[a, [], 3], [b, [], 65535]]}}"
    scope = program(LOOK, tables=tables).falsifiers[-1].scope
    assert scope.ranges["blocks"] == Range(Size.of(3), Size.of(65535))


def test_a_cell_beyond_its_dtype_is_told(checker):
    one = checker(tables="{roles: {columns: {blocks: u16}, rows: [[65535], [65536]]}}")
    check_cells(one, one.contract.tables["roles"])
    assert [str(found).partition(": ")[2] for found in one.findings] == [
        "table roles: column blocks holds a value of another type; expected a u16, got 65536"
    ]


RAGGED = """
metadata: {id: ragged, version: 1.0.0, lifecycle: draft, title: t, references: [a]}
tables:
  pairs:
    columns: {a: integer, b: integer}
    rows: [[1]]
subjects:
  f: {arguments: {a: integer}, returns: {key: text}}
proof_obligations:
  - {id: P-ONE, type: equivalence, property: p}
falsification_tests:
  - {id: FALSIFY-P-001, discharges: [P-ONE], rule: r, over: [pairs], claim: f(a=a).key == "x", if_fails: i}
"""


def test_a_column_that_no_row_has_is_told_with_the_row(tmp_path):
    path = tmp_path / "ragged-v1.yaml"
    path.write_text(RAGGED)
    with pytest.raises(Refused) as refused:
        check(read_contract(path), {})
    told = f"{path}:6:12: table pairs: a row of the wrong length; expected 2 cells, got 1"
    assert str(refused.value) == told
