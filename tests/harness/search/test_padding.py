"""What a case fills in where the entries of an input do not count."""

import numpy as np
import pytest

from harness.program.case import Case
from harness.search.arrays import Draw
from harness.search.padding import counts, filled, fillings, in_padding, no_padding_counts, others, padded
from harness.search.recipe import RecipeBook
from tests.harness import padded as contracts

PROGRAM = contracts.padded()
SHAPE = (2, 3, 2)


def case(lengths=(1, 3), x=None) -> Case:
    """Of rows with these lengths, the entries of which are ones."""
    raw = np.array([length - 1 for length in lengths], np.int32)
    return Case({"rows": 2, "n": 3}, {"raw": raw, "x": np.ones(SHAPE, np.float32) if x is None else x})


def test_entries_count_up_to_the_length_of_their_row():
    wanted = np.zeros(SHAPE, bool)
    wanted[0, :1], wanted[1] = True, True
    assert np.array_equal(counts(PROGRAM, "x", case().given()), wanted)
    assert padded(PROGRAM, case()) == ["x"] and padded(PROGRAM, case((3, 3))) == []


@pytest.mark.parametrize("dtype", ["f32", "f64", "bf16", "f16", "f8_e4m3fn", "f8_e5m2"])
@pytest.mark.parametrize("filling", fillings(PROGRAM.inputs["x"]))
def test_the_padding_is_what_is_drawn_and_nothing_else_changes(dtype, filling):
    program = contracts.padded(dtype)
    x = np.ones(SHAPE).astype(RecipeBook(program, program.falsifiers[0], {}, frozenset()).build(
        *_recipe(program, dtype, filling)).inputs["x"].dtype)  # fmt: skip
    made = filled(program, case(x=x), {"x": Draw("normal", 0, 5, dtype=dtype, padding=filling)}).inputs["x"]
    outside = made.astype(np.float64)[~counts(program, "x", case().given())]
    assert made.dtype == x.dtype and (made.astype(np.float64)[counts(program, "x", case().given())] == 1).all()
    most = float(np.max(np.abs(outside)))
    said = {
        "zeros": most == 0, "numbers": 0 < most < 100, "largest": 100 < most < np.inf,
        "nan": np.isnan(outside).all(), "infinite": np.isinf(outside).all() or dtype == "f8_e4m3fn",
    }  # fmt: skip
    assert said[filling]


def _recipe(program, dtype, filling):
    from harness.search.recipe import Recipe

    draws = {"raw": Draw("zeros", dtype="i32"), "x": Draw("normal", 0, 5, dtype=dtype, padding=filling)}
    return Recipe({"rows": 2, "n": 3}, draws), {}, {}


def test_integers_have_padding_of_integers():
    program = contracts.padded("i8", kinds=contracts.WHOLE)
    assert fillings(program.inputs["x"]) == ("zeros", "numbers", "largest")
    ones = case(x=np.ones(SHAPE, np.int8))
    largest = filled(program, ones, {"x": Draw("bytes", 0, 1, dtype="i8", padding="largest")}).inputs["x"]
    assert set(largest[0, 1:].ravel()) <= {-128, 127} and (largest[1] == 1).all()


def test_every_filling_is_drawn_and_told():
    book, seen = RecipeBook(PROGRAM, PROGRAM.falsifiers[0], {}, frozenset()), set()
    from harness.search.compile import property_test

    def attempt(recipe) -> float:
        seen.add(recipe.draws["x"].padding)
        assert f"padding {recipe.draws['x'].padding}" in str(recipe) and not recipe.draws["raw"].padding
        return 0.0

    property_test(book.strategy({}), attempt, lambda: None, 100, 3, climb=False)()
    assert seen == set(fillings(PROGRAM.inputs["x"]))


def test_other_padding():
    zeros, ones = (in_padding(PROGRAM, case(x=np.full(SHAPE, 7, np.float32)), "x", other).inputs["x"]
                   for other in others(np.ones(SHAPE, np.float32), None))  # fmt: skip
    assert (zeros[0, 1:] == 0).all() and (ones[0, 1:] == 1).all() and (zeros[1] == 7).all() and (ones[1] == 7).all()


def test_a_smaller_case_may_cut_rows_but_not_lengthen_them():
    assert no_padding_counts(PROGRAM, case((1, 2)), case((1, 3)))
    assert not no_padding_counts(PROGRAM, case((2, 3)), case((1, 3)))
