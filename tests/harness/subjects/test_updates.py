"""What a subject writes into the caller's memory is judged like a result, and what else it wrote is told."""

from __future__ import annotations

from ctypes import c_float
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from harness.language.arithmetic import float32
from harness.program.case import Case
from harness.program.collection import load
from harness.search.engine import Search
from harness.search.outcome import SURVIVED
from harness.search.trial import Trial
from harness.subjects.reference import Reference
from harness.subjects.subject import ModuleSubject
from harness.subjects.updates import copied, delivered, gathered


class Right:
    """Both as the contract says."""

    def append(self, *, cache, key):
        if len(key) != cache.shape[1]:
            raise ValueError(f"{len(key)} is not {cache.shape[1]}")
        cache[:-1] = cache[1:].copy()
        cache[-1] = key

    def double(self, *, key, out):
        out[...] = (2 * key).astype(out.dtype)
        return {"total": key.sum(dtype=np.float32)}

    def find(self, *, key, place):
        assert place.dtype == np.int64  # where the contract names no format
        place[0] = np.argmax(key)


@pytest.fixture(scope="module")
def program():
    (found,) = load((str(Path(__file__).with_name("caller_memory.yaml")),))
    return found


CACHE = np.arange(1, 7, dtype=np.float32).reshape(3, 2)
KEY = np.array([10, 20], np.float32)
RECIPES = {"NaN": "d", "random bits": "a"}  # what output buffers hold follows from the recipe


@pytest.fixture
def judge(program):
    """The judgement of one falsifier on one case of a subject with a function or two replaced."""

    def run(number, memory="", cache=CACHE, recipe="a", **functions):
        kernel = Right()
        for name, function in functions.items():
            setattr(kernel, name, function)
        case = Case({"slots": 3, "width": 2}, {"cache": cache, "key": KEY}, {}, {}, recipe, memory)
        falsifier = program.falsifiers[number - 1]
        return Trial(program, falsifier, case, ModuleSubject("kernel", kernel), float32(), disturb=True).judge()

    return run


def told(judged):
    assert judged.holds is False
    return judged.evidence.reason, judged.evidence.expected, judged.evidence.got


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("kernel", [ModuleSubject("kernel", Right()), Reference()], ids=["kernel", "reference"])
def test_what_is_right_survives(program, number, kernel):
    assert Search(program, program.falsifiers[number - 1], kernel, 60).run().verdict == SURVIVED


@pytest.mark.parametrize("memory", ["", "unaligned", "read_only", "non_contiguous"])
@pytest.mark.parametrize("dtype", [np.float32, ml_dtypes.bfloat16])
def test_every_memory_that_is_promised_can_be_written_to(judge, memory, dtype):
    seen = {}

    def append(*, cache, key):
        seen[cache.flags.writeable, key.flags.writeable, cache.flags.aligned, cache.flags.c_contiguous] = cache.dtype
        Right().append(cache=cache, key=key)

    assert judge(1, memory, CACHE.astype(dtype), append=append).holds
    flags, found = next(iter(seen.items()))  # calls that follow are made in the usual memory
    assert found == dtype and flags == (True, memory != "read_only", memory != "unaligned", memory != "non_contiguous")


def test_the_numbers_that_an_argument_holds_after_the_call_are_judged(judge):
    reason, expected, got = told(judge(1, append=lambda cache, key: None))
    assert (reason, expected, got) == ("beyond the derived bound", "3", "1")


def around(cache, entries):
    """A view of a contiguous cache that begins and ends so many entries further."""
    first, last = entries
    address = cache.ctypes.data + first * cache.itemsize
    return np.ctypeslib.as_array((c_float * (cache.size + last - first)).from_address(address))


@pytest.mark.parametrize(
    ("entries", "where", "got"),
    [
        ((0, 1), "behind its end", "cache[3, 0] = 7; the shape of cache is (3, 2)"),
        ((0, 9), "behind its end",
         "cache[3, 0] = 7, cache[3, 1] = 7, cache[4, 0] = 7, cache[4, 1] = 7 and 5 more; the shape of cache is (3, 2)"),
        ((-1, 0), "before its beginning", "cache[-1, 1] = 7; the shape of cache is (3, 2)"),
    ],
)  # fmt: skip
def test_what_is_written_around_an_argument_is_told(judge, entries, where, got):
    def append(*, cache, key):
        right = cache.copy()
        around(cache, entries)[:] = 7
        Right().append(cache=right, key=key)
        cache[...] = right

    wanted = f"append() wrote outside cache, {where}", "nothing written but entries of cache", got
    assert told(judge(1, append=append)) == wanted


def test_what_is_written_between_entries_is_told(judge):
    def append(*, cache, key):
        Right().append(cache=cache, key=key)
        np.lib.stride_tricks.as_strided(cache, (6,), (4,))[3] = 7

    reason, _, got = told(judge(1, "non_contiguous", append=append))
    assert reason.startswith("append() wrote outside cache, in the gaps between its entries")
    assert got.startswith("cache[0, 1] = 7")


def test_another_argument_stays_the_callers(judge):
    def append(*, cache, key):
        Right().append(cache=cache, key=key)
        key[0] = 0

    assert told(judge(1, append=append))[0] == "append() changed its argument key"


def test_a_call_that_is_refused_leaves_what_it_would_update_as_it_was(judge):
    def append(*, cache, key):
        cache[0] = 0
        Right().append(cache=cache, key=key)

    assert told(judge(4, append=append))[0].endswith("changed its argument cache")


@pytest.mark.parametrize("kind", RECIPES)
def test_entries_that_are_never_written_are_told(judge, kind):
    def double(*, key, out):
        out[:-1] = (2 * key).astype(out.dtype)[:-1]
        return {"total": key.sum(dtype=np.float32)}

    judged = judge(2, recipe=RECIPES[kind], double=double)
    assert told(judged)[0] == "beyond what is stored as f16 (entries of double().out still hold what they held before)"
    assert judged.evidence.index == (1,)


@pytest.mark.parametrize("kind", RECIPES)
def test_what_only_a_second_call_writes_was_not_written(judge, kind):
    calls = []

    def double(*, key, out):
        calls.append(None)
        if len(calls) % 2 == 0:
            out[...] = (2 * key).astype(out.dtype)
        return {"total": key.sum(dtype=np.float32)}

    judged = judge(2, recipe=RECIPES[kind], double=double)
    assert told(judged)[0] == "beyond what is stored as f16 (entries of double().out still hold what they held before)"


def test_an_error_after_half_an_update_is_told_with_what_it_left(judge):
    def append(*, cache, key):
        cache[0] = 9
        raise ValueError("no more")

    reason, expected, got = told(judge(1, append=append))
    assert (reason, expected) == ("append() changed its argument cache", "arguments left alone")
    assert got == "changed, and then ValueError: no more"


def test_an_index_that_is_never_written_leaves_its_range(judge):
    reason, expected, _ = told(judge(5, find=lambda key, place: None))
    assert reason == "find().place, which was not written everywhere, leaves its range" and expected == "0 to 1"


RETURNED = {
    "something": (lambda cache, key: cache, "something, and the contract lists only what it updates"),
    "the update": (lambda cache, key: {"cache": cache}, "'cache', which the contract updates and does not return"),
    "another": (lambda cache, key: {"other": cache}, "'other', which the contract does not list"),
}


@pytest.mark.parametrize("name", RETURNED)
def test_what_is_updated_is_not_returned(judge, name):
    function, reason = RETURNED[name]
    assert told(judge(1, append=function))[0] == f"append returned {reason}"


def test_what_a_subject_does_to_the_array_itself_does_not_matter(judge):
    def append(*, cache, key):
        Right().append(cache=cache, key=key)
        cache.flags.writeable = False
        cache.shape = (cache.size,)

    assert judge(1, append=append).holds


def test_a_later_call_may_not_write_into_an_earlier_argument(judge):
    kept = []

    def append(*, cache, key):
        for earlier in kept:
            earlier[0] = 7
        Right().append(cache=cache, key=key)
        kept.append(cache)

    assert told(judge(1, append=append))[0] == "a later call changed an earlier result of append().cache"


def test_results_are_gathered_and_delivered(program):
    subject, arguments = program.scope.subjects["double"], {"key": KEY, "out": np.zeros(2, np.float16)}
    assert delivered(subject, arguments, {"total": 30, "out": 2 * KEY}) == {"total": 30}
    assert arguments["out"].tolist() == [20, 40]
    before = copied(subject, arguments)
    all_results = gathered(subject, arguments, {"total": 30})
    arguments["out"][:] = 0
    assert all_results["out"].tolist() == before["out"].tolist() == [20, 40] and before["key"] is KEY
    assert gathered(subject, arguments, 3) == 3  # no mapping: whatever it is, it is wrong
