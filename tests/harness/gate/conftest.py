"""Pairs of contracts, and what the gate says of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cli import main
from harness.contract.node import YamlNode
from harness.contract.read import contract_of
from harness.gate.change import Change
from harness.gate.diff import compare
from harness.gate.evaluation import Evaluated, program_of
from harness.gate.kinds import kind_of
from harness.gate.names.in_new_names import in_new_names
from harness.gate.version import Level
from tests.harness.gate.pairs import BASES, PAIRS
from tests.harness.gate.projects import git


def changes_of(old: YamlNode, new: YamlNode) -> list[Change]:
    """As the gate compares two versions; both may depend on the contract `blocks`."""
    blocks = {"blocks": contract_of(PAIRS["fixtures/format-added"].trees[1])}
    old, renames = in_new_names(old, new)
    evaluated = Evaluated(lambda: program_of(contract_of(old), blocks), lambda: program_of(contract_of(new), blocks))
    return compare(old, new, renames, evaluated)


@pytest.fixture(scope="session")
def changes() -> Callable[[YamlNode, YamlNode], list[Change]]:
    return changes_of


@pytest.fixture(scope="session")
def bump() -> Callable[[list[Change]], Level]:
    return lambda found: max((kind_of(change).level for change in found), default=Level.NONE)


@pytest.fixture(scope="session")
def pair() -> Callable[[str], tuple[YamlNode, YamlNode]]:
    """The two versions of a pair by its id."""
    return lambda name: PAIRS[name].trees


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one contract, best-scores 1.0.0, as the current folder."""
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts/best-scores-v1.yaml").write_text(BASES["best-scores"], encoding="utf-8")
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


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """The command, as a user runs it: exit code, output, errors."""

    def run_command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["harness", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    return run_command


@pytest.fixture
def repository(project: Path) -> Path:
    """The project as a git repository with one commit."""
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "first")
    return project
