"""The fuzzers themselves: what they make is damaged, what they find is a finding, and a few inputs of every kind."""

import json
import random
import signal

import pytest

from benchmarks.fuzz import watched
from benchmarks.fuzz.campaign import fuzzed
from benchmarks.fuzz.kinds import KINDS, Kind
from benchmarks.fuzz.mutations import damaged_bytes, damaged_text, damaged_tree, shorter
from benchmarks.fuzz.watched import tried
from harness.findings import HandledError


@pytest.mark.parametrize("name", KINDS)
def test_a_few_inputs_of_every_kind(name, tmp_path):
    tally = fuzzed(name, 0, 2.0, tmp_path, most=20)
    assert not tally.found and tally.inputs


@pytest.mark.parametrize("name", KINDS)
def test_good_inputs_are_read(name):
    kind = KINDS[name]()
    ended = [tried(kind, good) for good in kind.seeds]
    assert not any(one.signature for one in ended)
    assert not all(one.refused for one in ended)


class Picky(Kind):
    """Fails on a Z, refuses an R, never returns from an E, asks for too much at an M."""

    seeds = (b"abc",)

    def read(self, data):
        if b"R" in data:
            raise HandledError("no")
        if b"L" in data:
            raise HandledError("out of memory: no room")
        if b"E" in data:
            signal.pause()
        if b"Z" in data:
            raise KeyError("Z")


def test_what_a_finding_is(monkeypatch):
    monkeypatch.setattr(watched, "MOST_SECONDS", 0.05)
    told = {data: tried(Picky(), data).signature for data in (b"a", b"R", b"Z", b"E", b"L")}
    assert told[b"a"] == told[b"R"] == ""
    assert told[b"Z"].startswith("KeyError") and told[b"E"].startswith("TooLong")
    assert told[b"L"].startswith("out of memory")


def test_a_finding_is_written_as_short_as_it_goes(tmp_path, monkeypatch):
    class Always(Picky):
        def damaged(self, rng, data):
            return b"aaaa" * rng.randrange(9) + b"Zb" + b"c" * rng.randrange(9)

    monkeypatch.setitem(KINDS, "picky", Always)
    tally = fuzzed("picky", 0, 5.0, tmp_path, most=5)
    assert sum(tally.found.values()) == 5 and len(tally.found) == 1
    assert (tmp_path / "picky-1").read_bytes() == b"Z"
    assert "KeyError" in (tmp_path / "picky-1.txt").read_text()


def test_damages_are_damages_and_the_same_for_a_seed():
    data, tree = bytes(range(64)), {"a": [1, {"b": "c"}], "d": None}
    for damage, good in (
        (lambda rng: damaged_bytes(rng, data, [data]), data),
        (lambda rng: damaged_text(rng, "one: two\nthree: 4\n", ["five"]), "one: two\nthree: 4\n"),
        (lambda rng: json.dumps(damaged_tree(rng, tree)), json.dumps(tree)),
    ):
        made = [damage(random.Random(seed)) for seed in range(60)]
        assert made == [damage(random.Random(seed)) for seed in range(60)]
        assert len(set(made) - {good}) > 40
    assert tree == {"a": [1, {"b": "c"}], "d": None}


def test_shortening_has_an_end():
    assert shorter(b"xxAxxBxx", lambda data: b"A" in data and b"B" in data, 100) == b"AB"
    assert shorter(b"x" * 1000, lambda data: False, 10) == b"x" * 1000
