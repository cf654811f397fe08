"""Cases of the tiny contract, moved just out of what its falsifiers draw."""

from dataclasses import replace

import pytest

from harness.contract.model import ModelBinding
from harness.findings import HandledError, Place
from harness.search.admitted import check_admitted

HOME = {"rows": 2, "size": 3, "k": 1}  # drawn by falsifier 1: rows 1 to 3, size 1 to 8, k 1 to rows


@pytest.fixture
def refuse(tiny, rule, make_case):
    """Judge a case with other dimensions or another row; the arrays take no part in it."""

    def judge(number=1, program=tiny, table=(), **dimensions):
        case = replace(make_case([1], [[1]]), dimensions=HOME | dimensions, table=dict(table))
        check_admitted(program, rule(number), case)

    return judge


@pytest.mark.parametrize(
    ("number", "dimensions"),
    [
        (1, {}),
        (1, {"rows": 3, "k": 3}),
        (1, {"size": 8}),
        (1, {"size": 1}),
        (7, {}),
        (10, {"size": 5}),
        (9, {"rows": 2}),
    ],
)
def test_what_is_drawn_is_admitted(refuse, number, dimensions):
    refuse(number, **dimensions)


@pytest.mark.parametrize(
    ("number", "dimensions", "told"),
    [
        (1, {"rows": 0, "k": 0}, "rows is 0, expected 1 to 3"),
        (1, {"rows": 4}, "rows is 4, expected 1 to 3"),
        (1, {"size": -1}, "size is -1, expected 1 to 8"),
        (1, {"size": 10**30}, "expected 1 to 8"),
        (1, {"k": 3}, "k is 3, expected 1 to 2"),
        (7, {"rows": 1}, "rows is 1, expected 2 or more"),
        (9, {"rows": 3}, "rows is 3, expected at most 2"),
        (10, {"size": 6}, "`where` leaves it out"),
        (8, {}, "`where` leaves it out"),
    ],
)
def test_what_is_never_drawn_is_refused_in_a_line(refuse, number, dimensions, told):
    with pytest.raises(HandledError, match=told) as refused:
        refuse(number, **dimensions)
    assert str(refused.value).startswith(f"no case of FALSIFY-TINY-{number:03} as it stands: ")


def test_a_row_is_one_of_the_tables(refuse):
    refuse(6, table={"factor": 4})
    for table in ({}, {"factor": 3}, {"factor": 4, "rows": 9}):
        with pytest.raises(HandledError, match="no row of its tables"):
            refuse(6, table=table)
    with pytest.raises(HandledError, match="no row of its tables"):
        refuse(1, table={"size": 9})  # it would stand in front of the dimension


def test_a_model_may_be_larger_than_what_is_drawn(tiny, refuse):
    binding = ModelBinding(("any",), "layers", {"size": "width", "k": "used"}, {}, place=Place("tiny"))
    bound = replace(tiny, contract=replace(tiny.contract, model=binding))
    refuse(1, bound, size=4096)
    for dimensions, told in (({"k": 3}, "k is 3, expected 1 to 2"), ({"size": 0}, "size is 0, expected 1 or more"),
                             ({"rows": 4}, "rows is 4, expected 1 to 3")):  # fmt: skip
        with pytest.raises(HandledError, match=told):
            refuse(1, bound, **dimensions)


@pytest.mark.parametrize(("number", "numbers"), [(1, {"rows": 64, "k": 8}), (1, {"rows": 64, "k": 8, "size": 5})])
def test_what_a_size_gives_is_admitted_beyond_the_range(refuse, tiny, number, numbers):
    refuse(number, replace(tiny, sizes=({"rows": 64, "k": 8},)), **numbers)


@pytest.mark.parametrize("numbers", [{"rows": 64, "k": 9}, {"rows": 64, "k": 8, "size": 9}])
def test_but_only_as_a_whole(refuse, tiny, numbers):
    with pytest.raises(HandledError, match="expected"):
        refuse(1, replace(tiny, sizes=({"rows": 64, "k": 8},)), **numbers)
