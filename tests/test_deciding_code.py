"""Code that decides kills does not change unnoticed: a new version is raised for it, or a reason is given."""

import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from harness.teeth.versions import VERSIONS

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "deciding_code.py"
MATRIX = "harness/teeth/matrix.py"


@pytest.fixture(scope="module")
def script():
    spec = spec_from_file_location("deciding_code", SCRIPT)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_changed_is_acknowledged():
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "up to date\n"), f"\n{done.stdout}{done.stderr}"


@pytest.fixture
def copy(tmp_path):
    """A checkout with a few files of each kind."""
    for name in (MATRIX, "harness/judge/claims.py", "harness/language/mutate/plan.py", "harness/report/teeth.py",
                 "harness/contract/contract.schema.json"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_each_file_belongs_to_one_version_and_reports_to_none(script, copy):
    found = script.code_that_decides(copy)
    assert found["language"].keys() == {"harness/contract/contract.schema.json", "harness/judge/claims.py"}
    assert found["teeth"].keys() == {MATRIX, "harness/language/mutate/plan.py"}


@pytest.mark.parametrize(("name", "old", "new"), [
    (MATRIX, "from __future__", "# a comment\nfrom __future__"),
    (MATRIX, '"""The kill matrix', '"""Another docstring of the kill matrix'),
    (MATRIX, "    metadata = program.contract.metadata\n", "    metadata = (program.contract\n    .metadata)\n"),
    ("harness/contract/contract.schema.json", '"title": "a contract"', '"title": "some contract"'),
    ("harness/report/teeth.py", "SHOWN = 12", "SHOWN = 13"),
])  # fmt: skip
def test_what_decides_nothing(script, copy, name, old, new):
    before = script.code_that_decides(copy)
    edit(copy / name, old, new)
    (copy / "harness/teeth/empty.py").write_text('"""Nothing yet."""\n')
    assert script.code_that_decides(copy) == before


@pytest.mark.parametrize(("name", "old", "new"), [
    (MATRIX, "if killed:", "if not killed:"),
    ("harness/judge/claims.py", "if worst <= 1:", "if worst <= 2:"),
    ("harness/contract/contract.schema.json", '"additionalProperties": false', '"additionalProperties": true'),
])  # fmt: skip
def test_what_decides(script, copy, name, old, new):
    before = script.code_that_decides(copy)
    edit(copy / name, old, new)
    after = script.code_that_decides(copy)
    assert {path for files in after.values() for path in files} == {path for files in before.values() for path in files}
    known = {kind: {"version": VERSIONS[kind], "because": "a test", "files": files} for kind, files in before.items()}
    (told,) = script.changes(known, after, VERSIONS)
    assert name in told and "run `harness teeth`" in told and "python scripts/deciding_code.py" in told


def test_a_version_is_acknowledged_with_its_reason(script, copy):
    path, now = copy / "deciding.json", script.code_that_decides(copy)
    assert len(list(script.changes(script.read(path), now, VERSIONS))) == 2  # nothing was acknowledged so far
    script.acknowledge(path, now, "the first of all versions")
    assert list(script.changes(script.read(path), now, VERSIONS)) == []
    edit(copy / MATRIX, "if killed:", "if not killed:")
    script.acknowledge(path, script.code_that_decides(copy), "it is the other way round")
    known = script.read(path)
    assert (known["language"]["because"], known["teeth"]["because"]) == (
        "the first of all versions", "it is the other way round",
    )  # fmt: skip
    (told,) = script.changes(known, script.code_that_decides(copy), VERSIONS | {"teeth": VERSIONS["teeth"] + 1})
    assert told.startswith(f"TEETH is {VERSIONS['teeth'] + 1}, acknowledged is {VERSIONS['teeth']}")


def test_no_reason_is_told(script, monkeypatch, capsys):
    monkeypatch.setattr(script, "changes", lambda *_: iter(["something changed"]))
    monkeypatch.setattr(script, "acknowledge", None)
    assert script.main(["ok"]) == 2 and "the reason in words" in capsys.readouterr().out
    assert script.main(["--check"]) == 1 and script.main([]) == 2
