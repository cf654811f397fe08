"""Frozen releases: `released/<id>/<version>.yaml`, byte for byte, and a digest of each in `released/digests.json`.

Releases are only ever added. A copy that is not what was released, is missing, or is in no list is a finding: the gate
would compare with something that was never released.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.contract.opening import is_there, read_text
from harness.findings import Finding, HandledError, Place, Refused
from harness.gate.git import Commit
from harness.gate.version import Version
from harness.printable import printable
from harness.report.write import write_json
from harness.strict_json import LARGEST

FOLDER = "released"
DIGESTS = "digests.json"
SCHEMA = "contract-harness/releases/1"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SHA256 = re.compile(r"[0-9a-f]{64}")

_Place = Callable[[str], tuple[str, Callable[[], str]]]  # from id/version.yaml to a name for people and how to read it
Listed = Mapping[str, Mapping[str, Mapping[str, str]]]  # {id: {version: {"digest": ..., "sha256": ...}}}


@dataclass(frozen=True)
class Release:
    """One frozen copy: `digest` of what it says, `sha256` of its bytes; `path` is where it stands, for people."""

    id: str
    version: Version
    path: str
    digest: str
    sha256: str
    read: Callable[[], str]

    def text(self) -> str | None:
        """The frozen copy; None where it cannot be read, which is told as a finding of its own."""
        try:
            return self.read()
        except HandledError:
            return None

    def says(self, other: Release) -> bool:
        """Whether both are the same release, by their digests."""
        return (self.digest, self.sha256) == (other.digest, other.sha256)


class Releases:
    """The releases of a folder of contracts, or of a commit; there may be none."""

    def __init__(self, name: str, by_id: dict[str, dict[Version, Release]]) -> None:
        self.name, self.by_id = name, by_id

    def of(self, id: str) -> dict[Version, Release]:
        """Every release of a contract."""
        return self.by_id.get(id, {})

    def base(self, id: str, declared: Version) -> Release | None:
        """The release of the declared version itself, if it is out; else the greatest one below it."""
        below = [version for version in self.of(id) if version <= declared]
        return self.of(id)[max(below)] if below else None

    def latest(self, id: str) -> Release | None:
        """The greatest release of a contract."""
        return self.of(id)[max(self.of(id))] if self.of(id) else None


class ReleaseFolder(Releases):
    """The releases beside a folder of contracts, to which new ones are added."""

    def __init__(self, contracts: Path) -> None:
        self.folder = contracts / FOLDER
        path = self.folder / DIGESTS
        # It grows with every release, so that the limit of a contract is none for it.
        listed = _listed(read_text(path, LARGEST), str(path)) if is_there(path) else {}
        super().__init__(os.fspath(contracts), _releases(listed, lambda part: _file(self.folder / part)))

    def freeze(self, releases: list[tuple[Release, bytes]]) -> None:
        """Add releases; the copies first, so that the list never names what is not there."""
        path, made = self.folder, []
        try:
            for release, data in releases:
                path = Path(release.path)
                path.parent.mkdir(parents=True, exist_ok=True)
                made.append(path)
                _write(path, data)
                self.by_id.setdefault(release.id, {})[release.version] = release
            path = self.folder / DIGESTS
            write_json(path, self._document())
        except OSError as error:
            for copy in made:  # without the list they would be of unknown origin
                copy.unlink(missing_ok=True)
            raise HandledError(f"{path}: cannot be written: {error.strerror or error}") from None

    def new(self, id: str, version: Version, data: bytes, digest: str) -> Release:
        """A release that is not frozen yet."""
        path, read = _file(self.folder / f"{id}/{version}.yaml")
        return Release(id, version, path, digest, sha256(data), read)

    def _document(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "releases": {
                id: {
                    str(version): {"digest": release.digest, "sha256": release.sha256}
                    for version, release in sorted(versions.items())
                }
                for id, versions in sorted(self.by_id.items())
            },
        }


def _write(path: Path, data: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def sha256(data: bytes) -> str:
    """The digest of bytes as they are."""
    return hashlib.sha256(data).hexdigest()


def releases_at(commit: Commit) -> Releases:
    """The releases that a commit has beside the contracts; HandledError where its list cannot be read.

    If it has none there, but lists elsewhere that are gone from the work tree, the folder was moved: those count.
    """
    lists = [f"{commit.prefix}{FOLDER}/{DIGESTS}"]
    if commit.read(lists[0]) is None:
        lists = commit.paths_ending(f"{FOLDER}/{DIGESTS}")
    by_id: dict[str, dict[Version, Release]] = {}
    for path in lists:
        data, beside = commit.read(path), path.removesuffix(DIGESTS)
        listed = _listed(_decoded(data or b"", commit.name(path)), commit.name(path))
        for id, versions in _releases(listed, lambda part, beside=beside: _blob(commit, beside + part)).items():  # type: ignore[misc]
            by_id.setdefault(id, {}).update(versions)
    return Releases(commit.ref, by_id)


def listed_in(name: str, data: bytes) -> Releases | None:
    """Releases of which only the list is known; None where it cannot be read."""
    try:
        return Releases(name, _releases(_listed(_decoded(data, name), name), lambda part: (part, lambda: "")))
    except HandledError:
        return None


def _releases(listed: Listed, place: _Place) -> dict[str, dict[Version, Release]]:
    """What a list names; `place` says where a copy stands and how it is read."""
    found: dict[str, dict[Version, Release]] = {}
    for id, versions in listed.items():
        for text, parts in versions.items():
            path, read = place(f"{id}/{text}.yaml")
            version = Version.of(text)
            found.setdefault(id, {})[version] = Release(id, version, path, parts["digest"], parts["sha256"], read)
    return found


def _file(path: Path) -> tuple[str, Callable[[], str]]:
    return os.fspath(path), lambda: read_text(path)


def _blob(commit: Commit, path: str) -> tuple[str, Callable[[], str]]:
    name = commit.name(path)

    def read() -> str:
        data = commit.read(path)
        if data is None:
            raise HandledError(f"{name}: the frozen copy is missing")
        return _decoded(data, name)

    return name, read


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused([Finding(Place(name), "not UTF-8", "text in UTF-8")]) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key that stands twice, as after a careless merge, would hide an entry."""
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def _listed(text: str, path: str) -> Listed:
    try:
        document = json.loads(text, object_pairs_hook=_unique)
        schema = document["schema"]
        assert isinstance(schema, str)
        if schema != SCHEMA:
            hint = "use the version of harness that wrote it, or a newer one"
            written = f"written in the schema {printable(schema, 80)!r}"
            raise Refused([Finding(Place(path), written, repr(SCHEMA), hint=hint)])
        listed: Listed = document["releases"]
        assert len(document) == 2  # what is not known here would be lost at the next release
        for id, versions in listed.items():
            assert _ID.fullmatch(id)
            for version, parts in versions.items():
                Version.of(version)
                assert parts.keys() == {"digest", "sha256"} and all(map(_SHA256.fullmatch, parts.values()))
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError, RecursionError):
        hint = "restore it from the history; `harness release` writes it"
        raise Refused([Finding(Place(path), "not a list of digests", SCHEMA, hint=hint)]) from None
    return listed
