"""From a ref to a commit; what is missing in a clone is fetched by the command of the message, word for word."""

import re
import shlex
import subprocess

import pytest

from harness.findings import HandledError
from harness.gate.git import at_head
from harness.gate.refs import commit_at
from tests.harness.gate.projects import git


def sha(name, cwd):
    ran = subprocess.run(
        ["git", "rev-parse", f"{name}^{{commit}}"], cwd=cwd, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    """Four commits each on main and on pr, a branch with a slash, tags of both kinds."""
    folder = tmp_path_factory.mktemp("upstream")
    git("init", "-q", "-b", "main", cwd=folder)
    git("commit", "-qm", "first", "--allow-empty", cwd=folder)
    git("branch", "pr", cwd=folder)
    for branch in ("main", "pr"):
        git("checkout", "-q", branch, cwd=folder)
        for number in range(3):
            git("commit", "-qm", f"{branch} {number}", "--allow-empty", cwd=folder)
    git("branch", "release/1", "main~2", cwd=folder)
    git("tag", "light", "main~1", cwd=folder)
    git("tag", "-am", "x", "heavy", "main~1", cwd=folder)
    return folder


REFS = (
    "main", "origin/main", "main~2", "origin/main^", "release/1", "origin/release/1", "light", "heavy", "HEAD~1",
    "HEAD^^", "pr~2", "the sha of main~1",
)  # fmt: skip


@pytest.mark.parametrize("depth", ["--depth=1", "--single-branch"])
@pytest.mark.parametrize("ref", REFS)
def test_the_hint_works_when_it_is_followed(ref, depth, upstream, tmp_path):
    git("clone", "-q", depth, "-b", "pr", f"file://{upstream}", "clone", cwd=tmp_path)
    clone = tmp_path / "clone"
    if ref.startswith("the sha"):
        ref = sha("main~1", upstream)
    wanted = sha(re.sub("^origin/", "", ref).replace("HEAD", "pr"), upstream)
    try:
        assert commit_at(ref, clone).sha == wanted
        return
    except HandledError as error:
        told = str(error)
    assert ("this clone is shallow" in told) == (depth == "--depth=1")
    (command,) = re.findall("`(git fetch [^`]*)`", told)
    subprocess.run(shlex.split(command), cwd=clone, check=True, capture_output=True)
    assert commit_at(ref, clone).sha == wanted


def test_what_was_fetched_from_another_place_is_not_meant(upstream, tmp_path):
    git("clone", "-q", "--depth=1", "-b", "pr", f"file://{upstream}", "clone", cwd=tmp_path)
    clone = tmp_path / "clone"
    git("init", "-q", "-b", "main", "fork", cwd=tmp_path)
    git("commit", "-qm", "x", "--allow-empty", cwd=tmp_path / "fork")
    git("remote", "add", "fork", f"file://{tmp_path}/fork", cwd=clone)
    git("fetch", "-q", "--no-tags", f"file://{tmp_path}/fork", "main", cwd=clone)
    with pytest.raises(HandledError, match="fetch it first"):
        commit_at("origin/main", clone)
    assert commit_at("fork/main", clone).sha == sha("main", tmp_path / "fork")


def test_without_a_remote_nothing_can_be_fetched(repository):
    with pytest.raises(HandledError, match="`git branch --all` and `git tag` list the known refs") as told:
        commit_at("nowhere", repository)
    assert "git fetch" not in str(told.value)


def test_a_short_sha_cannot_be_fetched(upstream, tmp_path):
    git("clone", "-q", "--depth=1", "-b", "pr", f"file://{upstream}", "clone", cwd=tmp_path)
    with pytest.raises(HandledError, match="all of its 40 digits"):
        commit_at(sha("main", upstream)[:9], tmp_path / "clone")


def test_a_repository_of_someone_else(repository, monkeypatch):
    """git says how to trust it."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(HandledError, match="belongs to someone else; if you trust it, `git config --global --add safe"):
        commit_at("main", repository)
    assert at_head(repository, "contracts/best-scores-v1.yaml") is None


def test_an_object_is_what_was_committed(repository):
    """`git replace` puts another in its place."""
    (repository / "other").touch()
    git("add", ".")
    git("commit", "-qm", "second")
    git("replace", "HEAD~1", "HEAD")
    assert commit_at("HEAD~1", repository).paths_ending("other") == []
    (repository / "other").unlink()
    assert commit_at("HEAD~1", repository).paths_ending("other") == []
    assert commit_at("HEAD", repository).paths_ending("other") == ["other"]
