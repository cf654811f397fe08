import pytest

from harness.search.compile import property_test
from harness.search.engine import Search
from harness.search.recipe import RecipeBook
from harness.search.seed import stream


def recipes(tiny, rule, number, examples=80):
    seen = []
    strategy = RecipeBook(tiny, rule(number), {}, frozenset()).strategy({})
    identity = (tiny.id, "1.0.0", rule(number).source.id)

    def attempt(recipe):
        seen.append(str(recipe))
        return 0.0

    property_test(strategy, attempt, lambda: None, examples, stream(*identity), climb=True)()
    return seen


def test_the_same_falsifier_tries_the_same_cases_on_every_run(tiny, rule):
    assert recipes(tiny, rule, 1) == recipes(tiny, rule, 1)


def test_two_falsifiers_over_the_same_inputs_try_different_cases(tiny, rule):
    assert recipes(tiny, rule, 2)[2:] != recipes(tiny, rule, 3)[2:]


def test_examples_are_counted_exactly_and_discards_apart(tiny, rule):
    attempts, discards = [], []
    strategy = RecipeBook(tiny, rule(10), {}, frozenset()).strategy({})
    property_test(
        strategy, lambda recipe: attempts.append(recipe) or 0.0, lambda: discards.append(1), 70, 1, climb=False
    )()
    assert len(attempts) == 70
    assert discards


def test_the_first_failure_leaves_the_test_as_it_is(tiny, rule):
    class Failed(Exception):
        pass

    def attempt(recipe):
        raise Failed

    strategy = RecipeBook(tiny, rule(1), {}, frozenset()).strategy({})
    with pytest.raises(Failed):
        property_test(strategy, attempt, lambda: None, 70, 1, climb=False)()


def test_ratios_of_any_size_are_taken(tiny, rule):
    strategy = RecipeBook(tiny, rule(1), {}, frozenset()).strategy({})
    ratios = iter([0.0, float("inf"), float("nan"), 1e-300, 1e300] * 20)
    property_test(strategy, lambda recipe: next(ratios), lambda: None, 70, 1, climb=True)()


def test_rows_of_a_table_have_streams_of_their_own(tiny, rule, subject):
    search = Search(tiny, rule(6), subject(), 30)
    tried = []
    search.attempt = lambda recipe, table, layer: tried.append((table["factor"], str(recipe))) or 0.0
    search._search()
    by_factor = {factor: [recipe for f, recipe in tried if f == factor] for factor in (1, 2, 4)}
    assert len({len(cases) for cases in by_factor.values()}) == 1 and by_factor[1]
    assert by_factor[1] != by_factor[2] != by_factor[4]
