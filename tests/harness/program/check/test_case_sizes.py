import pytest

from harness.findings import Refused

READS = "claim: 'identical(read().values, values)'"


def refused(program, **sections):
    with pytest.raises(Refused) as error:
        program(**sections)
    (line,) = str(error.value).splitlines()
    return line


def test_dimensions_whose_arrays_no_machine_holds(program):
    told = refused(program, dimensions="{count: {min: 1, max: 4611686018427387904}, layer: {min: 0, max: 9}}")
    assert "a case may be too large, equation" in told and "expected at most 1 GiB, got up to " in told
    assert told.endswith("give its dimensions a smaller max, here or in `given`")


def test_every_axis_counts(program):
    told = refused(
        program,
        dimensions="{count: {min: 1, max: 60000}, layer: {min: 0, max: 9}}",
        inputs="{x: {dtype: f32, shape: [count]}, m: {dtype: f32, shape: [count, count]}}",
        equations="{file: 'concat(le(layer, 1), le(count, 1), bytes_of(x))', values: m @ x}",
        subjects=SUBJECTS,
    )
    assert "names.yaml:3:43" in told and "input m above all" in told


def test_what_an_equation_makes_in_between_counts_whatever_the_dimensions_are(program):
    told = refused(
        program,
        equations="{file: 'concat(le(layer, 1), le(count, 1), bytes_of(x))', values: x * sum(arange(1000000000))}",
    )
    assert "equation values above all" in told and "got up to 7.451 GiB" in told


def test_given_may_keep_the_cases_small(program):
    dimensions = "{count: {min: 1, max: 1000000000}, layer: {min: 0, max: 9}}"
    small = tuple(f"claim: '{claim}', given: {{count: {{max: 9}}}}" for claim in (
        "identical(write().file, file)", "identical(read().values, values)", "read().layer == layer"))  # fmt: skip
    assert program(
        "claim: 'look(role=role, block=0).names == names', over: [roles]", claims=small, dimensions=dimensions
    )


def test_where_may_keep_the_cases_small(program):
    claims = tuple(f"claim: '{claim}', where: count < 9" for claim in (
        "identical(write().file, file)", "identical(read().values, values)", "read().layer == layer"))  # fmt: skip
    look = "claim: 'look(role=role, block=0).names == names', over: [roles]"
    assert program(look, claims=claims, dimensions="{count: {min: 1, max: 1000000000}, layer: {min: 0, max: 9}}")
    told = refused(lambda **sections: program(look, claims=claims, **sections),
                   dimensions="{count: {min: 999999999, max: 1000000000}, layer: {min: 0, max: 9}}")  # fmt: skip
    assert "a case may be too large" in told


SUBJECTS = """
  look:
    arguments: {role: text, block: integer}
    returns: {name: text, names: texts, blocks: integer, stacked: truth}
  write: {arguments: {layer: layer, values: x, m: m}, returns: {file: file}}
  read: {arguments: {file: file, m: m}, returns: {layer: integer, values: values}}
"""
