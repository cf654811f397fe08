"""Kinds of change as data."""

import re
from pathlib import Path

import pytest

from harness.findings import HandledError
from harness.gate.change import Change
from harness.gate.kinds import BREAKS, explain, kind_of, kinds
from harness.gate.problems import PROBLEMS

ROOT = Path(__file__).parents[3]


def test_every_kind_says_what_it_is():
    for kind in kinds().values():
        assert kind.why.endswith(".") and kind.message and kind.breaks in BREAKS
        assert kind.mirror in kinds() or kind.mirror.startswith("none, since ")
        assert (str(kind.level) == "major") == (kind.breaks in ("reader", "both")), "who is let down needs a major bump"
        assert str(kind.level) != "major" or kind.fix, f"{kind.id}: say what to do instead"
        assert not kind.assurance or kind.breaks == "nobody"
        assert set(kind.how) == {"both": {"reader", "implementer"}, "nobody": set()}.get(kind.breaks, {kind.breaks})
        assert len({*kind.how.values()}) == len(kind.how), f"{kind.id}: readers and implementers are told the same"
        todo = kind.how.get("implementer", "implementations")
        assert re.search("implementations|code that", todo, re.IGNORECASE), f"{kind.id}: what has an implementer to do?"
        assert set(re.findall(r"{(\w+)}", kind.message)) <= {"old", "new"}


def test_no_kind_has_the_name_of_another_finding():
    assert not kinds().keys() & PROBLEMS.keys()


def test_the_code_names_every_kind_and_no_other():
    """A kind that nothing reports is dead; stems such as `given-` are put together with an ending."""
    sources = "".join(path.read_text() for path in (ROOT / "harness/gate").rglob("*.py"))
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', sources))
    made = set(re.findall(r'f"([a-z-]*)\{', sources)) | {"given-", "where-", "rows-", "domain-", "stage-", "return-",
                                                         "model-dimension-", "tensor-template-", "input-formats-",
                                                         "input-kinds-", "stages-", "returns-"}  # fmt: skip
    for kind in kinds():
        assert kind in named or any(stem and kind.startswith(stem) for stem in made), kind


def test_told():
    kind = kinds()["accuracy-loosened"]
    assert kind.told(Change(kind.id, "a.b", old="8 units", new="16 units")) == (
        "promises an accuracy of only 16 units, was 8 units"
    )
    assert kind_of(Change("accuracy-loosened", "a.b")) is kind


def test_explain():
    lines = list(explain("fault-removed"))
    assert lines[0] == "fault-removed: minor, breaks nobody" and "assurance lowered" in lines[1]
    told = list(explain("return-renamed"))
    assert told[1:3] == [
        "  Callers read results by name.",
        "  Implementers: Implementations must return it under the new name.",
    ]
    assert next(explain("waiver-unused")).endswith("until it is fixed or waived")
    assert next(explain("version-not-raised")).endswith("until it is fixed; no waiver accepts it")
    assert list(explain("waiver-unused"))[1].strip() == PROBLEMS["waiver-unused"]
    with pytest.raises(HandledError, match="did you mean 'fault-removed'"):
        list(explain("fault-removd"))


def test_the_manual_lists_every_kind():
    """docs/gate.md has the table that this writes: `python -m tests.harness.gate.test_kinds`."""
    manual = (ROOT / "docs/gate.md").read_text(encoding="utf-8")
    assert table() in manual


def test_what_a_user_needs_fits_on_two_screens():
    lines = (ROOT / "docs/gate.md").read_text(encoding="utf-8").partition("\n# Reference\n")[0].splitlines()
    assert sum(-(-max(1, len(line)) // 120) for line in lines) <= 2 * 50


def table():
    lines = ["| kind | bump | breaks | why, and what it means |", "|---|---|---|---|"]
    for kind in kinds().values():
        bump = f"{kind.level}, assurance {kind.assurance}" if kind.assurance else str(kind.level)
        told = " ".join(dict.fromkeys((kind.why, *kind.how.values())))
        lines.append(f"| `{kind.id}` | {bump} | {kind.breaks} | {told} |")
    return "\n".join(lines) + "\n"


def write():
    path = ROOT / "docs/gate.md"
    text = path.read_text(encoding="utf-8")
    start, stop = text.index("| kind | bump |"), text.index("\n\n", text.index("| kind | bump |"))
    path.write_text(text[:start] + table() + text[stop + 1 :], encoding="utf-8")


if __name__ == "__main__":
    write()
