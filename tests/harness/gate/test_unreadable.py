"""What cannot be read is told in every format, and the rest is judged: exit code 2, nothing half written."""

import errno
import json
from pathlib import Path

import pytest

from harness.findings import Finding, HandledError, Place, Refused
from harness.gate.gate import gate
from harness.gate.releases.freeze import freeze
from harness.gate.unreadable import Unreadable, unreadable
from tests.harness.gate.pairs import BASES, PAIRS
from tests.harness.gate.projects import MAJOR, TODAY, git, ids

NAMES = Path("contracts/names-v1.yaml")
BROKEN = {
    "no YAML": lambda text: text + "\n  - [",
    "an unknown key": lambda text: text.replace("metadata:\n", "metadata:\n  colour: red\n"),
    "a version that is none": lambda text: text.replace("1.0.0", "latest"),
    "another id than the file's": lambda text: text.replace("id: names", "id: mames"),
    "an unknown name": lambda text: text.replace("most + more", "most + nowhere"),
    "no UTF-8": lambda text: text + "# \udcff\n",
    "nothing": lambda text: "",
}


@pytest.fixture
def two(project, edit):
    """A second contract beside best-scores, both released; best-scores was edited since."""
    NAMES.write_text(BASES["names"])
    assert not freeze(("contracts",), TODAY)[1]
    edit(MAJOR)
    return project


def break_names(name):
    text = BROKEN[name](BASES["names"])
    assert text != BASES["names"]
    NAMES.write_bytes(text.encode(errors="surrogateescape"))


@pytest.mark.parametrize("name", BROKEN)
def test_one_contract_of_two(name, two):
    break_names(name)
    result = gate(("contracts",), "", TODAY)
    assert result.exit_code == 2 and ids(result) == ["version-not-raised"]
    assert {part.place.partition(":")[0] for part in result.unreadable} == {str(NAMES)}
    assert [verdict.candidate.id for verdict in result.verdicts] == ["best-scores"]


@pytest.mark.parametrize("name", BROKEN)
def test_nothing_is_released_beside_it(name, two, run):
    break_names(name)
    before = {path: path.read_bytes() for path in Path("contracts/released").rglob("*.*")}
    code, out, err = run("release")
    assert (code, out) == (2, "") and err.startswith(f"{NAMES}:")
    assert {path: path.read_bytes() for path in Path("contracts/released").rglob("*.*")} == before


def test_every_format_tells_it(two, run):
    break_names("an unknown key")
    code, out, err = run("gate", "--write", "markdown=s.md", "--write", "json=r.json", "--write", "github=g.txt")
    assert (code, err) == (2, "") and out.startswith(f"{NAMES}:2:3: ") and "INCOMPLETE  contracts: 1," in out
    record = json.loads(Path("r.json").read_text())
    assert record["exit_code"] == 2 and record["unreadable"][0]["place"] == f"{NAMES}:2:3"
    assert Path("g.txt").read_text().startswith(f"::error file={NAMES},line=2,col=3,title=could not be read::")
    assert "### Could not be read" in Path("s.md").read_text()
    for form in ("json", "github", "markdown"):
        code, out, err = run("gate", "--format", form)
        assert (
            code == 2
            and len(err.splitlines()) == 1
            and err.startswith(f"{NAMES}:2:3: ")
            and "version-not-raised" in out
        )


def test_annotations_are_printed_as_commands(two, run):
    code, out, _ = run("gate", "--format", "github")
    assert code == 1 and out.startswith(
        "::error file=contracts/best-scores-v1.yaml,line=3,col=12,title=version-not-raised::"
    )


def test_what_depends_on_it(project):
    """A dependency that cannot be read is not missing; who was not edited needs no evaluation."""
    blocks, scores = Path("contracts/blocks-v1.yaml"), Path("contracts/best-scores-v1.yaml")
    blocks.write_text(PAIRS["fixtures/format-added"].new)
    scores.write_text(PAIRS["fixtures/dependency-added"].new)
    freeze(("contracts",), TODAY)
    blocks.write_text(blocks.read_text() + "\n  - [")
    result = gate(("contracts",), "", TODAY)
    assert (ids(result), [verdict.word for verdict in result.verdicts]) == ([], ["unchanged"])
    assert len(result.unreadable) == 1
    scores.write_text(scores.read_text().replace(*MAJOR))
    result = gate(("contracts",), "", TODAY)
    assert not result.verdicts and len(result.unreadable) == 2
    assert "it depends on 'blocks', which cannot be read" in result.unreadable[0].message


def test_a_base_that_cannot_be_read(two):
    git("init", "-q", "-b", "main")
    break_names("no YAML")
    git("add", ".")
    git("commit", "-qm", "broken")
    NAMES.write_text(BASES["names"])
    result = gate(("contracts",), "main", TODAY)
    assert [verdict.candidate.id for verdict in result.verdicts] == ["best-scores"]
    (part,) = result.unreadable
    assert part.place.startswith("main:contracts/names-v1.yaml:")


def test_two_contracts_of_one_id(two):
    other = Path("contracts/names-v2.yaml")
    other.write_text(BASES["names"].replace("1.0.0", "2.0.0"))
    result = gate(("contracts",), "", TODAY)
    assert ids(result) == ["version-not-raised"] and "duplicate id 'names'" in result.unreadable[0].message
    Path("more").mkdir()
    other.rename("more/names-v2.yaml")
    result = gate(("contracts", "more"), "", TODAY)
    assert result.exit_code == 2 and result.unreadable[0].place.startswith("more/names-v2.yaml:")


def test_a_contract_that_is_named_twice_is_judged_once(two):
    for paths in (("contracts", str(NAMES)), (str(NAMES), "contracts"), ("contracts", str(two / "contracts"))):
        result = gate(paths, "", TODAY)
        assert len(result.verdicts) == 2 and ids(result) == ["version-not-raised"]


MISTAKES = {
    "no such ref": ["--against", "nowhere"],
    "no such folder": ["nowhere"],
    "a base that is none": ["--against", "base.yaml"],
    "an unknown option": ["--agianst", "main"],
    "an option without its value": ["--explain"],
    "an unknown format to write": ["--write", "pdf=x"],
    "a file that cannot be written": ["--write", "json=no/where.json"],
    "an empty name": [""],
    "a base without a name": ["--against", ""],
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_told_in_the_formats_that_were_asked_for(name, two, run):
    Path("base.yaml").write_text("a: [")
    code, out, err = run("gate", "--format=github", "--write", "markdown=s.md", *MISTAKES[name])
    assert code == 2 and out.splitlines()[-2].startswith("::error ") and "INCOMPLETE" in out and err
    assert "INCOMPLETE" in Path("s.md").read_text()
    code, out, err = run("gate", *MISTAKES[name])
    assert (code, out) == (2, "") and err


def test_a_link_that_leads_nowhere_beside_contracts(two):
    Path("link").symlink_to("nowhere")
    result = gate(("contracts", "link"), "", TODAY)
    assert len(result.verdicts) == 2 and [str(part) for part in result.unreadable] == [
        "link: leads nowhere, or may not be entered; expected a contract, or a folder of contracts"
    ]


def test_a_folder_that_may_not_be_entered_is_told_too(two, run, monkeypatch):
    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", refuse)
    code, out, err = run("gate", "--format=github")
    told = "contracts: cannot be read: Permission denied"
    assert code == 2 and f"::{told}" in out and err.splitlines() == [told]


def test_an_error_is_taken_apart():
    found = Finding(Place("a.yaml", 2, 3), "not a date", "a day", "'x'", "write one")
    (part,) = unreadable(Refused([found]))
    assert part == Unreadable("a.yaml:2:3", "not a date", "a day", "'x'", "write one") and str(part) == str(found)
    assert unreadable(HandledError("two\nlines")) == [Unreadable("", "two lines")]
