"""Files as they stood in a commit, read with the git executable; nothing is checked out.

git is started without a shell, what it is asked for is never taken for an option, and it reads objects alone: no
filter, hook or pager of a repository is run.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from harness.findings import HandledError

# Objects that a partial clone lacks are not fetched: what is compared does not depend on a network.
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C",
          "GIT_NO_REPLACE_OBJECTS": "1"}  # fmt: skip
# What git sets for a hook: with it, the top of the work tree would be taken to be the folder that is asked about.
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_INDEX_FILE")
_TRUST = re.compile(rb"git config --global --add safe\.directory .+")


@dataclass(frozen=True)
class Commit:
    """A commit that someone named `ref`, seen from a folder; `prefix` leads to the folder from the root of the tree."""

    ref: str
    sha: str
    folder: Path
    prefix: str

    def contracts(self) -> dict[str, bytes]:
        """The YAML files that stood directly in the folder, by name. None of them: an empty mapping."""
        listed = run(self.folder, "ls-tree", "-z", "--full-tree", self.sha, *([self.prefix] if self.prefix else []))
        found: dict[str, bytes] = {}
        for entry in listed.split(b"\0"):
            head, _, path = entry.partition(b"\t")
            mode, kind, object_id = head.split() if head else (b"", b"", b"")
            if kind == b"blob" and mode in (b"100644", b"100755") and path.endswith(b".yaml"):
                found[os.fsdecode(path).rpartition("/")[2]] = object_id
        return dict(zip(found, _blobs(self.folder, list(found.values())), strict=True))

    def name(self, path: str) -> str:
        """What a file of it is called, for people: as git itself writes it."""
        return f"{self.ref}:{path}"

    def read(self, path: str) -> bytes | None:
        """One file, by its path from the root of the tree; None where there was none."""
        return run_quietly(self.folder, "cat-file", "blob", f"{self.sha}:{path}")

    def paths_ending(self, end: str) -> list[str]:
        """The paths of its tree that end so and that are no longer in the work tree."""
        listed = run(self.folder, "ls-tree", "-r", "-z", "--name-only", "--full-tree", self.sha)
        fitting = [os.fsdecode(path) for path in listed.split(b"\0") if path.endswith(os.fsencode(end))]
        root = Path(os.fsdecode(run(self.folder, "rev-parse", "--show-toplevel").rstrip(b"\n"))) if fitting else Path()
        return [path for path in fitting if not (root / path).exists()]

    def parted_from(self, ref: str) -> Commit | None:
        """Where the history of `ref` parted from that of this commit; None where it did not, or is not known here."""
        found = run_quietly(self.folder, "merge-base", ref, self.sha)
        sha = found.decode().strip() if found else ""
        return Commit(self.ref, sha, self.folder, self.prefix) if sha and sha != self.sha else None


def at_head(folder: Path, path: str) -> bytes | None:
    """A file of the commit that is checked out; None where there is none, no commit, no git.

    One process, since it is asked in every run.
    """
    try:
        return run_quietly(folder, "cat-file", "blob", f"HEAD:./{path}")
    except HandledError:
        return None


def is_shallow(folder: Path) -> bool:
    """Whether the history of this clone ends early."""
    return (run_quietly(folder, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true"


def _blobs(folder: Path, objects: list[bytes]) -> list[bytes]:
    """The contents of objects, in one process."""
    if not objects:
        return []
    output = run(folder, "cat-file", "--batch", given=b"\n".join(objects) + b"\n")
    found, at = [], 0
    for _ in objects:
        end = output.index(b"\n", at)
        header = output[at:end].split()
        if len(header) != 3:
            hint = "this is a partial clone: fetch the missing objects first"
            raise HandledError(f"git does not have object {header[0].decode()}; {hint}")
        size = int(header[2])
        found.append(output[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
    return found


def run(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """What git prints; HandledError where it fails."""
    ran = _started(folder, arguments, given)
    if ran.returncode:
        said = ran.stderr.decode(errors="replace").strip().splitlines()
        raise HandledError(f"git {arguments[0]}: {said[0] if said else f'exit code {ran.returncode}'}")
    return ran.stdout


def run_quietly(folder: Path, *arguments: str) -> bytes | None:
    """The same, of a question that may have no answer: None where git fails."""
    ran = _started(folder, arguments, None)
    return None if ran.returncode else ran.stdout


def _started(folder: Path, arguments: tuple[str, ...], given: bytes | None) -> subprocess.CompletedProcess[bytes]:
    around = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    try:
        ran = subprocess.run(
            ["git", "-C", os.fspath(folder), *arguments],
            input=given, capture_output=True, check=False, env={**around, **_QUIET},
        )  # fmt: skip
    except OSError:
        hint = "install git, or name a folder or a file"
        raise HandledError(f"--against needs the git executable for a ref, but there is none; {hint}") from None
    refused = _TRUST.search(ran.stderr)
    if refused:
        hint = f"if you trust it, `{refused[0].decode(errors='replace')}`"
        raise HandledError(f"--against: git does not read a repository that belongs to someone else; {hint}")
    return ran
