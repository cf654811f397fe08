"""The tree: values, places, and what a file may not be."""

import tracemalloc

import pytest

from harness.contract import opening, tree
from harness.contract.spans import loads
from harness.findings import Place, Refused
from tests.hanging import no_hang


def refusal(text):
    with pytest.raises(Refused) as refused:
        loads(text, "c.yaml")
    return str(refused.value)


def test_values_and_places():
    root = loads("a: 1\nb: [x, 2.5, true]\nc:\n  d: 0x1f\n  'e f': \"q\"\n", "c.yaml")
    assert root.plain() == {"a": 1, "b": ["x", 2.5, True], "c": {"d": 31, "e f": "q"}}
    assert root.place == Place("c.yaml", 1, 1)
    inner = root.value["c"].value["e f"]
    assert (inner.key_place, inner.place) == (Place("c.yaml", 5, 3), Place("c.yaml", 5, 10))
    assert (inner.text, inner.style) == ('"q"', '"')
    assert root.value["b"].value[1].place == Place("c.yaml", 2, 8)
    assert root.value["c"].place == Place("c.yaml", 4, 3)


def test_windows_line_ends_and_characters_beyond_the_basic_plane():
    root = loads("a: '\U0001f600 x'\r\nb: |\r\n  one\r\n  two\r\n", "c.yaml")
    assert root.value["a"].text == "'\U0001f600 x'"
    assert root.value["b"].value == "one\ntwo\n"
    assert root.value["b"].place_at(4) == Place("c.yaml", 4, 3)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_empty(text):
    assert "c.yaml:1:1: empty file; expected a contract" in refusal(text)


def test_both_places_of_a_duplicate_key():
    assert refusal("a: x\nb: x\na: x\n").startswith("c.yaml:3:1: duplicate key 'a'; first at c.yaml:1:1;")


def test_all_findings_at_once_in_order():
    lines = refusal("a: 0o7\nb: 010\na: !x 1\n").split("\n")
    assert [line.split(": ")[0] for line in lines] == ["c.yaml:1:4", "c.yaml:2:4", "c.yaml:3:1", "c.yaml:3:4"]


def test_findings_are_bounded():
    assert len(refusal("[" + "010, " * 5000 + "]").split("\n")) == tree.MAX_FINDINGS


def test_quoted_text_is_text():
    assert loads("['1', \"on\", '']", "c").plain() == ["1", "on", ""]


def test_a_message_stays_short():
    assert len(refusal(f"? {'k' * 500_000}\n: x\n? {'k' * 500_000}\n: y\n")) < 400
    assert len(refusal("a: 1" + "0" * 500_000)) < 400
    assert len(refusal("a: &" + "b" * 1000 + " c")) < 400


# --- hostile text

SIZE = opening.MAX_BYTES - 1
HOSTILE = {
    "lists": "[" * SIZE,
    "mappings": "{" * SIZE,
    "block lists": "- " * (SIZE // 2),
    "explicit keys": "? " * (SIZE // 2),
    "key chain": "a: [" * (SIZE // 4),
    "anchors": "&a " * (SIZE // 3),
    "laughs": "a: &a [x]\n" + "".join(f"k{i}: &k{i} [*a, *a]\n" for i in range(1000)),
    "many scalars": "[" + "a," * 500_000 + "]",
    "many surprises": "[" + "on," * 300_000 + "]",
    "many mappings": "- {}\n" * 200_000,
    "quotes": "'" * SIZE,
    "escapes": '"' + "\\" * (SIZE - 1),
    "tags": "!" * SIZE,
    "digits": "a: " + "9" * (SIZE - 3),
    "underscores": "a: 1" + "_" * (SIZE - 5) + "x",
    "base 60": "a: 1" + ":1" * (SIZE // 2 - 3) + "x",
    "exponent": "a: 1e" + "1" * (SIZE - 5),
    "one key": "k" * SIZE,
    "colons": ":" * SIZE,
    "line breaks": "\n" * SIZE,
    "comments": "#\n" * (SIZE // 2),
    "open quote over lines": 'a: "' + "x\n " * (SIZE // 3 - 2),
    "deep indentation": "".join(" " * i + "a:\n" for i in range(1400)),
}


HARMLESS = {"one key", "underscores", "base 60"}  # long text is text


def result(text):
    try:
        loads(text, "c.yaml")
    except Refused as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_in_time_and_memory(name):
    text = HOSTILE[name]
    assert len(text) <= opening.MAX_BYTES
    with no_hang():
        message = result(text)
    assert len(message) < 20_000
    assert bool(message) is (name not in HARMLESS)
    tracemalloc.start()
    result(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 1024 * 1024


def test_depth_and_number_of_values_just_within_the_limits():
    deep = "[" * tree.MAX_DEPTH + "1" + "]" * tree.MAX_DEPTH
    assert loads(deep, "c").plain()
    assert "c.yaml:1:33: nested too deeply; expected at most 32 levels" in refusal("[" + deep + "]")
    many = "[" + "a," * (tree.MAX_NODES - 1) + "]"
    assert len(loads(many, "c").value) == tree.MAX_NODES - 1
    assert "too many values; expected at most 20000" in refusal(many[:-1] + "a]")
