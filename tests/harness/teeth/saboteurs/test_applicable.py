"""Each saboteur is wrong in the way that it says, and only in that way; and a claim that can see it falsifies it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from harness.language.claims import REFUSALS
from harness.program.collection import load
from harness.search import shrink
from harness.search.engine import Search
from harness.search.outcome import FALSIFIED, SURVIVED
from harness.subjects.reference import Reference, RefusedByContract
from harness.subjects.updates import gathered
from harness.teeth.saboteurs.applicable import ALL, saboteurs

CONTRACTS = Path(__file__).parents[4] / "contracts"
X = np.array([1, -2, 0.5, 3], np.float32)
DATA = np.array([7, 0, 255], np.uint8)
NAMES = ["ab", "cd", "ef"]
CALLS = {
    "double": {"x": X, "threads": 2},
    "square": {"x": X},
    "number": {"count": 4},
    "pack": {"data": DATA},
    "shelve": {"names": NAMES},
    "turn": {"x": X},
}
RIGHT = {
    "double": {"doubled": np.array([2, -4, 1, 6], np.float32)},
    "square": {"squares": np.array([1, 4, 0.25, 9], np.float32)},
    "number": {"places": np.array([3, 4, 5, 6])},
    "pack": {"bytes": np.array([3, 7, 0, 255], np.uint8)},
    "shelve": {"names": NAMES, "first": "ab", "empty": False},
    "turn": {"x": np.array([-2, 0.5, 3, 1], np.float32)},
}

# Said by hand, from the claims of store_room.yaml. Whoever returns numbers wrongly is seen by exactness (001) and by
# the bound (002), by the latter only where the change is larger than that; and so on.
SEEN_BY = {
    "SABOTEUR-ONE-ULP": {1, 2, 4, 12},  # 2 by squares of small integers, which are exact; 3: the same ulp twice
    "SABOTEUR-NAN": {1, 2, 4, 12},
    "SABOTEUR-LAST-DROPPED": {1, 2, 5, 6, 12},  # by every thread in the same way
    "SABOTEUR-TWO-SWAPPED": {1, 2, 4, 5, 6, 7, 12},  # which two depends on the arguments, threads among them
    "SABOTEUR-BYTE-FLIPPED": {6},
    "SABOTEUR-OFF-BY-ONE": {5},
    "SABOTEUR-ENTRY-DROPPED": {7},
    "SABOTEUR-RESPELLED": {7},
    "SABOTEUR-NEGATED": {8},
    "SABOTEUR-STALE": {1, 2, 3, 4, 6, 7, 8, 12},  # 5: as many places are the same places
    "SABOTEUR-CALL-COUNT": {1, 2, 3, 4, 5, 6, 7, 8, 12},
    "SABOTEUR-THREAD-COUNT": {1, 4},
    "SABOTEUR-CHANGED-ARGUMENT": {1, 2, 3, 4, 6, 7, 8},  # all that hand in an array or a list
    "SABOTEUR-ALIASED-OUTPUT": {1, 2, 3, 4, 6},  # all that return an array made of another; 5, 7, 8 ask the same twice
    "SABOTEUR-SWALLOWED-ERROR": {9, 10, 11},
    "SABOTEUR-WRONG-CLASS": {9, 10},
    "SABOTEUR-WRONG-MESSAGE": {9, 11},
    "SABOTEUR-WRONG-NUMBERS": {9, 11},
    "SABOTEUR-SWAPPED-NUMBERS": {11},  # which number is called the expected one is said by the words around it
    "SABOTEUR-NOT-UPDATED": {12},
    "SABOTEUR-LAST-KEPT": {12},
    "SABOTEUR-NEIGHBOUR-ROW": {12},
    "SABOTEUR-PAST-END": {12},
}


@pytest.fixture
def wrapped(room, subject):
    """The subject with one saboteur around it."""
    known = {saboteur.id: saboteur for saboteur in saboteurs(room)}
    return lambda name: known[f"SABOTEUR-{name}"].wrap(subject)


def call(program, subject, function, **changed):
    """One call with fresh arguments."""
    given = {**CALLS[function], **changed}
    fresh = {name: value.copy() if isinstance(value, np.ndarray | list) else value for name, value in given.items()}
    returned = subject.call(program, function, fresh, {"count": 4, "threads": 2})
    return gathered(program.scope.subjects[function], fresh, returned)


def same(left, right):
    if isinstance(right, np.ndarray):
        return left.dtype == right.dtype and left.tobytes() == right.tobytes()
    return left == right and type(left) is type(right)


def changed_fields(function, returned):
    return [name for name, value in RIGHT[function].items() if not same(returned[name], value)]


# --- what each does ------------------------------------------------------------------------------------------------


def test_without_a_saboteur_the_results_are_right(room, subject):
    for function in CALLS:
        assert changed_fields(function, call(room, subject, function)) == []


@pytest.mark.parametrize("function", ["double", "square"])
def test_one_ulp_is_one_bit_pattern_further(room, wrapped, function):
    ((name, right),) = RIGHT[function].items()
    got = call(room, wrapped("ONE-ULP"), function)[name]
    (place,) = np.flatnonzero(got != right)
    step = got.view(np.int32)[place] - right.view(np.int32)[place]
    assert step == (1 if right[place] > 0 else -1)  # upwards: the magnitude of a negative number shrinks


def test_one_element_is_nan(room, wrapped):
    got = call(room, wrapped("NAN"), "double")["doubled"]
    assert np.isnan(got).sum() == 1 and (got == RIGHT["double"]["doubled"]).sum() == 3


@pytest.mark.parametrize(
    ("function", "expected"), [("double", [2, -4, 1, 0]), ("number", [3, 4, 5, 0]), ("pack", [3, 7, 0, 0])]
)
def test_the_last_element_stays_zero(room, wrapped, function, expected):
    (got,) = call(room, wrapped("LAST-DROPPED"), function).values()
    assert got.tolist() == expected


@pytest.mark.parametrize("function", ["double", "number", "pack", "shelve"])
def test_two_neighbours_change_places(room, wrapped, function):
    name, right = next(iter(RIGHT[function].items()))
    got, right = list(call(room, wrapped("TWO-SWAPPED"), function)[name]), list(right)
    first, second = (place for place in range(len(right)) if got[place] != right[place])
    assert second == first + 1 and (got[first], got[second]) == (right[second], right[first])


def test_one_bit_of_one_byte_is_flipped(room, wrapped):
    got = call(room, wrapped("BYTE-FLIPPED"), "pack")["bytes"]
    assert np.bitwise_count(got ^ RIGHT["pack"]["bytes"]).sum() == 1


def test_one_integer_is_off_by_one(room, wrapped):
    got = call(room, wrapped("OFF-BY-ONE"), "number")["places"]
    assert sorted(RIGHT["number"]["places"] - got) == [0, 0, 0, 1]


def test_one_entry_is_missing(room, wrapped):
    got = call(room, wrapped("ENTRY-DROPPED"), "shelve")["names"]
    assert got in (["ab", "cd"], ["ab", "ef"], ["cd", "ef"])


def test_one_name_lacks_a_character(room, wrapped):
    got = call(room, wrapped("RESPELLED"), "shelve")
    before, after = "".join([*NAMES, "ab"]), "".join([*got["names"], got["first"]])
    assert len(after) == len(before) - 1 and got["empty"] is False


def test_yes_is_no(room, wrapped):
    got = call(room, wrapped("NEGATED"), "shelve")
    assert (got["names"], got["first"], bool(got["empty"])) == (NAMES, "ab", True)


def test_a_stale_result_is_that_of_the_call_before(room, wrapped):
    subject = wrapped("STALE")
    assert changed_fields("double", call(room, subject, "double")) == []
    other = call(room, subject, "double", x=X * 10)
    assert changed_fields("double", other) == []  # what was asked for is ten times as much
    shorter = call(room, subject, "double", x=X[:2])
    assert shorter["doubled"].tolist() == [2, -4]  # another shape: nothing to leave over


def test_every_second_call_of_a_function_differs_in_its_last_bit(room, wrapped):
    subject = wrapped("CALL-COUNT")
    for function in CALLS:
        counted = [len(changed_fields(function, call(room, subject, function))) for _ in range(4)]
        assert counted == [0, 1, 0, 1], function


def test_more_than_one_thread_differs_in_its_last_bit(room, wrapped):
    subject = wrapped("THREAD-COUNT")
    (right,) = RIGHT["double"].values()
    assert same(call(room, subject, "double", threads=1)["doubled"], right)
    two, again = (call(room, subject, "double", threads=2)["doubled"] for _ in range(2))
    assert (two != right).sum() == 1 and same(two, again)
    assert changed_fields("square", call(room, subject, "square")) == []


@pytest.mark.parametrize(("function", "name"), [("double", "x"), ("pack", "data"), ("shelve", "names")])
def test_one_entry_of_an_argument_is_changed(room, wrapped, function, name):
    given = {
        key: value.copy() if isinstance(value, np.ndarray | list) else value for key, value in CALLS[function].items()
    }
    before = list(given[name])
    returned = wrapped("CHANGED-ARGUMENT").call(room, function, given, {"count": 4})
    assert changed_fields(function, returned) == []
    assert sum(a != b for a, b in zip(before, given[name], strict=True)) == 1


def test_a_result_is_overwritten_by_the_next_call(room, wrapped):
    subject = wrapped("ALIASED-OUTPUT")
    for function, name, changed in (
        ("double", "x", X * 10),
        ("pack", "data", DATA[::-1]),
        ("shelve", "names", ["x", "y"]),
    ):
        first = call(room, subject, function)
        assert changed_fields(function, first) == []
        second = call(room, subject, function, **{name: changed})
        field = next(iter(first))
        assert second[field] is first[field] and field in changed_fields(function, first)


def test_an_error_is_answered_with_zeros_of_the_declared_shape(room, wrapped):
    got = wrapped("SWALLOWED-ERROR").call(room, "number", {"count": 0}, {"count": 4})["places"]
    assert got.tolist() == [0, 0, 0, 0]


def test_an_error_has_another_class(room, wrapped):
    with pytest.raises(RuntimeError, match=r"^0 are too few, expected 2$") as caught:
        wrapped("WRONG-CLASS").call(room, "number", {"count": 0}, {"count": 4})
    assert type(caught.value) is RuntimeError


def test_an_error_has_another_message(room, wrapped, subject):
    with pytest.raises(ValueError, match=r"^something went wrong$") as caught:
        wrapped("WRONG-MESSAGE").call(room, "number", {"count": 0}, {"count": 4})
    assert type(caught.value).__name__ == "TooFew"


def test_errors_of_the_reference_keep_or_change_the_class_that_the_contract_names():
    (program,) = load((str(CONTRACTS / "moe-router-v2.yaml"),))
    known = {saboteur.id: saboteur for saboteur in saboteurs(program)}
    arguments = {"hidden": X, "router": np.zeros((2, 4), np.float32), "num_experts": 2, "num_experts_per_tok": 0}
    dimensions = {"hidden": 4, "experts": 2, "k": 1}
    with pytest.raises(RefusedByContract, match=r"^something went wrong$") as caught:
        known["SABOTEUR-WRONG-MESSAGE"].wrap(Reference()).call(program, "route", arguments, dimensions)
    assert caught.value.error == "InvalidShape"
    with pytest.raises(RuntimeError, match=r"^num_experts_per_tok 0 must be"):
        known["SABOTEUR-WRONG-CLASS"].wrap(Reference()).call(program, "route", arguments, dimensions)


# --- who sees it ---------------------------------------------------------------------------------------------------


def test_every_saboteur_applies_and_is_listed_once(room):
    ids = [saboteur.id for saboteur in saboteurs(room)]
    assert ids == [kind.id for kind in ALL] and sorted(ids) == sorted(SEEN_BY) and len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", SEEN_BY)
def test_the_claims_that_can_see_it_falsify_it_and_no_others(room, subject, name, monkeypatch):
    monkeypatch.setattr(shrink, "TRIALS", 0)
    (saboteur,) = (saboteur for saboteur in saboteurs(room) if saboteur.id == name)
    verdicts = {
        number: Search(room, falsifier, saboteur.wrap(subject), 40).run().verdict
        for number, falsifier in enumerate(room.falsifiers, 1)
    }
    assert {number for number, verdict in verdicts.items() if verdict == FALSIFIED} == SEEN_BY[name]
    assert {verdict for number, verdict in verdicts.items() if number not in SEEN_BY[name]} <= {SURVIVED}


def test_the_subject_itself_survives(room, subject):
    verdicts = {Search(room, falsifier, subject, 40).run().verdict for falsifier in room.falsifiers}
    assert verdicts == {SURVIVED}


@pytest.mark.parametrize("name", SEEN_BY)
def test_a_saboteur_is_the_same_in_every_run(room, subject, name):
    (saboteur,) = (saboteur for saboteur in saboteurs(room) if saboteur.id == name)
    one, other = saboteur.wrap(subject), saboteur.wrap(subject)
    for function in CALLS:
        for _ in range(2):
            first, second = call(room, one, function), call(room, other, function)
            assert all(same(first[field], value) for field, value in second.items())


def test_one_applies_only_where_there_is_something_to_spoil():
    programs = {program.id: program for program in load((str(CONTRACTS),))}
    ids = {name: {saboteur.id for saboteur in saboteurs(program)} for name, program in programs.items()}
    assert "SABOTEUR-NEGATED" in ids["tensor-names"] and "SABOTEUR-NAN" not in ids["tensor-names"]
    assert "SABOTEUR-THREAD-COUNT" in ids["qwen3-moe-ffn"] and "SABOTEUR-THREAD-COUNT" not in ids["moe-router"]
    files = programs["gguf-container"]
    classes = tuple(part for part in files.falsifiers if part.source.id == "FALSIFY-GGUF-105")  # claims a class alone
    told = {saboteur.id for saboteur in saboteurs(replace(files, falsifiers=classes))}
    assert "SABOTEUR-WRONG-CLASS" in told and "SABOTEUR-WRONG-MESSAGE" not in told
    assert "SABOTEUR-WRONG-MESSAGE" in ids["gguf-container"] and "SABOTEUR-WRONG-NUMBERS" not in ids["gguf-container"]
    layer = programs["qwen3-moe-ffn-q8k"]
    without = [part for part in layer.falsifiers if not set(re.findall(r"\w+", part.source.claim.text)) & set(REFUSALS)]
    assert 0 < len(without) < len(layer.falsifiers) and "SABOTEUR-SWALLOWED-ERROR" in ids["qwen3-moe-ffn-q8k"]
    few = {saboteur.id for saboteur in saboteurs(replace(layer, falsifiers=tuple(without)))}
    assert "SABOTEUR-SWALLOWED-ERROR" not in few and "SABOTEUR-NAN" in few  # nothing is claimed to be refused


def test_a_contract_can_waive_each_by_its_name():
    schema = json.loads((CONTRACTS.parent / "harness/contract/contract.schema.json").read_text())
    assert schema["$defs"]["saboteur_waiver"]["properties"]["saboteur"]["enum"] == [part.id for part in ALL]
