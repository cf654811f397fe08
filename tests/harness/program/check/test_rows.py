import pytest

from harness.findings import Refused
from harness.program.limits import MOST_ROWS

CLAIM = "claim: 'a + b + c + d >= read().layer - 9', for_each: {{{}}}"


def product(count, *names):
    numbers = ", ".join(map(str, range(count)))
    return CLAIM.format(", ".join(f"{name}: [{numbers}]" for name in names))


def table(rows):
    return f"{{numbers: {{columns: {{e: integer}}, rows: {[[row] for row in range(rows)]}}}}}"


def test_a_product_beyond_the_limit_is_refused_before_it_is_made(program):
    with pytest.raises(Refused) as refused:
        program(product(60, *"abcd"))
    assert "FALSIFY-NAMES-004: too many rows to enumerate; expected at most 100000 in a contract" in str(refused.value)
    assert "60 x 60 x 60 x 60 = 12960000, and 2 of falsifiers before it; draw some of them as dimensions" in str(
        refused.value
    )


def test_up_to_the_limit_all_rows_are_there(program):
    assert MOST_ROWS == 10**5
    summed = product(10, *"abcd").replace("a + b", "e + a + b") + ", over: [numbers]"
    claims = (summed, "claim: 'identical(write().file, file)'")
    made = program(claims=claims, tables=table(10), subjects=TWO)
    assert len(made.falsifiers[0].rows) == MOST_ROWS
    with pytest.raises(Refused, match="100000 in a contract, got 10 x 10 x 10 x 10 x 11 = 110000"):
        program(claims=claims, tables=table(11), subjects=TWO)


TWO = """
  write: {arguments: {layer: layer, values: x}, returns: {file: file}}
  read: {arguments: {file: file}, returns: {layer: integer, values: values}}
"""


def test_falsifiers_share_the_limit(program):
    with pytest.raises(
        Refused, match=r"FALSIFY-NAMES-005.*got 60 x 60 x 20 x 1 = 72000, and 72002 of falsifiers before"
    ):
        program(*[CLAIM.format(sizes) for sizes in [values((60, 60, 20, 1))] * 2])


def values(counts):
    return ", ".join(
        f"{name}: [{', '.join(map(str, range(count)))}]" for name, count in zip("abcd", counts, strict=True)
    )
