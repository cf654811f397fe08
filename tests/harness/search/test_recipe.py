from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, find, given, seed, settings
from hypothesis import strategies as st

from harness.program.collection import load
from harness.search.arrays import Draw
from harness.search.recipe import Recipe, RecipeBook

CONTRACTS = Path(__file__).parents[3] / "contracts"


def book(tiny, rule, number, fixed=None, bound=frozenset()):
    return RecipeBook(tiny, rule(number), fixed or {}, bound)


@pytest.mark.parametrize("number", range(1, 11))
def test_drawn_numbers_respect_the_declared_ranges(tiny, rule, number):
    recipes = []

    @settings(max_examples=50, database=None)
    @given(book(tiny, rule, number).strategy({}))
    def draw(recipe):
        recipes.append(recipe)

    draw()
    for recipe in recipes:
        if recipe is not None:
            sizes = recipe.dimensions
            assert 1 <= sizes["rows"] <= 3 and 1 <= sizes["size"] <= 8 and 1 <= sizes["k"] <= sizes["rows"]


@given(st.data())
@settings(max_examples=50, database=None)
def test_given_narrows_dimensions_and_kinds_and_where_discards(tiny, rule, data):
    recipe = data.draw(book(tiny, rule, 10).strategy({}))
    if recipe is not None:
        assert recipe.dimensions["size"] in (5, 7)
        assert recipe.draws["x"].kind not in ("large", "heavy", "subnormal", "nonfinite")
        assert recipe.draws["m"].kind in ("normal", "integers")


def test_the_simplest_recipe_is_the_smallest_case_of_zeros(tiny, rule):
    recipe = find(book(tiny, rule, 1).strategy({}), lambda recipe: recipe is not None)
    assert recipe.dimensions == {"rows": 1, "size": 1, "k": 1}
    assert recipe.draws == {"x": Draw("zeros"), "m": Draw("zeros", dtype="q8")}


def test_recipes_shrink_to_the_simplest_kind_that_will_do(tiny, rule):
    recipe = find(
        book(tiny, rule, 1).strategy({}), lambda recipe: recipe is not None and recipe.draws["x"].kind != "zeros"
    )
    assert recipe.draws["x"] == Draw("one_hot", 0, 0, 0)
    assert recipe.draws["m"].kind == "zeros"


SIZES = ({"rows": 64, "k": 8}, {"size": 768}, {"rows": 65, "k": 65})


@pytest.mark.parametrize(("number", "possible"), [(1, [True, True, True]), (10, [True, False, True])])
def test_each_size_is_drawn_in_one_case_of_25(tiny, rule, number, possible):
    """768 is none of falsifier 10's: its `where` asks for an odd size."""
    sized, seen = RecipeBook(replace(tiny, sizes=SIZES), rule(number), {}, frozenset()), []

    @seed(1)
    @settings(max_examples=400, database=None, deadline=None, phases=[Phase.generate])
    @given(sized.strategy({}))
    def draw(recipe):
        if recipe is not None:
            seen.append(recipe.dimensions)

    draw()
    counts = [sum(size.items() <= numbers.items() for numbers in seen) for size in SIZES]
    assert [count > 0 for count in counts] == possible
    assert all(0.5 < 25 * count / len(seen) < 2 for count in counts if count), (counts, len(seen))


def test_a_size_of_what_a_model_fixes_is_not_drawn_and_recipes_shrink_to_none(tiny, rule):
    sized = replace(tiny, sizes=SIZES)
    assert RecipeBook(sized, rule(1), {"rows": 2}, frozenset()).sizes == [SIZES[1]]
    assert RecipeBook(sized, rule(9), {}, frozenset()).sizes == [SIZES[1]], "its `given` asks for two rows"
    recipe = find(RecipeBook(sized, rule(1), {}, frozenset()).strategy({}), lambda recipe: recipe is not None)
    assert recipe.dimensions == {"rows": 1, "size": 1, "k": 1}


def test_only_inputs_that_the_claim_needs_are_drawn():
    (program,) = load((str(CONTRACTS / "ggml-blocks-v2.yaml"),))
    by_rule = {part.source.id: part for part in program.falsifiers}
    decode = RecipeBook(program, by_rule["FALSIFY-BLOCKS-001"], {}, frozenset())
    products = RecipeBook(program, by_rule["FALSIFY-BLOCKS-003"], {}, frozenset())
    assert [part.name for part in decode.inputs] == ["tensor"]
    assert [part.name for part in products.inputs] == ["tensor", "x"]


def test_what_a_model_provides_is_not_drawn(tiny, rule):
    recipe = find(book(tiny, rule, 1, {"size": 6}, frozenset({"m"})).strategy({}), lambda recipe: recipe is not None)
    assert recipe.dimensions["size"] == 6
    assert set(recipe.draws) == {"x"}


def test_every_dtype_is_drawn():
    (program,) = load((str(CONTRACTS / "ggml-blocks-v2.yaml"),))
    strategy = RecipeBook(program, program.falsifiers[0], {}, frozenset()).strategy({})
    for dtype in ("q4_k", "q6_k"):
        assert find(strategy, lambda recipe, dtype=dtype: recipe.draws["tensor"].dtype == dtype)


def test_a_recipe_builds_the_same_case_every_time(tiny, rule):
    numbers = {"rows": 2, "size": 5, "k": 1}
    recipe = Recipe(numbers, {"x": Draw("normal", 0, 4), "m": Draw("heavy", 1, 9, dtype="q8")})
    first, second = (book(tiny, rule, 1).build(recipe, {}, {}) for _ in range(2))
    assert first.inputs["x"].tobytes() == second.inputs["x"].tobytes()
    assert first.inputs["m"].raw.tobytes() == second.inputs["m"].raw.tobytes()
    assert first.kinds == {"x": "normal", "m": "q8 heavy"}
    assert first.recipe == "rows=2; size=5; k=1; x: normal; m: q8 heavy, x 2**1"
