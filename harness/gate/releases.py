"""Frozen releases: `released/<id>/<version>.yaml`, byte for byte, and a digest of each in `released/digests.json`.

Releases are only ever added. A copy that no longer says what its digest says, is missing, or is in no list is a
finding: the gate would compare with something that was never released.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.contract.digest import digest_of
from harness.contract.opening import read_text
from harness.contract.spans import loads
from harness.findings import HandledError
from harness.gate.problems import Problem
from harness.gate.version import Version
from harness.printable import printable
from harness.report.write import write_json

FOLDER = "released"
DIGESTS = "digests.json"
SCHEMA = "contract-harness/releases/1"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Release:
    """One frozen copy: `digest` of what it says, `sha256` of its bytes."""

    id: str
    version: Version
    path: Path
    digest: str
    sha256: str

    def text(self) -> str:
        """The frozen copy."""
        if not self.path.is_file():
            raise HandledError(
                f"{self.path}: the frozen copy is listed in {DIGESTS} but missing; restore it from the history"
            )
        return read_text(self.path)


class Releases:
    """The releases beside a folder of contracts; there may be none."""

    def __init__(self, contracts: Path) -> None:
        self.folder = contracts / FOLDER
        self.by_id: dict[str, dict[Version, Release]] = {}
        for id, versions in _listed(self.folder / DIGESTS).items():
            self.by_id[id] = {
                Version.of(version): Release(id, Version.of(version), self.folder / id / f"{version}.yaml",
                                             parts["digest"], parts["sha256"])
                for version, parts in versions.items()
            }  # fmt: skip

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

    def problems(self, ids: set[str] | None) -> Iterator[Problem]:
        """Copies that are not what was released; of some contracts, or (None) of all, unlisted files included."""
        for id, versions in sorted(self.by_id.items()):
            if ids is None or id in ids:
                for version in sorted(versions):
                    yield from _broken(versions[version])
        if ids is None and self.folder.is_dir():
            known = {release.path for versions in self.by_id.values() for release in versions.values()}
            for path in sorted(self.folder.glob("*/*.yaml")):
                if path not in known:
                    message = "a frozen copy that is not listed in digests.json"
                    yield Problem("release-unlisted", path.parent.name, path.stem, str(path), message)

    def freeze(self, releases: list[tuple[Release, bytes]]) -> None:
        """Add releases; the copies first, so that the list never names what is not there."""
        path = self.folder
        try:
            for release, data in releases:
                path = release.path
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, data)
                self.by_id.setdefault(release.id, {})[release.version] = release
            path = self.folder / DIGESTS
            write_json(path, self._document())
        except OSError as error:
            raise HandledError(f"{path}: cannot be written: {error.strerror or error}") from None

    def new(self, id: str, version: Version, data: bytes, digest: str) -> Release:
        """A release that is not frozen yet."""
        return Release(id, version, self.folder / id / f"{version}.yaml", digest, sha256(data))

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
    part.write_bytes(data)
    part.replace(path)


def sha256(data: bytes) -> str:
    """The digest of bytes as they are."""
    return hashlib.sha256(data).hexdigest()


def intact_bytes(release: Release) -> bytes | None:
    """The bytes of a frozen copy that is byte for byte what was released; None where it is not."""
    try:
        data = release.path.read_bytes()
    except OSError:
        return None
    return data if sha256(data) == release.sha256 else None


def _broken(release: Release) -> Iterator[Problem]:
    if intact_bytes(release) is not None:
        return
    where = str(release.path)
    if not release.path.is_file():
        hint = "restore it from the history; releases are never removed"
        yield Problem("release-missing", release.id, str(release.version), where, "the frozen copy is missing", hint)
    elif digest_of(loads(release.text(), where)) != release.digest:
        hint = "restore the copy from the history, and make the edit in the contract, with a higher version"
        message = "the frozen copy was edited: its digest is not the one that was released"
        yield Problem("release-edited", release.id, str(release.version), where, message, hint)


def _listed(path: Path) -> dict[str, dict[str, dict[str, str]]]:
    if not path.exists():
        return {}
    try:
        document = json.loads(read_text(path))
        schema = document["schema"]
        assert isinstance(schema, str)
        if schema != SCHEMA:
            raise HandledError(
                f"{path}: written in the schema {printable(schema, 80)!r}; this version reads {SCHEMA!r}: use the "
                "version of harness that wrote it, or a newer one"
            )
        listed: dict[str, dict[str, dict[str, str]]] = document["releases"]
        for id, versions in listed.items():
            assert _ID.fullmatch(id)
            for version, parts in versions.items():
                Version.of(version)
                assert all(isinstance(parts[key], str) for key in ("digest", "sha256"))
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError, RecursionError):
        hint = "restore it from the history; `harness release` writes it"
        raise HandledError(f"{path}: not a list of digests; expected {SCHEMA}; {hint}") from None
    return listed
