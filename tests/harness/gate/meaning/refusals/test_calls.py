import pytest

from harness.gate.meaning.refusals.calls import compared_calls
from harness.gate.meaning.view import view
from harness.language.syntax import parse, spell
from harness.search.refused_calls import calls_with_other_arguments


def made(program, subject, condition):
    side = view(program)
    return list(compared_calls(side, side, subject, (parse(condition), parse(condition))))


def test_the_calls_of_a_search_are_among_those_compared(real):
    """What `raises` claims of a subject is compared as well, whatever the calls are called in the contract."""
    program = real("expert-slices")
    asked = {spell(call) for part in program.falsifiers for call in calls_with_other_arguments(part.claim)}
    told = {
        call.what for call in made(program, "expert_slice", "size % experts != 0 or expert < 0 or len(data) < offset")
    }
    assert asked and asked <= told


def test_ends_of_integers_and_numbers_in_the_text(contract):
    program = contract({"e": "x + z"})
    seen = {call.given["k"] for call in made(program, "run", "k == 1000 or rows < 3")}
    assert {0, 1, 2, 5, 6, 7, 999, 1000, 1001} <= seen


def test_a_dimension_has_its_number_from_the_array_that_is_passed(contract):
    arguments = {name: name for name in ("x", "z", "w", "q", "h", "k")}
    program = contract({"e": "x + z"}, arguments=arguments)
    calls = made(program, "run", "len(z) != size")
    assert all(call.given["size"] == call.given["x"].shape[0] for call in calls if call.given["x"].ndim == 1)
    assert {call.given["size"] - len(call.given["z"]) for call in calls} >= {-1, 0, 1}


def test_sizes_beyond_the_ranges_are_called(contract):
    program = contract({"e": "x + z"}, sizes=[{"size": 100}])
    assert any(
        call.given["size"] == 100 and len(call.given["x"]) == 100 for call in made(program, "run", "len(x) != size")
    )


@pytest.mark.parametrize("condition", ["len(x) != size", "k < 1"])
def test_the_same_calls_every_time(contract, condition):
    program = contract({"e": "x + z"})
    first, second = ([call.text() for call in made(program, "run", condition)] for _ in range(2))
    assert first == second and len(first) > 500
