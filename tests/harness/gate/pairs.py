"""Pairs of contracts as data: a base contract, and what makes the old and the new version of it.

bases/<name>.yaml are contracts, and so is every frozen release, as <id>-<version>. edits/<section>.yaml list the pairs,
each under the section in which it differs:

    - id: fixtures/<kind>   one pair for every kind of change,
          pairs/<name>      edits easily taken for something else, and several at once,
          fields/<name>     a field that no kind of change has to itself (id, base and edits alone)
      level: the right bump, known before the gate was asked
      why: would someone who relied on the old version be let down?
      base: the contract that both versions are made from
      before: the diff from the base to the old version; left out where the base is the old version
      edit: the diff from the old version to the new one
      says: every change that the gate finds, a line each

A diff consists of whole lines: `-` removes, `+` adds, a blank in front only finds the place, `@@` starts at another
place. The lines that are removed or find the place must occur exactly once.

`python -m tests.harness.gate.pairs NAME ...` prints the whole diff of each pair named.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches, unified_diff
from functools import cached_property
from pathlib import Path

import yaml

from harness.contract.node import YamlNode
from harness.contract.spans import loads
from tests.edited import edited

HERE = Path(__file__).parent
RELEASED = HERE.parents[2] / "contracts" / "released"
BASES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((HERE / "bases").glob("*.yaml"))}
BASES |= {f"{path.parent.name}-{path.stem}": path.read_text(encoding="utf-8") for path in RELEASED.glob("*/*.yaml")}
FILES = sorted((HERE / "edits").glob("*.yaml"))


@dataclass(frozen=True)
class Pair:
    """Two versions of a contract, and what is right to say of them."""

    id: str
    base: str
    edit: str
    before: str = ""
    level: str = ""
    why: str = ""
    says: str = ""

    @cached_property
    def old(self) -> str:
        """The text of the old version."""
        return patched(BASES[self.base], self.before)

    @cached_property
    def new(self) -> str:
        """The text of the new version."""
        return patched(self.old, self.edit)

    @cached_property
    def trees(self) -> tuple[YamlNode, YamlNode]:
        """The two versions as the loader reads them."""
        return loads(self.old, "old.yaml"), loads(self.new, "new.yaml")

    @property
    def diff(self) -> str:
        """The two versions as a unified diff."""
        return "".join(
            unified_diff(self.old.splitlines(keepends=True), self.new.splitlines(keepends=True), "old", "new")
        )


def patched(text: str, diff: str) -> str:
    """The text after a diff of whole lines; AssertionError where a place is not found, or found twice."""
    # Each place starts with the end of the line before it: half a line is no place.
    return edited(f"\n{text}", [(f"\n{old}", f"\n{new}") for old, new in hunks(diff)])[1:]


def hunks(diff: str) -> Iterator[tuple[str, str]]:
    """Each place of a diff: its lines before and after. Empty lines at either end of a place say nothing."""
    for hunk in f"\n{diff}".split("\n@@\n"):
        lines = hunk.strip("\n").split("\n")
        if lines == [""]:
            continue
        assert all(line[:1] in {"-", "+", " ", ""} for line in lines), f"neither -, + nor a blank in front:\n{hunk}"
        before = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
        after = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
        yield before, after


def read() -> dict[str, Pair]:
    """Every pair by its id."""
    entries = [entry for path in FILES for entry in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)]
    found = {entry["id"]: Pair(**entry) for entry in entries}
    assert len(found) == len(entries), "an id stands twice"
    return found


PAIRS = read()


def named(name: str) -> Pair:
    """A pair by its id, whole or without the group in front; SystemExit where there is none."""
    for group in ("", "fixtures/", "pairs/", "fields/"):
        if f"{group}{name}" in PAIRS:
            return PAIRS[f"{group}{name}"]
    near = get_close_matches(name, [known.partition("/")[2] for known in PAIRS])
    raise SystemExit(f"no pair is called {name}" + (f"; did you mean {' or '.join(near)}?" if near else ""))


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(named(argument).diff, end="")
