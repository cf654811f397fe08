"""Pairs of contracts whose right bump was known before the gate was asked.

fixtures/<kind>/: one pair for every kind of change. pairs/<name>/: edits that are easily taken for something else, and
several edits at once. Every kind looks at every pair; what they say is kept in changes.txt beside it, so that a false
alarm elsewhere shows. To write those files anew, run this module: `python -m tests.harness.gate.test_pairs` does it.
"""

from pathlib import Path

import pytest
import yaml

from harness.gate.kinds import kind_of, kinds

HERE = Path(__file__).parent
EXPECTED = {
    **{f"fixtures/{name}": parts for name, parts in yaml.safe_load((HERE / "expected-kinds.yaml").read_text()).items()},
    **{f"pairs/{name}": parts for name, parts in yaml.safe_load((HERE / "expected-pairs.yaml").read_text()).items()},
}
# Kinds without a pair: {kind: why}.
NO_PAIR = {
    "unrecognised-change": "no field of the schema leads there; a section of another time does, in test_contract"
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_bump_is_the_right_one(name, pair, changes, bump):
    found = changes(*pair(name))
    assert str(bump(found)) == EXPECTED[name]["level"], [(change.kind, change.shown) for change in found]
    assert "unrecognised-change" not in {change.kind for change in found}
    group, _, kind = name.partition("/")
    if group == "fixtures":
        assert kind in {change.kind for change in found}
        assert str(kinds()[kind].level) == EXPECTED[name]["level"]
    assert lines(found) == (HERE / name / "changes.txt").read_text(encoding="utf-8")


def lines(found):
    """What is kept of a pair: every change, without what evaluating has shown."""
    return "".join(f"{kind_of(c).level!s:5}  {c.kind}  {c.path}: {kind_of(c).told(c)}\n" for c in found) or "nothing\n"


def test_every_kind_has_a_pair_and_every_pair_a_kind():
    named = {name.partition("/")[2] for name in EXPECTED if name.startswith("fixtures/")}
    assert named | NO_PAIR.keys() == set(kinds())
    assert not named & NO_PAIR.keys()


def test_every_folder_is_expected():
    folders = {f"{group}/{path.name}" for group in ("fixtures", "pairs") for path in (HERE / group).iterdir()}
    assert folders == set(EXPECTED)


def test_enough_pairs_with_a_reason_each():
    assert len(EXPECTED) >= 60
    assert all(parts["why"].strip() for parts in EXPECTED.values())
    levels = [parts["level"] for parts in EXPECTED.values()]
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


def write() -> None:
    """Write every changes.txt anew."""
    from harness.contract.spans import load
    from tests.harness.gate.conftest import changes_of

    for name in EXPECTED:
        found = changes_of(load(HERE / name / "old.yaml"), load(HERE / name / "new.yaml"))
        (HERE / name / "changes.txt").write_text(lines(found), encoding="utf-8")


if __name__ == "__main__":
    write()
