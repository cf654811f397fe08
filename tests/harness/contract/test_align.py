"""Every character of a string is traced back to where it was written, in every scalar style."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.contract.spans import loads

WORD = st.text(st.sampled_from("abxyz019_()[]+*/=<>.@&|~é\U0001f600λ'\"\\#:-"), min_size=1, max_size=6)
LINES = st.lists(st.lists(WORD, min_size=1, max_size=4), min_size=1, max_size=4)


def plain(words):
    """Words that may stand unquoted, whatever their order: what would begin or end something is left out."""
    return [["w" + "".join(c for c in word if c not in "#:'\"\\") for word in line] for line in words]


def written(style, lines, indent):
    """YAML in which the lines are one scalar of the given style, and its value."""
    pad = " " * indent
    if style == "plain":
        lines = plain(lines)
        return f"key:  {(chr(10) + pad).join(' '.join(line) for line in lines)}\n"
    text = [" ".join(line) for line in lines]
    if style == "single":
        return "key: '" + ("\n" + pad).join(line.replace("'", "''") for line in text) + "'\n"
    if style == "double":
        escaped = [line.replace("\\", "\\\\").replace('"', '\\"').replace("é", "\\xe9") for line in text]
        escaped = [line.replace("λ", "\\u03bb").replace("\U0001f600", "\\U0001F600") for line in escaped]
        return 'key: "' + ("\n" + pad).join(line + r"\n\x20\t"[:6] for line in escaped) + '"\n'
    header = {"literal": "|", "folded": ">- # not text", "kept": "|+"}[style]
    return f"key: {header}\n" + "".join(f"{pad}{line}\n" for line in text) + "\n"


ESCAPED = {"é": "\\xe9", "λ": "\\u03bb", "\U0001f600": "\\U0001F600", "\\": "\\\\", '"': '\\"'}


@pytest.mark.parametrize("style", ["plain", "single", "double", "literal", "folded", "kept"])
@given(lines=LINES, indent=st.integers(2, 5), before=st.integers(0, 3))
def test_every_character_is_found(style, lines, indent, before):
    source = "# comment\n" * before + written(style, lines, indent)
    node = loads(source, "c.yaml").value["key"]
    rows = source.split("\n")
    places = []
    for offset, character in enumerate(node.value):
        place = node.place_at(offset)
        places.append((place.line, place.column))
        if character in " \n":
            continue
        there = rows[place.line - 1][place.column - 1 :]
        wanted = ESCAPED.get(character, character) if style == "double" else character
        assert there.startswith(wanted), (offset, character, there)
    assert places == sorted(places)
    end = node.place_at(len(node.value))
    assert not places or (end.line, end.column) >= places[-1]


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("k: a + b", 4, 1, 8),
        ("k: a + b", 1, 1, 5),  # a blank, where it stands
        ("k: a + b", 5, 1, 9),  # the end: one past the last character
        ("k: a + b", 99, 1, 9),  # an offset outside is brought inside
        ("k: a +\n   b", 4, 2, 4),
        ("k: a   +\n\n  b", 4, 1, 8),  # 'a   +\nb': inner blanks are kept
        ("k: 'it''s b'", 3, 1, 9),
        ("k: 'it''s b'", 2, 1, 7),
        ('k: "\\u0061 + b"', 0, 1, 5),
        ('k: "\\u0061 + b"', 2, 1, 12),
        ('k: "a \\\n   + b"', 2, 2, 4),
        ('k: " a"', 1, 1, 6),
        ("k: |2-  # note\n  a +\n   b", 5, 3, 4),
        ("k: >\n\n  a +\n  b\n", 5, 4, 3),
        ("k: ''", 0, 1, 4),
        ("k: 12", 1, 1, 4),  # not a string: its place
        ("k: [a, b + c]", 0, 1, 4),
    ],
)
def test_by_hand(text, offset, line, column):
    place = loads(text, "c.yaml").value["k"].place_at(offset)
    assert (place.line, place.column) == (line, column)


def test_place_at_is_linear_in_a_large_scalar():
    node = loads("k: |\n" + "  x + y\n" * 100_000, "c.yaml").value["k"]
    assert node.place_at(len(node.value) - 2).line == 100_001
