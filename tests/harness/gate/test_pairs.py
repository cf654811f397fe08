"""Pairs of contracts whose right bump was known before the gate was asked: edits/, see pairs.py.

Every kind looks at every pair, and all that they say is kept beside it, so that a false alarm elsewhere shows. To write
it anew where the words or the kinds have changed: `python -m tests.harness.gate.test_pairs`.
"""

from collections.abc import Mapping
from dataclasses import replace
from textwrap import indent

import pytest

from harness.gate.change import Change
from harness.gate.kinds import kind_of, kinds
from harness.gate.version import Level
from tests.harness.gate.pairs import FILES, PAIRS, Pair, hunks, named, patched

EXPECTED = {name: pair for name, pair in PAIRS.items() if not name.startswith("fields/")}
# Kinds without a pair: {kind: why}.
NO_PAIR = {
    "unrecognised-change": "no field of the schema leads there; a section of another time does, in test_contract"
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_bump_is_the_right_one(name, pair, changes, bump):
    found = changes(*pair(name))
    hold(EXPECTED[name], found, bump(found))


def hold(expected: Pair, found: list[Change], level: Level) -> None:
    """What the gate says of a pair is what is right to say of it; else a failure that shows the pair as a diff."""
    told = f"\n{expected.diff}\n{lines(found)}"
    reported = {change.kind for change in found}
    assert str(level) == expected.level, told
    assert "unrecognised-change" not in reported, told
    group, _, kind = expected.id.partition("/")
    if group == "fixtures":
        assert kind in reported, told
        assert str(kinds()[kind].level) == expected.level, told
    assert lines(found) == expected.says, told


def lines(found: list[Change]) -> str:
    """What is kept of a pair: every change, without what evaluating has shown."""
    told = [
        f"{kind_of(change).level!s:5}  {change.kind}  {change.path}: {kind_of(change).told(change)}" for change in found
    ]
    return "".join(f"{line.rstrip()}\n" for line in told) or "nothing\n"


def test_a_failure_shows_the_pair_as_a_diff(pair, changes, bump):
    right = PAIRS["fixtures/accuracy-loosened"]
    found = changes(*pair(right.id))
    for wrong in (replace(right, level="minor"), replace(right, id="fixtures/claim-moved"), replace(right, says="")):
        with pytest.raises(AssertionError) as failed:
            hold(wrong, found, bump(found))
        assert indent(right.diff, "  ") in str(failed.value), "pytest sets a message in by two"
    assert "-    claim: accurate(add().total, total, 8)\n+    claim: accurate(add().total, total, 16)\n" in right.diff


def test_every_kind_has_a_pair_and_every_pair_a_kind():
    kinds_with_a_pair = {name.partition("/")[2] for name in EXPECTED if name.startswith("fixtures/")}
    assert kinds_with_a_pair | NO_PAIR.keys() == set(kinds())
    assert not kinds_with_a_pair & NO_PAIR.keys()


def test_every_pair_says_all_that_is_needed_of_it():
    for pair in PAIRS.values():
        group, _, name = pair.id.partition("/")
        assert group in ("fixtures", "pairs", "fields") and name and pair.edit
        assert all((pair.level, pair.why, pair.says)) == any((pair.level, pair.why, pair.says)) == (group != "fields")
        assert named(name) == pair, "one name, one pair"


def test_enough_pairs_with_a_reason_each():
    assert len(EXPECTED) >= 60
    assert all(pair.why.strip() for pair in EXPECTED.values())
    levels = [pair.level for pair in EXPECTED.values()]
    assert min(levels.count(level) for level in ("major", "minor", "patch")) >= 20


@pytest.mark.parametrize("kind", sorted(kinds().keys() - NO_PAIR.keys()))
def test_the_opposite_edit_has_the_mirror_kind(kind, pair, changes):
    """A kind whose mirror is missing would let an edit through one way round."""
    mirror = kinds()[kind].mirror
    if mirror not in kinds():
        assert mirror.startswith("none, since ")
        return
    old, new = pair(f"fixtures/{kind}")
    assert mirror in {change.kind for change in changes(new, old)}


# --- the data themselves --------------------------------------------------------------------------------------------

TEXT = "a:\n  x: 1\n\nb:\n  x: 1\n  y: 2\n"


@pytest.mark.parametrize(
    ("diff", "after"),
    [
        ("-  y: 2\n+  y: 3\n", "a:\n  x: 1\n\nb:\n  x: 1\n  y: 3\n"),
        ("@@\n b:\n-  x: 1\n", "a:\n  x: 1\n\nb:\n  y: 2\n"),
        ("+z: 0\n+\n b:\n", "a:\n  x: 1\n\nz: 0\n\nb:\n  x: 1\n  y: 2\n"),
        ("-a:\n-  x: 1\n-\n b:\n", "b:\n  x: 1\n  y: 2\n"),
        ("-a:\n+c:\n@@\n-b:\n+d:\n", "c:\n  x: 1\n\nd:\n  x: 1\n  y: 2\n"),
        ("@@\n   x: 1\n\n-b:\n+c:\n", "a:\n  x: 1\n\nc:\n  x: 1\n  y: 2\n"),
        ("", TEXT),
    ],
    ids=["changed", "removed", "added", "removed at the start", "two places", "across an empty line", "nothing"],
)
def test_a_diff_of_whole_lines(diff, after):
    assert patched(TEXT, diff) == after


@pytest.mark.parametrize(
    ("diff", "told"),
    [
        ("-  x: 1\n+  x: 2\n", "occurs 2 times"),
        ("-z: 1\n+z: 2\n", "occurs 0 times"),
        ("-y: 2\n+y: 3\n", "occurs 0 times"),
        ("-a:\n+a:\n", "changes nothing"),
        ("-a:\n+c:\n@@\n-a:\n+d:\n", "occurs 0 times"),
        ("-a:\n  x: 1\n~b\n", "neither"),
    ],
    ids=["found twice", "not found", "half a line", "nothing changes", "gone already", "no line of a diff"],
)
def test_a_diff_that_is_not_what_was_meant(diff, told):
    with pytest.raises(AssertionError, match=told):
        patched(TEXT, diff)


def test_places_of_a_diff():
    assert list(hunks("-a\n+b\n@@\n c\n\n+d\n")) == [("a\n", "b\n"), ("c\n\n", "c\n\nd\n")]


def test_a_pair_by_name():
    assert named("accuracy-loosened") is named("fixtures/accuracy-loosened") is PAIRS["fixtures/accuracy-loosened"]
    with pytest.raises(SystemExit, match=r"no pair is called accuracy-losened; did you mean accuracy-loosened"):
        named("accuracy-losened")


def test_the_writer_puts_each_text_in_its_place():
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert with_says(text, {name: pair.says for name, pair in EXPECTED.items()}) == text, path.name
    text = "- id: pairs/one\n  says: |\n    old\n    lines\n\n- id: fields/two\n  edit: |\n    +a\n"
    assert with_says(text, {"pairs/one": "new\n"}) == text.replace("    old\n    lines\n", "    new\n")


def with_says(text: str, says: Mapping[str, str]) -> str:
    """The text of a file of edits/ with other `says`, by the id of the pair."""
    written, name, replaced = [], "", False
    for line in text.splitlines(keepends=True):
        if line.startswith("- id: "):
            name = line.removeprefix("- id: ").strip()
        if not line.startswith("    "):
            replaced = line == "  says: |\n"
        elif replaced:
            continue
        written.append(line)
        if replaced:
            written += [f"    {told}\n" for told in says[name].splitlines()]
    return "".join(written)


def write() -> None:
    """Write anew what the gate says of every pair."""
    from tests.harness.gate.conftest import changes_of

    says = {name: lines(changes_of(*pair.trees)) for name, pair in EXPECTED.items()}
    for path in FILES:
        path.write_text(with_says(path.read_text(encoding="utf-8"), says), encoding="utf-8")


if __name__ == "__main__":
    write()
