"""What is said, to the last space."""

from harness.contract.spans import loads
from harness.gate.exact import exact_text


def said(text):
    return exact_text(loads(text, "c.yaml").plain())


def test_spaces_at_the_ends_of_texts_are_part_of_them():
    assert said("rows: [['', 1]]") != said("rows: [[' ', 1]]")
    assert said("a: ' b'") != said("a: b")


def test_how_yaml_is_spelled_is_not():
    assert said("a: >\n  b\n  c\n") == said("a: 'b c'") == said('{"a": "b c"} # why')
    assert said("{a: 1, b: 2}") == said("{b: 2, a: 1}")


def test_cells_and_loops_are_data_to_the_last_line_break():
    table = "tables: {t: {columns: {a: text}, rows: [[%s]]}}"
    assert said(table % '"b\\n"') != said(table % "b")
    assert said('for_each: {a: ["b\\n"]}') != said("for_each: {a: [b]}")
    assert said(table % "1") != said(table % "true") != said(table % '"true"')


def test_the_order_of_columns_is_that_of_cells():
    table = "tables: {t: {columns: {%s}, rows: [[b, c]]}}"
    assert said(table % "x: text, y: text") != said(table % "y: text, x: text")
    assert said("dimensions: {columns: {min: 1, max: 2}}") == said("dimensions: {columns: {max: 2, min: 1}}")


def test_the_order_of_equations_is():
    assert said("equations: {a: x, b: x}") != said("equations: {b: x, a: x}")
    assert said("dimensions: {a: 1, b: 2}") == said("dimensions: {b: 2, a: 1}")
