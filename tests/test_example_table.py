"""examples/README.md names every example once, and says of each what its contract and its kernels say."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from tests.example_kernels import EXAMPLES, NAMES

SCRIPT = Path(__file__).parent.parent / "scripts" / "example_table.py"


@pytest.fixture
def tables():
    """The script, as a module."""
    spec = spec_from_file_location("example_table", SCRIPT)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date():
    done = subprocess.run([sys.executable, SCRIPT, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "up to date\n"), f"{done.stdout}{done.stderr}python {SCRIPT}"


def test_every_folder_is_linked_once_and_has_a_contract_and_kernels():
    folders = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir() and path.name != "__pycache__")
    links = re.findall(r"^\| \[([a-z0-9-]+)\]\((\S+)\)", (EXAMPLES / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(name for name, _ in links) == folders == NAMES
    assert all((EXAMPLES / link).is_file() for _, link in links)


def test_the_commands_of_the_page_name_what_there_is():
    commands = (EXAMPLES / "README.md").read_text("utf-8").split("```console\n")[1].split("```")[0]
    folder, contract, kernel = re.search(
        r"cp -r examples/(\S+) .*run (\S+) --subject kernels:(\w+)", commands, re.DOTALL
    ).groups()
    assert (EXAMPLES / folder / contract).is_file()
    assert f"class {kernel}:" in (EXAMPLES / folder / "kernels.py").read_text("utf-8")


def test_a_row_says_what_a_contract_uses(tables):
    row = tables.row("paged-decode")
    assert "`arithmetic: softmax`, `cover`, `range`, `sizes`, `updates`, `valid`, `bf16`, `einsum`" in row
    assert "`close`" not in row and row.endswith(", torch |\n")


def test_an_example_that_is_in_no_section_is_named(tables, monkeypatch):
    monkeypatch.setattr(tables, "NAMES", sorted([*NAMES, "a-new-one"]))
    with pytest.raises(ValueError, match=r"has to name every folder of examples/ once: a-new-one$"):
        tables.page(tables.PAGE.read_text("utf-8"))


def test_a_section_without_a_heading_is_named(tables):
    with pytest.raises(ValueError, match=r"README\.md has no heading, or several, of Caches"):
        tables.page(tables.PAGE.read_text("utf-8").replace("### Caches\n", "### Cash\n"))
