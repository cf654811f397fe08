"""What claims may give to a subject, and what they get."""

from dataclasses import replace

import pytest

from harness.findings import Refused
from harness.language.dtypes import DTYPES, INPUT
from tests.harness.program.check.conftest import SECTIONS

BLOCKS = "look(role=role, block={}).stacked == stacked"


def test_arguments_carry_names_or_types(program):
    look = program().scope.subjects["look"]
    assert look.arguments == {"role": "text", "block": "integer"}
    assert program().scope.subjects["read"].arguments == {"file": "file"}


def test_results_are_marked_as_observed(program):
    returns = program().scope.subjects["look"].returns
    assert {name: str(kind) for name, kind in returns.items()} == {
        "name": "text", "names": "list of texts", "blocks": "integer number", "stacked": "truth value",
    }  # fmt: skip
    assert all(kind.observed for kind in returns.values())
    read = program().scope.subjects["read"].returns
    assert (str(read["values"]), str(read["layer"])) == ("real[count]", "integer number")


@pytest.mark.parametrize(
    "claim",
    [
        "look(role='gate', block=1).name == 'gate'",
        "look(role='gate', block=layer).name != fill('{n}', n=layer)",
        "look(role='gate', block=1).names == texts('gate.weight')",
        "look(role='gate', block=1).stacked and contains(look(role='gate', block=1).names, 'gate')",
        "not look(role='gate', block=1).stacked",
        "look(role='gate', block=1).blocks == 8",
        "distinct(look(role='gate', block=1).names)",
        "first(look(role='gate', block=1).names) == ''",
        "close(read(file=file).values, values)",
        "identical(read(file=patch(file, 0, 1, 1)).values, values)",
        "read(file=write(layer=3).file).layer == 3",
        "identical(write(values=read().values).file, file)",
        "close(read().values, values(x=2 * x))",
    ],
)
def test_a_sound_claim(program, claim):
    assert program(f'claim: "{claim}"').falsifiers[-1].claim


@pytest.mark.parametrize(
    "claim, said",
    [
        ("look(role='gate').stacked", r"look\(\) needs block in `.*`; expected look\(block=...\)"),
        ("look(role=1, block=1).stacked", "role is given something of another type in `1`; expected text, got integer"),
        ("look(role='gate', block='1').stacked", "block is given something of another type"),
        ("look(role=texts('gate'), block=1).stacked", "role is given something of another type"),
        ("look(role='gate', block=1).name < 'gate'", "texts are equal or not"),
        ("look(role='gate', block=1).name == 1", "cannot be compared"),
        ("close(look(role='gate', block=1).name, 'gate')", "text where a real array is needed"),
        ("identical(look(role='gate', block=1).name, 'gate')", "identical compares arrays"),
        ("look(role='gate', block=1).name", "this is not a claim"),
        ("look(role='gate', block=1).blocks", "this is not a claim"),
        ("read(file=x).layer == layer", "file is given something of another type"),
        ("read(file=file[1:]).layer == layer", "file is given something of another type"),
        ("identical(write(values=x[1:]).file, file)", "values is given something of another type"),
    ],
)
def test_an_unsound_claim(program, claim, said):
    with pytest.raises(Refused, match=said):
        program(f'claim: "{claim}"')


def test_an_equation_as_argument_gives_what_is_below_it(program):
    assert program().scope.subjects["read"].arguments == {"file": "file"}, "values needs x, and file has it"
    bare = """{read: {arguments: {layer: layer}, returns: {values: values}}}"""
    with pytest.raises(Refused, match="values depends on 'x', which is not an argument; add x to its arguments"):
        program(subjects=bare, tables="{}", claims=("claim: 'finite(read().values)'",), equations="{values: 1 * x}")


def test_typed_results_have_no_reference(program):
    assert not program().has_reference
    assert "file" in program().depends, "equations are still there for the bounds"


def test_a_type_that_may_be_no_result_is_told(program, monkeypatch):
    sections = {"inputs": "{x: {dtype: f32, shape: [count]}, codes: {dtype: u16, shape: [count]}}"}
    subjects = SECTIONS["subjects"].replace("values: x}, returns: {", "values: x, c: codes}, returns: {c: kept, ")
    sections |= {"equations": SECTIONS["equations"][:-1] + ", kept: 'codes[:]'}", "subjects": subjects}
    assert program(**sections).scope.subjects["write"].returns["c"].dtype == "u16"
    stored = replace(DTYPES["u16"], places=(INPUT,))
    monkeypatch.setitem(DTYPES, "u16", stored)
    with pytest.raises(Refused, match="subject write: returns c as u16; expected one of f32, f64, bf16"):
        program(**sections)
