"""Releases only ever grow: what a commit, a folder or HEAD has released, and what a branch made of it."""

import hashlib
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.contract.digest import digest_of
from harness.contract.spans import loads
from harness.gate.gate import gate
from harness.gate.releases.freeze import freeze
from harness.gate.releases.growth import earlier, growth_problems
from harness.gate.releases.listed import Release, ReleaseFolder, Releases
from harness.gate.version import Version
from tests.harness.gate.pairs import BASES
from tests.harness.gate.projects import MAJOR, MINOR, PATCH, TODAY, git, ids, version

COPIES = Path("contracts/released/best-scores")
DIGESTS = Path("contracts/released/digests.json")
CONTRACT = Path("contracts/best-scores-v1.yaml")


def commit(text):
    git("add", "-A")
    git("commit", "-qm", text)


def against(ref, *paths):
    return ids(gate(paths or ("contracts",), ref, TODAY))


@pytest.fixture
def released(repository):
    """1.0.0 is released on main; the branch `work` begins there."""
    freeze(("contracts",), TODAY)
    commit("release 1.0.0")
    git("checkout", "-q", "-b", "work")
    return repository


@pytest.fixture
def second(released, edit):
    """1.1.0 is released on main, too; the branch `work` has it."""
    edit(MINOR, version("1.1.0"))
    assert not freeze(("contracts",), TODAY)[1]
    commit("release 1.1.0")
    git("branch", "-f", "main")
    return released


def listed(change):
    """The list of digests, edited by hand."""
    document = json.loads(DIGESTS.read_text())
    change(document["releases"])
    DIGESTS.write_text(json.dumps(document, indent=1))


def by_hand(text, number, id="best-scores"):
    """A copy and its entry, as whoever knows the format would add them."""
    path = Path(f"contracts/released/{id}/{number}.yaml")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    entry = {"digest": digest_of(loads(text, "x")), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    listed(lambda releases: releases.setdefault(id, {}).update({number: entry}))


def test_a_stale_merge_brings_an_old_version_back(second):
    shutil.copy(COPIES / "1.0.0.yaml", CONTRACT)
    result = gate(("contracts",), "", TODAY)
    assert ids(result) == ["version-below"]
    assert "1.1.0 is the latest release" in result.findings[0].message and "above 1.1.0" in result.findings[0].hint


def test_a_release_that_was_reverted(second):
    git("revert", "--no-edit", "HEAD")
    assert against("") == [], "nothing here knows of it"
    assert against("main") == ["version-below", "release-removed"]


def test_a_contract_deleted_with_its_releases(released):
    CONTRACT.unlink()
    shutil.rmtree("contracts/released")
    Path("contracts/names-v1.yaml").write_text(BASES["names"])
    commit("x")
    assert not freeze(("contracts",), TODAY)[1]
    assert against("main") == ["release-removed", "contract-gone"]


@pytest.mark.parametrize("edited", [[], [MAJOR]], ids=["the same", "another text"])
def test_releases_wiped_and_made_anew(edited, released, edit):
    """The same text gives the same digests: nothing was lost."""
    edit(*edited)
    shutil.rmtree("contracts/released")
    assert [problem.id for problem in freeze(("contracts",), TODAY)[1]] == ["release-removed"], "main has it"
    commit("wiped")
    assert not freeze(("contracts",), TODAY)[1]
    commit("made anew")
    assert against("main") == (["version-not-raised", "release-replaced"] if edited else [])


AROUND = ["GIT_DIR={here}/.git", "GIT_DIR=.git", "GIT_WORK_TREE=.", "GIT_COMMON_DIR=/x", "GIT_OBJECT_DIRECTORY=/x"]


@pytest.mark.parametrize("name", AROUND)
def test_what_git_sets_for_a_hook_leads_nowhere_else(name, released, edit, tmp_path, monkeypatch):
    """The repository is that of the folder; with GIT_DIR alone, git takes any folder for the top of its work tree."""
    edit(MAJOR)
    shutil.copytree("contracts", tmp_path / "apart/contracts", ignore=shutil.ignore_patterns("released"))
    freeze((str(tmp_path / "apart/contracts"),), TODAY)
    shutil.copytree(tmp_path / "apart/contracts/released", "contracts/released", dirs_exist_ok=True)
    variable, _, value = name.format(here=released).partition("=")
    monkeypatch.setenv(variable, value)
    assert against("") == ["release-replaced"]
    assert against("main") == ["version-not-raised", "release-replaced"]


def test_a_release_that_was_not_merged_may_be_made_again(released, edit):
    edit(MINOR, version("1.1.0"))
    freeze(("contracts",), TODAY)
    commit("release 1.1.0")
    git("checkout", "-q", "main", "--", "contracts/released")
    (COPIES / "1.1.0.yaml").unlink()
    edit(PATCH)
    assert not freeze(("contracts",), TODAY)[1]
    assert against("") == against("main") == []


def test_an_id_that_was_changed_throughout(released, edit):
    edit(("id: best-scores", "id: better-scores")).rename("contracts/better-scores-v1.yaml")
    shutil.rmtree("contracts/released")
    commit("x")
    freeze(("contracts",), TODAY)
    assert against("main") == ["release-removed", "contract-gone"]


@pytest.mark.parametrize("edited", [[], [MAJOR]], ids=["as it is", "with an edit and new releases"])
def test_a_folder_that_was_moved(edited, released, edit):
    edit(*edited)
    git("mv", "contracts", "specs")
    if edited:
        shutil.rmtree("specs/released")
        commit("x")
        freeze(("specs",), TODAY)
    assert against("main", "specs") == (["version-not-raised", "release-replaced"] if edited else [])


@pytest.mark.parametrize("key", ["digest", "sha256"])
def test_a_digest_that_was_edited(key, released):
    listed(lambda releases: releases["best-scores"]["1.0.0"].update({key: "0" * 64}))
    assert "release-replaced" in against(""), "main has another"
    commit("x")
    assert "release-replaced" in against("main")


def test_the_list_or_the_whole_folder_is_gone(released):
    DIGESTS.unlink()
    assert "release-removed" in against("")
    shutil.rmtree("contracts/released")
    commit("x")
    assert against("main") == ["release-removed"]
    assert against("") == ["first-release"]


def test_a_release_made_by_hand_is_judged(released, edit):
    """Its copy would be what the contract is compared with."""
    by_hand(edit(MAJOR, version("1.0.1")).read_text(), "1.0.1")
    assert against("") == [], "without a history, nobody knows"
    assert against("main") == ["version-too-small"]
    edit(("version: 1.0.1", "version: 1.0.2"))
    found = gate(("contracts",), "main", TODAY).findings
    assert {problem.id for problem in found} == {"version-too-small"}
    assert [problem.place.rpartition(":")[0] for problem in found] == [
        "contracts/best-scores-v1.yaml:3", "contracts/released/best-scores/1.0.1.yaml:3"]  # fmt: skip


def test_a_release_between_two_others_is_judged(second):
    text = (COPIES / "1.0.0.yaml").read_text().replace(*version("1.0.5"))
    by_hand(text.replace(*PATCH), "1.0.5")
    assert against("main") == []
    by_hand(text.replace(*MAJOR), "1.0.5")
    assert against("main") == ["version-too-small"]


@pytest.mark.parametrize(("id", "number"), [("best-scores", "1.0.1"), ("other", "1.0.0")])
def test_a_copy_in_another_place_than_its_own(id, number, released):
    by_hand(CONTRACT.read_text(), number, id)
    assert "release-misfiled" in against("")


def test_a_copy_that_is_a_link(released):
    (COPIES / "1.0.0.yaml").replace("copy.yaml")
    (COPIES / "1.0.0.yaml").symlink_to(Path("copy.yaml").resolve())
    assert against("") == ["release-edited"]


def test_a_branch_that_is_behind(released, edit):
    """What main has released since is not missing; its number is taken."""
    git("checkout", "-q", "main")
    edit(MINOR, version("1.1.0"))
    freeze(("contracts",), TODAY)
    commit("release 1.1.0")
    git("checkout", "-q", "work")
    assert against("main") == []
    edit(PATCH, version("1.0.1"))
    assert against("main") == []
    edit(("version: 1.0.1", "version: 1.1.0"))
    assert against("main") == ["version-not-raised"]


def test_a_shallow_clone_that_is_behind(second, tmp_path):
    """Where its branch began is not known there; the advice is followed word for word."""
    git("branch", "behind", "main~1")
    git("clone", "-q", "--depth=1", "-b", "behind", f"file://{second}", str(tmp_path / "clone"))
    git("fetch", "-q", "--depth=1", "origin", "main:refs/remotes/origin/main", cwd=tmp_path / "clone")
    contracts = str(tmp_path / "clone/contracts")
    found = gate((contracts,), "origin/main", TODAY)
    (removed,) = [problem for problem in found.findings if problem.id == "release-removed"]
    (command,) = re.findall("`(git fetch [^`]*)`", removed.hint)
    subprocess.run(shlex.split(command), cwd=tmp_path / "clone", check=True, capture_output=True)
    assert against("origin/main", contracts) == []


def test_what_branches_do_every_day(released, edit):
    edit(MINOR, version("1.1.0"))
    assert against("main") == [], "raised"
    freeze(("contracts",), TODAY)
    assert against("main") == [], "and released"
    edit(("features: {min: 1, max: 9}", "features: {min: 1, max: 10}"))
    assert against("main") == ["version-not-raised"], "and edited again"
    git("checkout", "-q", str(CONTRACT))
    git("checkout", "-q", "main")
    Path("contracts/names-v1.yaml").write_text(BASES["names"])
    assert not freeze(("contracts/names-v1.yaml",), TODAY)[1]


def test_a_new_contract_and_a_first_release(repository):
    git("checkout", "-q", "-b", "work")
    Path("contracts/names-v1.yaml").write_text(BASES["names"])
    freeze(("contracts",), TODAY)
    commit("x")
    assert against("main") == []


def test_a_deprecated_contract_may_go_but_its_releases_stay(released, edit):
    Path("contracts/names-v1.yaml").write_text(BASES["names"])
    edit(("lifecycle: active", "lifecycle: deprecated"), version("1.1.0"))
    freeze(("contracts",), TODAY)
    commit("deprecated")
    git("branch", "-f", "main")
    CONTRACT.unlink()
    assert against("main") == []
    shutil.rmtree(COPIES)
    listed(lambda releases: releases.pop("best-scores"))
    assert against("main") == ["release-removed"]


def test_a_folder_has_releases_too(second):
    shutil.copytree("contracts", "before")
    git("revert", "--no-edit", "HEAD")
    assert against("before") == ["version-below", "release-removed"]
    assert against("before", str(CONTRACT)) == ["version-below", "release-removed"]


def release(number, digit):
    return Release("x", Version.of(number), f"{number}.yaml", digit * 64, digit * 64, str)


def test_what_was_released_since_a_branch_began_is_ahead(tmp_path):
    first, later = release("1.0.0", "a"), release("1.1.0", "b")
    there = Releases("main", {"x": {first.version: first, later.version: later}})
    past = earlier("main", there, Releases("main", {"x": {first.version: first}}))
    assert [*past.of("x")] == [first.version] and [*past.ahead.of("x")] == [later.version]
    assert past.base("x", Version.of("1.0.9")) == first and past.base("x", later.version) == later
    assert [*earlier("main", there, None).of("x")] == [first.version, later.version]
    (problem,) = growth_problems(ReleaseFolder(tmp_path), past, None)
    assert (problem.id, problem.detail) == ("release-removed", "1.0.0")
    assert not [*growth_problems(ReleaseFolder(tmp_path), past, {"y"})]
