"""Contracts as they stood in a commit, read with the git executable; nothing is checked out.

git is started without a shell, what it is asked for is never taken for an option, and it reads objects alone: no
filter, hook or pager of a repository is run.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from harness.findings import HandledError

_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def files_at(ref: str, folder: Path) -> dict[str, str]:
    """The YAML files directly in a folder, as they stood at a ref: {name: text}. None of them: an empty mapping."""
    commit = _commit(ref, folder)
    prefix = _run(folder, "rev-parse", "--show-prefix").decode().rstrip("\n")
    listed = _run(folder, "ls-tree", "-z", "--full-tree", commit, *([prefix] if prefix else []))
    found: dict[str, bytes] = {}
    for entry in listed.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        mode, kind, object_id = head.split() if head else (b"", b"", b"")
        if kind == b"blob" and mode in (b"100644", b"100755") and path.endswith(b".yaml"):
            found[os.fsdecode(path).rpartition("/")[2]] = object_id
    texts = _blobs(folder, list(found.values()))
    return {name: _decoded(texts[number], f"{ref}:{prefix}{name}") for number, name in enumerate(found)}


def _commit(ref: str, folder: Path) -> str:
    """The commit that a ref names."""
    if ref.startswith("-") or not ref.strip() or "\0" in ref:
        raise HandledError(f"--against {ref!r}: neither a path nor a git ref")
    if _run(folder, "rev-parse", "--is-inside-work-tree", check=False).strip() != b"true":
        hint = "name a folder or a file, or omit --against to compare with the frozen releases"
        raise HandledError(f"--against {ref}: no such path, and {folder} is not in a git work tree; {hint}")
    asked = f"{ref}^{{commit}}"
    found = _run(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", asked, check=False).decode().split()
    if not found:
        shallow = _run(folder, "rev-parse", "--is-shallow-repository", check=False).strip() == b"true"
        hint = (
            f"this clone is shallow: fetch it first, `git fetch --depth=1 origin {ref.removeprefix('origin/')}`"
            if shallow
            else "`git branch --all` and `git tag` list the known refs; `git fetch` gets new ones"
        )
        raise HandledError(f"--against {ref}: no such path, and no such commit here; {hint}")
    return found[-1]


def _blobs(folder: Path, objects: list[bytes]) -> list[bytes]:
    """The contents of objects, in one process."""
    if not objects:
        return []
    output = _run(folder, "cat-file", "--batch", given=b"\n".join(objects) + b"\n")
    found, at = [], 0
    for _ in objects:
        end = output.index(b"\n", at)
        header = output[at:end].split()
        if len(header) != 3:
            hint = "this is a partial clone: fetch the missing objects first"
            raise HandledError(f"git does not have object {header[0].decode()};  {hint}")
        size = int(header[2])
        found.append(output[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
    return found


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise HandledError(f"{name}: not UTF-8") from None


def _run(folder: Path, *arguments: str, given: bytes | None = None, check: bool = True) -> bytes:
    environment = {**os.environ, **_QUIET}
    try:
        ran = subprocess.run(
            ["git", "-C", os.fspath(folder), *arguments],
            input=given, capture_output=True, check=False, env=environment,
        )  # fmt: skip
    except OSError:
        hint = "install git, or name a folder or a file"
        raise HandledError(f"--against needs the git executable for a ref, but there is none; {hint}") from None
    if check and ran.returncode:
        said = ran.stderr.decode(errors="replace").strip().splitlines()
        raise HandledError(f"git {arguments[0]}: {said[0] if said else f'exit code {ran.returncode}'}")
    return ran.stdout if ran.returncode == 0 or check else b""
