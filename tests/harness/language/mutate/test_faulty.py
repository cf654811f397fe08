import pytest

from harness.language.functions import FUNCTIONS
from harness.language.mutate.domains import (
    CONVERSIONS,
    ELEMENTWISE,
    OF_BLOCKS,
    OF_ORDER,
    PRODUCTS,
    RANKING,
    SCANS,
    SUMS,
)
from harness.language.mutate.faulty import STAND_IN, faulty, in_language, rebuilt
from harness.language.operators import BINARY
from harness.language.syntax import Name, Number, SyntaxRefused, parse, spell


def test_no_contract_can_spell_them():
    for name in STAND_IN:
        with pytest.raises(SyntaxRefused):
            parse(spell(faulty(name, Name("x"))))


def test_each_has_a_meaning_and_a_stand_in():
    moves = {"rolled", "column_major", "tiled"}
    made = {*ELEMENTWISE, *RANKING, *SCANS, *CONVERSIONS, *PRODUCTS, *SUMS, *OF_BLOCKS, *OF_ORDER, *moves}
    assert set(STAND_IN) - set(FUNCTIONS) == made - set(FUNCTIONS)
    assert {"floor", "ceil", "trunc"} <= set(STAND_IN) & set(FUNCTIONS)
    assert all(twin in {*FUNCTIONS, *BINARY} for twin in STAND_IN.values() if twin)


def test_stand_ins_give_the_type():
    assert spell(in_language(faulty("gelu", parse("x + 1")))) == "silu(x + 1)"
    assert spell(in_language(parse("2 * y"))) == "2 * y"
    assert spell(in_language(faulty("product_in", Name("m"), Name("x"), format="bf16"))) == "m @ x"
    nested = faulty("rolled", faulty("bf16", Name("x")), axis=-1)
    assert spell(in_language(nested)) == "stored(x)"


@pytest.mark.parametrize(
    "text", ["-x", "x + y * 2", "x < 1 and y > 2", "f(x, k=y)", "x[0, 1:n, ..., None]", "x[:n]", "route().out"]
)
def test_rebuilt_from_left_to_right(text):
    node, met = parse(text), []
    same = rebuilt(node, lambda part: met.append(part) or part)
    assert same == node
    assert [part.start for part in met] == sorted(part.start for part in met)


def test_every_direct_part_is_changed():
    node = rebuilt(parse("f(x, k=y)"), lambda part: Number(1))
    assert spell(node) == "f(1, k=1)"
