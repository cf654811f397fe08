"""Contracts that tests are about, each a base and an edit.

A folder of fixtures has whole contracts in `bases/` and data files beside them, one for each section of a contract. A
data file lists, under the name of a base, what is made of it:

    sum:
      - id: shape_text
        at: "11:26"
        says: wrong type; expected a list, got 'rows'
        old: "shape: [rows]"
        new: "shape: rows"
      - id: given_unknown
        at: "26:13"
        says: no dimension or input 'row'; did you mean 'rows'?
        after: "if_fails: The sum is wrong."
        add: "given: {row: 1}"

An edit replaces `old` by `new`, or adds the lines `add` after `after`. What it looks for must occur exactly once; lines
behind the first are indented as the line of the contract in which the edit begins. An entry with several edits lists
them as `edits`; one that shares nothing with its base has a `text` of its own. The other keys say what is expected.

Every base begins with a comment, so its contract begins in line 2. All values are read as texts.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.edited import edited

FORMS = ({"old", "new"}, {"after", "add"})


class _Loader(yaml.CBaseLoader):
    """Texts only, and no key twice: PyYAML would drop what the first of them says, and a fixture with it."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = [key.value for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        assert not twice, f"{node.start_mark}: a key is given twice: {', '.join(twice)}"
        return super().construct_mapping(node, deep)


@dataclass(frozen=True)
class Fixture:
    """A contract, and what is expected of it: the values of the keys that `fixtures` was asked for."""

    id: str
    text: str
    expected: tuple[str, ...]

    def write(self, folder: Path) -> Path:
        """The path of its file, written into the folder."""
        path = folder / f"{self.id}.yaml"
        path.write_text(self.text, encoding="utf-8")
        return path


def bases(folder: Path) -> list[Path]:
    """The files of the bases of a folder of fixtures."""
    return sorted((folder / "bases").glob("*.yaml"))


def fixtures(folder: Path, *keys: str) -> dict[str, Fixture]:
    """The fixtures of a folder by id, in the order of their ids; each has these keys beside its edits and no others."""
    found: dict[str, Fixture] = {}
    texts = {path.stem: path.read_text(encoding="utf-8") for path in bases(folder)}
    for path in sorted(folder.glob("*.yaml")):
        for base, entries in yaml.load(path.read_text(encoding="utf-8"), _Loader).items():
            for entry in entries:
                name = entry.pop("id")
                assert name not in found, f"{path}: there are two fixtures {name}"
                expected = tuple(entry.pop(key) for key in keys)
                found[name] = Fixture(name, _text(texts[base], entry, f"{path}: {name}"), expected)
    return dict(sorted(found.items()))


def _text(base: str, entry: dict, where: str) -> str:
    """The text of a contract, from what an entry says beside its expectation."""
    if entry.keys() == {"text"}:
        return entry["text"]
    edits = entry["edits"] if entry.keys() == {"edits"} else [entry]
    try:
        for edit in edits:
            assert set(edit) in FORMS, f"an edit has old and new, or after and add, not {', '.join(edit)}"
            base = edited(base, [_pair(base, edit)])
    except AssertionError as error:
        raise AssertionError(f"{where}: {error}") from None
    return base


def _pair(text: str, edit: dict[str, str]) -> tuple[str, str]:
    """The old and the new text of an edit, further lines indented as the line in which it begins."""
    old = edit.get("old", edit.get("after", "")).rstrip("\n")
    new = edit["new"] if "new" in edit else f"{old}\n{edit['add']}"
    line = next((line for line in text.split("\n") if old.split("\n")[0] in line), "")
    indent = " " * (len(line) - len(line.lstrip(" ")))
    return tuple(part.rstrip("\n").replace("\n", f"\n{indent}") for part in (old, new))
