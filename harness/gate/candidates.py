"""The contracts as they stand now, parsed no further than needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from harness.contract.digest import digest_of
from harness.contract.folder import files_in
from harness.contract.metadata_header import MetadataHeader, header_of, read_header
from harness.contract.node import YamlNode
from harness.contract.opening import read_text
from harness.contract.spans import loads
from harness.findings import Finding, Place, Refused
from harness.gate.exact import exact_text
from harness.gate.version import Version

if TYPE_CHECKING:
    from harness.contract.model import Contract


class Candidate:
    """One contract, from a file, a frozen copy or a commit: `name` is where it stands, for people."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text

    @cached_property
    def about(self) -> MetadataHeader:
        """Its metadata; where the head of the file does not show it, from the whole, which must be sound."""
        found = read_header(self.text, self.name)
        if found is not None and _sound(found):
            return found
        section = self.contract.node.value
        assert isinstance(section, dict)
        whole = header_of(section["metadata"])
        assert whole is not None
        return whole

    @property
    def id(self) -> str:
        return self.about.id

    @cached_property
    def version(self) -> Version:
        """The declared version."""
        return Version.of(self.about.version)

    @cached_property
    def tree(self) -> YamlNode:
        """The whole tree, with places."""
        return loads(self.text, self.name)

    @cached_property
    def contract(self) -> Contract:
        """The contract, in shape."""
        from harness.contract.read import contract_of  # loaded where a contract is not the one that was released

        return contract_of(self.tree)

    @cached_property
    def digest(self) -> str:
        """The digest of what it says."""
        return digest_of(self.tree)

    @cached_property
    def said(self) -> str:
        """What it says, whatever its YAML looks like."""
        return exact_text(self.tree.plain())

    @property
    def place(self) -> Place:
        """Where the version is declared."""
        metadata = self.about.node.value
        assert isinstance(metadata, dict)
        node = metadata["version"]
        return Place(self.name, node.place.line, node.place.column)

    def place_of_dependency(self, id: str) -> Place:
        """Where a dependency is declared."""
        metadata = self.about.node.value
        assert isinstance(metadata, dict)
        needs = metadata["depends_on"].value
        assert isinstance(needs, dict)
        place = needs[id].key_place or needs[id].place
        return Place(self.name, place.line, place.column)


def _sound(found: MetadataHeader) -> bool:
    try:
        Version.of(found.version)
    except ValueError:
        return False
    return bool(found.id)


def read_candidate(path: Path) -> Candidate:
    """The contract in a file."""
    return Candidate(os.fspath(path), read_text(path))


@dataclass
class CandidateSet:
    """Contracts by id, and under the ids that their files are named for what is wrong with the others."""

    by_id: dict[str, Candidate] = field(default_factory=dict)
    broken: dict[str, Refused] = field(default_factory=dict)

    def add(self, name: str, read: Callable[[], Candidate], *, named: bool) -> None:
        """One more file; `named`: its name must be that of its contract."""
        try:
            candidate = read()
            findings = _misnamed(candidate, Path(name)) if named else []
            first = self.by_id.get(candidate.id)
            if first is not None and not findings:
                del self.by_id[candidate.id]  # which of the two is the contract, nobody knows
                findings = [_duplicate(candidate, first)]
            if findings:
                raise Refused(findings)
            self.by_id[candidate.id] = candidate
        except Refused as refused:
            id = _id_of_file(name)
            before = self.broken[id].findings if id in self.broken else ()
            self.broken[id] = Refused([*before, *refused.findings])


def read_candidates(path: Path) -> CandidateSet:
    """The contracts directly in a folder, or the one in a file; Refused where the folder cannot be read."""
    found = CandidateSet()
    whole = path.is_dir()
    for file in files_in(path) if whole else [path]:
        found.add(os.fspath(file), partial(read_candidate, file), named=whole)
    return found


def candidates_in(texts: Mapping[str, bytes], name: Callable[[str], str]) -> CandidateSet:
    """The contracts of a commit, by the names of their files; `name` is what such a file is called, for people."""
    found = CandidateSet()
    for file, data in texts.items():
        found.add(file, partial(_decoded, name(file), data), named=False)
    return found


def _decoded(name: str, data: bytes) -> Candidate:
    try:
        return Candidate(name, data.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refused([Finding(Place(name), "not UTF-8", "text in UTF-8")]) from None


def _id_of_file(name: str) -> str:
    return Path(name).stem.rpartition("-v")[0] or Path(name).stem


def _duplicate(candidate: Candidate, first: Candidate) -> Finding:
    hint = "a folder holds one version of each contract; move the older one elsewhere"
    return Finding(candidate.place, f"duplicate id {candidate.id!r}; first at {first.place}", hint=hint)


def _misnamed(candidate: Candidate, file: Path) -> list[Finding]:
    expected = f"{candidate.id}-v{candidate.version.major}.yaml"
    if file.name == expected:
        return []
    hint = "rename the file, or change the id or the version"
    return [Finding(candidate.place, "the file name does not match the contract", expected, file.name, hint)]
