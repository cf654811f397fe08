"""Functions on texts and bytes: what they give, and that both ways of evaluating agree."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.language.arithmetic import float32
from harness.language.evaluate import Bindings, evaluate
from harness.language.exact.domain import Exact, truth_of
from harness.language.single import Single
from harness.language.syntax import parse


def call(name, *arguments, **keywords):
    return Single().call(name, list(arguments), keywords)


NAMES = st.lists(st.text(max_size=4), max_size=4)


def test_fill_writes_only_what_it_is_given():
    assert call("fill", "blk.{n}.{e}.{x}", n=3) == "blk.3.{e}.{x}"
    assert call("fill", "blk.{n}.{e}", n=np.int64(0), e=127) == "blk.0.127"
    assert call("fill", ["{n}", "a", "{n}{n}"], n=2) == ["2", "a", "22"]
    assert call("fill", []) == []


def test_first():
    assert call("first", ["b", "a"]) == "b"
    assert call("first", []) == ""


@given(NAMES, NAMES, st.text(max_size=3))
def test_lists_of_texts_are_joined(left, right, word):
    assert call("texts", left, word, right) == [*left, word, *right]


@given(st.integers(1, 8), st.data())
def test_little_endian_is_pythons(width, data):
    value = data.draw(st.integers(-(2 ** (8 * width - 1)), 2 ** (8 * width) - 1))
    expected = value.to_bytes(width, "little", signed=value < 0)
    assert bytes(call("le", value, width).astype(np.uint8)) == expected


def test_bytes_are_whole_numbers():
    for value in (call("ascii", "GGUF"), call("le", -1, 4), call("zero_bytes", 3), call("bytes_of", np.ones(2))):
        assert value.dtype == np.int64 and value.min() >= 0 and value.max() <= 255
    assert call("ascii", "GGUF").tolist() == [71, 71, 85, 70]
    assert call("zero_bytes", 0).size == 0


@given(st.lists(st.integers(0, 2**32 - 1), max_size=6))
def test_bytes_of_float32_keep_every_bit(bits):
    x = np.array(bits, "<u4").view("<f4")
    assert bytes(call("bytes_of", x).astype(np.uint8)) == np.array(bits, "<u4").tobytes()


@given(st.lists(st.integers(0, 255), min_size=4, max_size=12), st.integers(1, 4), st.integers(0, 2**32 - 1), st.data())
def test_patch_changes_the_bytes_it_names_and_no_other(values, width, value, data):
    file = np.array(values)
    at = data.draw(st.integers(-len(file), len(file) - width).filter(lambda at: at >= 0 or at <= -width))
    patched = call("patch", file, at, value, width)
    start = at % len(file)
    assert patched[start : start + width].tolist() == list(struct.pack("<I", value % 256**width)[:width])
    outside = [place for place in range(len(file)) if not start <= place < start + width]
    assert (patched[outside] == file[outside]).all()
    assert file.tolist() == values, "the file itself stays as it is"


@pytest.mark.parametrize("at", [3, 9, -5, -1])
def test_patch_outside_the_file_is_an_error(at):
    with pytest.raises(IndexError):
        call("patch", np.zeros(4, np.int64), at, 1, 2)


GIVEN = {"x": np.array([1.5, -0.0, np.nan], np.float32), "n": 2, "word": "a.b", "words": ["b", "a", "a"], "yes": True}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("fill('{n}/{e}', n=n, e=0)", "2/0"),
        ("fill(words, n=1)", ["b", "a", "a"]),
        ("first(words)", "b"),
        ("texts(word, words)", ["a.b", "b", "a", "a"]),
        ("len(words)", 3),
        ("concat(ascii('A'), le(n, 2), zero_bytes(1))", [65, 2, 0, 0]),
        ("patch(le(0, 4), -1, 255, 1)", [0, 0, 0, 255]),
        ("bytes_of(x)[:8]", [0, 0, 192, 63, 0, 0, 0, 128]),
    ],
)
def test_values_are_the_same_in_every_domain(text, expected):
    for domain in (Exact(float32()), Single()):
        value = evaluate(parse(text), Bindings(domain, {}, {}, GIVEN))
        assert (value.tolist() if isinstance(value, np.ndarray) else value) == expected, domain


@pytest.mark.parametrize(
    "text, truth",
    [
        ("contains(words, 'b')", True),
        ("contains(words, 'a.b')", False),
        ("contains(word, '.')", True),
        ("distinct(words)", False),
        ("distinct(texts('a', 'b'))", True),
        ("word == 'a.b'", True),
        ("word != 'a.b'", False),
        ("words == texts('b', 'a', 'a')", True),
        ("yes and word == 'a.b'", True),
        ("not yes", False),
    ],
)
def test_truths_are_the_same_in_every_domain(text, truth):
    exact = evaluate(parse(text), Bindings(Exact(float32()), {}, {}, GIVEN))
    assert bool(truth_of(exact).decided()) is truth
    assert bool(evaluate(parse(text), Bindings(Single(), {}, {}, GIVEN))) is truth
