"""The whole gate on small projects: bases, verdicts, exit codes; git, a shallow clone, a tree without history."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from harness.gate.change import Change
from harness.gate.decide import since
from harness.gate.gate import gate
from harness.gate.releases.freeze import freeze
from harness.gate.version import Version
from harness.gate.waivers import Waiver
from tests.harness.gate.pairs import BASES, PAIRS
from tests.harness.gate.projects import MAJOR, MINOR, NEXT, PATCH, TODAY, git, ids, version, waive

# --- against frozen releases ----------------------------------------------------------------------------------------


def test_the_first_release_is_an_explicit_act(project):
    first = gate(("contracts",), "", TODAY)
    assert ids(first) == ["first-release"] and first.exit_code == 1
    done, stopped = freeze(("contracts",), TODAY)
    assert [(str(frozen.release.version), frozen.now) for frozen in done] == [("1.0.0", True)] and not stopped
    after = gate(("contracts",), "", TODAY)
    assert (after.verdicts[0].word, after.exit_code) == ("unchanged", 0)


def test_a_draft_needs_no_release(project, edit):
    edit(("lifecycle: active", "lifecycle: draft"))
    result = gate(("contracts",), "", TODAY)
    assert (result.verdicts[0].word, result.exit_code) == ("not released", 0)


def test_releasing_twice_changes_nothing(project):
    freeze(("contracts",), TODAY)
    before = {path: path.read_bytes() for path in (project / "contracts/released").rglob("*.*")}
    done, _ = freeze(("contracts",), TODAY)
    assert [frozen.now for frozen in done] == [False]
    assert {path: path.read_bytes() for path in (project / "contracts/released").rglob("*.*")} == before


def test_a_release_is_never_overwritten(project, edit):
    freeze(("contracts",), TODAY)
    frozen = (project / "contracts/released/best-scores/1.0.0.yaml").read_bytes()
    edit(PATCH)
    done, stopped = freeze(("contracts",), TODAY)
    assert not done and [problem.id for problem in stopped] == ["version-not-raised"]
    assert (project / "contracts/released/best-scores/1.0.0.yaml").read_bytes() == frozen


@pytest.mark.parametrize("edited", [PATCH, MINOR, MAJOR], ids=["patch", "minor", "major"])
@pytest.mark.parametrize("declared", ["1.0.0", "1.0.1", "1.1.0", "2.0.0"])
def test_a_bump_is_enough_or_not(edited, declared, project, edit, run):
    """No bump, a too small one, the right one, and a larger one."""
    freeze(("contracts",), TODAY)
    path = edit(edited, version(declared))
    if declared == "2.0.0":
        path.rename(path.with_name("best-scores-v2.yaml"))
    level = {PATCH: 1, MINOR: 2, MAJOR: 3}[edited]
    made = ["1.0.0", "1.0.1", "1.1.0", "2.0.0"].index(declared)
    code, out, _ = run("gate")
    assert code == (0 if made >= level else 1)
    if made < level:
        assert f"declare {[*NEXT.values()][level - 1]}" in out
        assert ("version-not-raised" if made == 0 else "version-too-small") in out


def test_the_base_is_the_greatest_release_below(project, edit):
    freeze(("contracts",), TODAY)
    edit(MINOR, version("1.1.0"))
    freeze(("contracts",), TODAY)
    edit(("features: {min: 1, max: 9}", "features: {min: 1, max: 10}"), ("version: 1.1.0", "version: 1.2.0"))
    (verdict,) = gate(("contracts",), "", TODAY).verdicts
    assert (str(verdict.since.version), str(verdict.needed)) == ("1.1.0", "minor")
    edit(("version: 1.2.0", "version: 1.0.5"))  # a fix for those who stay with 1.0
    (verdict,) = gate(("contracts",), "", TODAY).verdicts
    assert str(verdict.since.version) == "1.0.0" and verdict.problems[0].hint.startswith("declare 1.1.1")
    assert [problem.id for problem in verdict.problems] == ["version-too-small", "version-below"]


def test_a_version_below_the_first_release(project, edit):
    freeze(("contracts",), TODAY)
    path = edit(version("0.9.0"))
    path.rename(path.with_name("best-scores-v0.yaml"))
    assert ids(gate(("contracts",), "", TODAY)) == ["version-below"]


def test_only_comments_changed(project, edit):
    freeze(("contracts",), TODAY)
    edit(("lifecycle: active", "lifecycle: active  # indeed"))
    assert gate(("contracts",), "", TODAY).verdicts[0].word == "unchanged"


def test_frozen_copies_are_watched(project):
    freeze(("contracts",), TODAY)
    copy = project / "contracts/released/best-scores/1.0.0.yaml"
    text = copy.read_text()
    copy.write_text(text.replace("title: The best", "title: The very best"))
    assert ids(gate(("contracts",), "", TODAY)) == ["version-not-raised", "release-edited"]
    copy.write_text(text.replace("references", "# a comment\n  references"))
    result = gate(("contracts",), "", TODAY)
    assert ids(result) == ["release-edited"] and "although it says the same" in result.findings[0].message
    copy.write_bytes(text.replace("\n", "\r\n").encode())  # as git may check it out elsewhere
    assert ids(gate(("contracts",), "", TODAY)) == []
    copy.write_text(text)
    shutil.copy(copy, copy.with_name("1.0.1.yaml"))
    assert ids(gate(("contracts",), "", TODAY)) == ["release-unlisted"]


def test_a_frozen_copy_that_is_gone(project):
    freeze(("contracts",), TODAY)
    (project / "contracts/released/best-scores/1.0.0.yaml").unlink()
    result = gate(("contracts",), "", TODAY)
    assert ids(result) == ["release-missing"]
    assert result.findings[0].place == "contracts/released/best-scores/1.0.0.yaml"


def test_a_contract_that_is_gone(project, edit):
    (project / "contracts/names-v1.yaml").write_text(BASES["names"])
    freeze(("contracts",), TODAY)
    (project / "contracts/best-scores-v1.yaml").unlink()
    assert ids(gate(("contracts",), "", TODAY)) == ["contract-gone"]


def test_a_deprecated_contract_may_go(project, edit):
    (project / "contracts/names-v1.yaml").write_text(BASES["names"])
    edit(("lifecycle: active", "lifecycle: deprecated"))
    freeze(("contracts",), TODAY)
    (project / "contracts/best-scores-v1.yaml").unlink()
    assert ids(gate(("contracts",), "", TODAY)) == []


def test_one_file_alone(project, edit):
    (project / "contracts/names-v1.yaml").write_text(BASES["names"])
    freeze(("contracts",), TODAY)
    edit(MAJOR)
    assert ids(gate(("contracts/names-v1.yaml",), "", TODAY)) == []
    assert ids(gate(("contracts/best-scores-v1.yaml",), "", TODAY)) == ["version-not-raised"]


def test_frozen_copies_are_no_contracts(project, run):
    freeze(("contracts",), TODAY)
    code, out, _ = run("validate")
    assert code == 0 and "contracts: 1," in out


# --- against something else -----------------------------------------------------------------------------------------


def test_against_a_file_and_a_folder(project, edit, tmp_path):
    shutil.copytree("contracts", tmp_path / "before")
    edit(MINOR, version("1.0.1"))
    for against in ("before", "before/best-scores-v1.yaml"):
        result = gate(("contracts/best-scores-v1.yaml",), against, TODAY)
        assert ids(result) == ["version-too-small"]
        assert result.verdicts[0].since.base == against
    edit(("version: 1.0.1", "version: 1.1.0"))
    assert gate(("contracts",), "before", TODAY).exit_code == 0


def test_two_files_are_compared_whatever_they_are_called(project):
    (project / "old.yaml").write_text(PAIRS["fixtures/contract-renamed"].old)
    (project / "new.yaml").write_text(PAIRS["fixtures/contract-renamed"].new)
    result = gate(("new.yaml",), "old.yaml", TODAY)
    assert [keyed.change.kind for keyed in result.verdicts[0].since.changes] == ["contract-renamed"]


def test_a_file_against_other_contracts(project):
    (project / "contracts/names-v1.yaml").write_text(BASES["names"])
    (project / "other.yaml").write_text(PAIRS["fixtures/format-added"].old)
    result = gate(("contracts",), "other.yaml", TODAY)
    assert result.exit_code == 2 and "'blocks' is not one of the given ones" in result.unreadable[0].message


def test_against_a_git_ref(repository, edit):
    assert ids(gate(("contracts",), "main", TODAY)) == []
    edit(MAJOR)
    assert ids(gate(("contracts",), "HEAD", TODAY)) == ["version-not-raised"]
    git("tag", "before")
    git("commit", "-qam", "second")
    result = gate(("contracts",), "before", TODAY)
    place = result.verdicts[0].since.changes[0].change.old_place
    assert place.path == "before:contracts/best-scores-v1.yaml" and place.line > 1


@pytest.mark.parametrize("declared", ["1.0.0", "1.0.1", "1.1.0"])
def test_new_since_a_ref_is_told_apart(declared, repository, edit):
    """1.1.0 at the ref is not out yet: the release decides, and what is new since the ref is shown apart."""
    freeze(("contracts",), TODAY)
    edit(MINOR, version("1.1.0"))
    git("add", ".")
    git("commit", "-qm", "second")
    edit(PATCH, ("version: 1.1.0", f"version: {declared}"))
    result = gate(("contracts",), "HEAD", TODAY)
    (verdict,) = result.verdicts
    assert (verdict.since.base, verdict.also.base) == ("release 1.0.0", "HEAD")
    assert {keyed.change.kind for keyed in verdict.since.changes} == {"dimension-widened", "prose-changed"}
    assert {keyed.change.kind for keyed in verdict.also.changes} == {"prose-changed"}
    assert result.exit_code == (0 if declared == "1.1.0" else 1)


def test_a_shallow_clone_and_a_tree_without_history(repository, edit, tmp_path, run, monkeypatch):
    """Exit 1, 1 and 0 for no bump, a too small one and the right one, wherever the project was copied from."""
    freeze(("contracts",), TODAY)
    git("add", ".")
    git("commit", "-qm", "released")
    git("commit", "-qm", "later", "--allow-empty")
    git("clone", "-q", "--depth=1", f"file://{repository}", "shallow")
    git("archive", "-o", "tree.tar", "HEAD")
    (tmp_path / "tarball").mkdir()
    shutil.unpack_archive("tree.tar", tmp_path / "tarball")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for place in ("shallow", "tarball"):
        monkeypatch.chdir(tmp_path / place)
        path = Path("contracts/best-scores-v1.yaml")
        text = path.read_text().replace(*MINOR)
        for declared, code in (("1.0.0", 1), ("1.0.1", 1), ("1.1.0", 0)):
            path.write_text(text.replace(*version(declared)))
            assert run("gate")[0] == code
    code, _, err = run("gate", "--against", "HEAD")
    assert code == 2 and "is not in a git work tree" in err
    monkeypatch.chdir(tmp_path / "shallow")
    assert run("gate", "--against", "HEAD")[0] == 0


@pytest.mark.parametrize("ref", ["nowhere", "--help", "-n", "main:contracts", "HEAD^{tree}", " "])
def test_what_is_no_ref(ref, repository, run):
    code, out, err = run("gate", f"--against={ref}")
    assert (code, out) == (2, "") and len(err.splitlines()) == 1 and "--against" in err


def test_without_the_git_executable(project, run, monkeypatch):
    monkeypatch.setenv("PATH", os.devnull)
    code, _, err = run("gate", "--against", "main")
    assert code == 2 and "there is none" in err
    assert run("gate")[0] == 1


# --- dependencies, waivers, mistakes --------------------------------------------------------------------------------


def dependent(wanted, lifecycle="active"):
    text = PAIRS["fixtures/dependency-added"].new
    return text.replace(">=1.0,<2", wanted).replace("lifecycle: active", f"lifecycle: {lifecycle}")


def test_dependencies(project):
    blocks = project / "contracts/blocks-v1.yaml"
    blocks.write_text(PAIRS["fixtures/format-added"].new)
    scores = project / "contracts/best-scores-v1.yaml"
    scores.write_text(dependent(">=1.0,<2"))
    freeze(("contracts",), TODAY)
    assert ids(gate(("contracts",), "", TODAY)) == []
    assert ids(gate((str(scores),), "", TODAY)) == []
    scores.write_text(dependent(">=2"))
    assert ids(gate(("contracts",), "", TODAY)) == ["version-not-raised", "dependency-excludes"]
    scores.write_text(dependent(">=1.0,<2"))
    text = blocks.read_text()
    blocks.write_text(text.replace("lifecycle: active", "lifecycle: draft"))
    assert ids(gate(("contracts",), "", TODAY)) == ["dependency-on-draft", "version-not-raised"]
    circle = '  references: [an example]\n  depends_on: {best-scores: ">=1"}'
    blocks.write_text(text.replace("  references: [an example]", circle))
    assert ids(gate(("contracts",), "", TODAY)) == ["dependency-cycle", "version-not-raised"]
    blocks.unlink()
    assert ids(gate(("contracts",), "", TODAY)) == ["dependency-unknown", "contract-gone"]


def test_waivers(project, edit):
    freeze(("contracts",), TODAY)
    edit(MAJOR, version("1.0.1"))
    (verdict,) = gate(("contracts",), "", TODAY).verdicts
    key = verdict.since.changes[0].key
    assert key.startswith("best-scores@1.0.0:dimension-narrowed:dimensions.features:")
    waive(key)
    passed = gate(("contracts",), "", TODAY)
    assert ids(passed) == [] and passed.verdicts[0].since.changes[0].waiver.reason == "agreed with all users"
    assert ids(gate(("contracts",), "", date(2027, 6, 30))) == []
    assert ids(gate(("contracts",), "", date(2027, 7, 1))) == ["version-too-small", "waiver-expired"]
    edit(("features: {min: 1, max: 7}", "features: {min: 1, max: 6}"))  # another edit is not what was waived
    assert ids(gate(("contracts",), "", TODAY)) == ["version-too-small", "waiver-unused"]
    for unknown in ("best-scorer:first-release", "best-scores:first-relase", "best-scores"):
        waive(unknown)
        assert "waiver-unknown" in ids(gate(("contracts",), "", TODAY))


@pytest.mark.parametrize("accepted", ["the change", "the version"])
def test_a_waiver_that_has_served(accepted, repository, edit):
    """It is needed until its release is merged, and stops nobody afterwards."""
    freeze(("contracts",), TODAY)
    git("add", ".")
    git("commit", "-qm", "release 1.0.0")
    edit(MAJOR, version("1.0.1"))
    result = gate(("contracts",), "", TODAY)
    key = result.verdicts[0].since.changes[0].key if accepted == "the change" else result.findings[0].key
    waive(key)
    assert not freeze(("contracts",), TODAY)[1]
    for against in ("main", ""):
        assert ids(gate(("contracts",), against, TODAY)) == []
    git("add", ".")
    git("commit", "-qm", "release 1.0.1, merged")
    assert ids(gate(("contracts",), "main", TODAY)) == []
    assert ids(gate(("contracts",), "main", date(2027, 7, 1))) == ["waiver-expired"]
    for other in (key.replace("1.0.0", "1.0.1").replace(":1.0.1:", ":1.0.2:"), "best-scores:contract-gone"):
        waive(other)  # nothing later has been released, so that it could hide what comes
        assert ids(gate(("contracts",), "main", TODAY)) == ["waiver-unused"]


def test_a_finding_that_is_no_change_is_waived_by_its_key(project):
    waive("best-scores:first-release")
    result = gate(("contracts",), "", TODAY)
    assert ids(result) == [] and [problem.id for problem, _ in result.waived] == ["first-release"]


MISTAKES = {
    "no such path": (["gate", "nowhere"], "nowhere: no such file or folder"),
    "no such format": (["gate", "--format", "pdf"], "'pdf' is not one of"),
    "no such kind": (["gate", "--explain", "dimension-narowed"], "did you mean 'dimension-narrowed'?"),
    "a file to write of no format": (["gate", "--write", "summary.md"], "expected FORMAT=FILE"),
    "a file that cannot be written": (["gate", "--write", "json=nowhere/x.json"], "nowhere/x.json cannot be written"),
    "a release of nothing": (["release", "nowhere"], "nowhere"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_end_in_a_line_and_exit_code_2(name, project, run):
    freeze(("contracts",), TODAY)
    arguments, told = MISTAKES[name]
    code, out, err = run(*arguments)
    lines = [line for line in err.splitlines() if line and not line.startswith(("Usage:", "Try "))]
    assert (code, out, len(lines)) == (2, "", 1) and told in err


DAMAGED = {
    "a contract with an unknown key": ("contracts/best-scores-v1.yaml", "metadata:\n", "metadata:\n  colour: red\n"),
    "a contract with an unknown name": ("contracts/best-scores-v1.yaml", "scores: w @ x", "scores: w @ v"),
    "a digest that is none": ("contracts/released/digests.json", '"digest"', '"digits"'),
    "digests of another time": ("contracts/released/digests.json", "releases/1", "releases/9"),
    "a release outside the folder": ("contracts/released/digests.json", '"best-scores"', '"../best-scores"'),
    "digests nested without end": ("contracts/released/digests.json", "{", "[" * 100_000),
    "digests beside something else": ("contracts/released/digests.json", '"schema"', '"x": NaN, "schema"'),
    "more than digests of a release": ("contracts/released/digests.json", '"digest"', '"size": "1", "digest"'),
    "a release that is listed twice": ("contracts/released/digests.json", '"1.0.0"', '"1.0.0": {}, "1.0.0"'),
}
WAIVERS = {
    "without a day": (', expires: "2027-06-30"', ""),
    "with a day that is none": ("2027-06-30", "2027-06-31"),
    "with a day in another form": ("2027-06-30", "20270630"),
    "with a week in place of a day": ("2027-06-30", "2027-W26-3"),
    "without a reason": ("agreed with all users", " "),
    "no list": ("waivers:", "waiver:"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_cannot_be_read_is_no_verdict(name, project, run):
    freeze(("contracts",), TODAY)
    waive("best-scores:first-release")
    path, old, new = DAMAGED[name]
    text = Path(path).read_text()
    assert old in text
    Path(path).write_text(text.replace(old, new))
    code, out, err = run("gate")
    assert (code, out) == (2, "") and len(err.splitlines()) == 1 and err.startswith(path)


@pytest.mark.parametrize("name", WAIVERS)
def test_waivers_that_cannot_be_read_waive_nothing(name, project, edit, run):
    freeze(("contracts",), TODAY)
    path = edit(MAJOR)
    waive(gate(("contracts",), "", TODAY).verdicts[0].since.changes[0].key)
    path = Path("contracts/waivers/gate.yaml")
    old, new = WAIVERS[name]
    path.write_text(path.read_text().replace(old, new))
    code, out, err = run("gate")
    assert (code, err) == (2, "") and out.startswith(str(path)) and "version-not-raised" in out


@pytest.mark.parametrize("name", ["gate.yml", "gate.yaml"])
def test_waivers_are_not_overlooked(name, project, run):
    """A file of almost the right name, and a link that leads nowhere."""
    freeze(("contracts",), TODAY)
    Path("contracts/waivers").mkdir()
    Path("contracts/waivers", name).symlink_to("nowhere")
    code, out, _ = run("gate")
    assert code == 2 and out.startswith(f"contracts/waivers/{name}:1:1: ")


# --- waivers --------------------------------------------------------------------------------------------------------


def test_a_waived_edit_needs_a_raise(project, edit):
    freeze(("contracts",), TODAY)
    edit(MAJOR)
    (verdict,) = gate(("contracts",), "", TODAY).verdicts
    waive(verdict.since.changes[0].key)
    result = gate(("contracts",), "", TODAY)
    assert ids(result) == ["version-not-raised"] and result.findings[0].hint.startswith("declare 1.0.1")
    assert "a waiver accepts a lower step, not an edit without any" in result.findings[0].message
    waive("best-scores:version-not-raised:1.0.0")
    assert ids(gate(("contracts",), "", TODAY)) == ["version-not-raised", "waiver-impossible"]


def test_a_version_that_is_too_small_is_waived_for_these_changes_alone(project, edit):
    freeze(("contracts",), TODAY)
    edit(MAJOR, version("1.0.1"))
    waive(gate(("contracts",), "", TODAY).findings[0].key)
    assert ids(gate(("contracts",), "", TODAY)) == []
    edit(PATCH)  # it needs no more than was raised
    assert ids(gate(("contracts",), "", TODAY)) == []
    edit(("features: {min: 1, max: 7}", "features: {min: 1, max: 6}"))
    assert ids(gate(("contracts",), "", TODAY)) == ["version-too-small", "waiver-unused"]


def test_no_two_changes_share_a_key():
    """Two refusals of one subject with one error and text, edited alike: nothing else tells the edits apart."""
    twice = Change("refusal-message-changed", "refuses.rank.InvalidShape.message", old="a", new="b")
    other = Change("prose-changed", "metadata.title", old="a", new="b")
    alone = since("x", "best-scores", Version(1, 0, 0), [twice, twice], {})
    beside = since("x", "best-scores", Version(1, 0, 0), [other, twice, other, twice], {})
    keys = [keyed.key for keyed in alone.changes]
    assert len({*keys}) == 2 and keys == [keyed.key for keyed in beside.changes if keyed.change is twice]
    waiver = Waiver(keys[0], "agreed", TODAY, "here")
    waived = since("x", "best-scores", Version(1, 0, 0), [twice, twice], {keys[0]: waiver})
    assert [keyed.waiver for keyed in waived.changes] == [waiver, None]
