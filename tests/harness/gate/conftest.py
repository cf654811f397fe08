"""Pairs of contracts, and what the gate says of them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.contract.node import YamlNode
from harness.contract.read import contract_of
from harness.contract.spans import load
from harness.gate.change import Change
from harness.gate.diff import compare
from harness.gate.evaluation import Evaluated, program_of
from harness.gate.kinds import kind_of
from harness.gate.renames import rewritten
from harness.gate.version import Level

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def changes_of(old: YamlNode, new: YamlNode) -> list[Change]:
    """As the gate compares two versions; both may depend on the contract `blocks`."""
    blocks = {"blocks": contract_of(load(HERE / "fixtures/format-added/new.yaml"))}
    evaluated = Evaluated(
        old, new, lambda: program_of(contract_of(old), blocks), lambda: program_of(contract_of(new), blocks)
    )
    renames = evaluated.renames
    return compare(rewritten(old, renames), new, renames, evaluated)


@pytest.fixture(scope="session")
def changes() -> Callable[[YamlNode, YamlNode], list[Change]]:
    return changes_of


@pytest.fixture(scope="session")
def bump() -> Callable[[list[Change]], Level]:
    return lambda found: max((kind_of(change).level for change in found), default=Level.NONE)


@pytest.fixture(scope="session")
def pair() -> Callable[[str], tuple[YamlNode, YamlNode]]:
    """A pair by its folder: fixtures/<kind> or pairs/<name>."""
    return lambda folder: (load(HERE / folder / "old.yaml"), load(HERE / folder / "new.yaml"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one contract, best-scores 1.0.0, as the current folder."""
    (tmp_path / "contracts").mkdir()
    shutil.copy(HERE / "fixtures/given-widened/old.yaml", tmp_path / "contracts/best-scores-v1.yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def edit(project: Path) -> Callable[..., Path]:
    """Replaces texts in the project's contract; each must occur."""

    def edit_file(*replacements: tuple[str, str], name: str = "best-scores-v1.yaml") -> Path:
        path = project / "contracts" / name
        text = path.read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return path

    return edit_file
