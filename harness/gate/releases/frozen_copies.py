"""Whether frozen copies are what was released: their bytes, and the id and version inside them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.contract.digest import digest_of
from harness.contract.metadata_header import read_header
from harness.contract.spans import loads
from harness.findings import HandledError
from harness.gate.problems import Problem
from harness.gate.releases.listed import DIGESTS, Release, ReleaseFolder, sha256
from harness.gate.version import Version


def copy_problems(
    releases: ReleaseFolder, ids: set[str] | None, seen: Mapping[tuple[str, Version], str]
) -> Iterator[Problem]:
    """Copies that are not what was released, or are not listed; of some contracts, or (None) of all.

    `seen` are texts of which id and version are known: a copy that equals its own is not asked for them.
    """
    for id, versions in sorted(releases.by_id.items()):
        if ids is None or id in ids:
            for version in sorted(versions):
                yield from _broken(versions[version], seen.get((id, version)))
    yield from _unlisted(releases, ids)


def _unlisted(releases: ReleaseFolder, ids: set[str] | None) -> Iterator[Problem]:
    known = {release.path for versions in releases.by_id.values() for release in versions.values()}
    for path in sorted(releases.folder.glob("*/*.y*ml")):
        if str(path) not in known and (ids is None or path.parent.name in ids):
            message = f"a frozen copy that is not listed in {DIGESTS}"
            hint = "releases are made by `harness release`; remove the file, or restore the list"
            yield Problem("release-unlisted", path.parent.name, path.stem, str(path), message, hint)


def intact_bytes(release: Release) -> bytes | None:
    """The bytes of a frozen copy that are what was released, apart from line endings, which git may exchange."""
    try:
        data = Path(release.path).read_bytes()
    except OSError:
        return None
    if sha256(data) == release.sha256:
        return data
    unix = data.replace(b"\r\n", b"\n")
    return data if release.sha256 in (sha256(unix), sha256(unix.replace(b"\n", b"\r\n"))) else None


def _broken(release: Release, seen: str | None) -> Iterator[Problem]:
    data, where = intact_bytes(release), release.path
    problem = _problem_of_file(release, where) if data is None or Path(where).is_symlink() else None
    if problem is not None:
        yield problem
        return
    text = (data or b"").decode("utf-8", errors="replace")
    header = None if text == seen else read_header(text, where)
    inside = (header.id, header.version) if header else (release.id, str(release.version))
    if inside != (release.id, str(release.version)):
        message = f"the frozen copy is of {' '.join(inside)}; its path and the list say {release.id} {release.version}"
        hint = "releases are made by `harness release`; restore the copy and the list from the history"
        yield Problem("release-misfiled", release.id, str(release.version), where, message, hint)


def _problem_of_file(release: Release, where: str) -> Problem:
    """Why a frozen copy is not what was released."""
    path, id, version = Path(where), release.id, str(release.version)
    restore = f"restore it from the history: `git checkout <commit> -- {where}`"
    if not os.access(where, os.R_OK) or not path.is_file():
        message = "the frozen copy is missing, or cannot be read"
        return Problem("release-missing", id, version, where, message, f"{restore}; releases stay")
    if path.is_symlink():
        message = "the frozen copy is a symbolic link: it changes with what it leads to"
        return Problem("release-edited", id, version, where, message, "replace it by the file that was released")
    hint = f"{restore}; edits are made in the contract, with a higher version"
    text = release.text()
    same = text is not None and _says(text, where) == release.digest
    how = ", although it says the same" if same else ""
    message = f"the frozen copy was edited: its bytes are not those that were released{how}"
    return Problem("release-edited", id, version, where, message, hint)


def _says(text: str, where: str) -> str:
    try:
        return digest_of(loads(text, where))
    except HandledError:  # it is no YAML any more
        return ""
