"""From what `--against` names to a commit, and how to get one that is not in this clone."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from harness.findings import HandledError
from harness.gate.git import Commit, is_shallow, run, run_quietly

_FETCHED = re.compile(r"([0-9a-f]{40,64})\t[^\t]*\t(?:branch|tag) '(.+)' of (.+)")  # a line of FETCH_HEAD
_STEPS = re.compile(r"(?P<start>[^~^]+)(?P<back>(?:[~^][0-9]*)*)")  # main, main~2, HEAD^
_SHA = re.compile(r"[0-9a-f]{7,64}")
_TRUNKS = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_FULL_SHA = (40, 64)  # digits, of SHA-1 and of SHA-256


class Asked(NamedTuple):
    """A ref, taken apart: `origin/main~2` is the branch main of origin, two commits back."""

    remote: str  # "" where the name begins with none
    name: str
    back: str


def commit_at(ref: str, folder: Path) -> Commit:
    """The commit that a ref names; HandledError where there is none."""
    if ref.startswith("-") or not ref.strip() or "\0" in ref:
        raise HandledError(f"--against {ref!r}: neither a path nor a git ref")
    if (run_quietly(folder, "rev-parse", "--is-inside-work-tree") or b"").strip() != b"true":
        hint = "name a folder or a file, or omit --against to compare with the frozen releases"
        raise HandledError(f"--against {ref}: no such path, and {folder} is not in a git work tree; {hint}")
    sha = _resolved(ref, folder) or _fetched(ref, folder)
    if not sha:
        raise HandledError(f"--against {ref}: no such path, and no such commit here; {_how_to_get(ref, folder)}")
    prefix = os.fsdecode(run(folder, "rev-parse", "--show-prefix").rstrip(b"\n"))
    return Commit(ref, sha, folder, prefix)


def trunk(folder: Path) -> Commit:
    """The branch that others build on, by its usual names; HEAD where there is none of them."""
    ref = next((name for name in _TRUNKS if _resolved(name, folder)), "HEAD")
    return commit_at(ref, folder)


def _resolved(ref: str, folder: Path) -> str:
    found = run_quietly(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}") or b""
    return found.decode().split()[-1] if found.split() else ""


def _fetched(ref: str, folder: Path) -> str:
    """The commit of a branch or tag that was just fetched.

    In a clone of a single branch `git fetch origin main` makes no origin/main; it writes FETCH_HEAD alone.
    """
    asked = _asked(ref, folder)
    if asked is None:
        return ""
    path = Path(os.fsdecode(run(folder, "rev-parse", "--git-path", "FETCH_HEAD").rstrip(b"\n")))
    try:
        lines = (folder / path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for sha, name, place in (match.groups() for match in map(_FETCHED.fullmatch, lines) if match):
        if name == asked.name and (not asked.remote or _location(place) == _url(asked.remote, folder)):
            return _resolved(f"{sha}{asked.back}", folder)
    return ""


def _asked(ref: str, folder: Path) -> Asked | None:
    match = _STEPS.fullmatch(ref)
    if match is None:
        return None
    first, slash, rest = match["start"].partition("/")
    if slash and rest and first in _remotes(folder):
        return Asked(first, rest, match["back"])
    return Asked("", match["start"], match["back"])


def _remotes(folder: Path) -> list[str]:
    return (run_quietly(folder, "remote") or b"").decode(errors="replace").split()


def _url(remote: str, folder: Path) -> str:
    return _location((run_quietly(folder, "remote", "get-url", remote) or b"").decode(errors="replace").strip())


def _location(url: str) -> str:
    """A URL as FETCH_HEAD has it: without a password, a slash at the end, or `.git`."""
    return re.sub(r"//[^/@]*@", "//", url).rstrip("/").removesuffix(".git").rstrip("/")


def _how_to_get(ref: str, folder: Path) -> str:
    """The command that gets a commit, word for word."""
    remotes, asked = _remotes(folder), _asked(ref, folder)
    known = "`git branch --all` and `git tag` list the known refs"
    if not remotes or asked is None:
        return known
    remote = asked.remote or ("origin" if "origin" in remotes else remotes[0])
    shallow = is_shallow(folder)
    reason = "this clone is shallow: " if shallow else ""
    steps = _steps_back(asked.back)
    if asked.back and _resolved(asked.name, folder):
        return f"{reason}fetch more of its history first, `git fetch --deepen={steps} {remote}`" if shallow else known
    if _SHA.fullmatch(asked.name) and len(asked.name) not in _FULL_SHA:
        return f"{reason}a commit is fetched by all of its 40 digits, `git fetch --depth=1 {remote} <40 digits>`"
    depth = f" --depth={steps + 1}" if shallow else ""
    return f"{reason}fetch it first, `git fetch{depth} {remote} {asked.name}`; {known}"


def _steps_back(text: str) -> int:
    """How many commits lie between `main` and `main~2^`, along first parents."""
    steps = re.findall(r"([~^])([0-9]*)", text)
    return sum(int(count or 1) if sign == "~" else 1 for sign, count in steps)
