"""The contracts as they stand now, parsed no further than needed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from harness.contract.digest import digest_of
from harness.contract.metadata_header import MetadataHeader, header_of, read_header
from harness.contract.model import Contract
from harness.contract.node import YamlNode
from harness.contract.opening import read_text
from harness.contract.read import contract_of, files_in
from harness.contract.spans import loads
from harness.findings import Finding, Place, Refused
from harness.gate.exact import exact_text
from harness.gate.version import Version


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


def read_candidates(path: Path) -> list[Candidate]:
    """The contracts directly in a folder, or the one in a file; Refused where names and contents disagree."""
    if not path.is_dir():
        return [read_candidate(path)]
    found: list[Candidate] = []
    findings: list[Finding] = []
    for file in files_in(path):
        try:
            candidate = read_candidate(file)
            findings += _misnamed(candidate, file)
            found.append(candidate)
        except Refused as refused:
            findings += refused.findings
    if findings:
        raise Refused(sorted(findings, key=lambda finding: finding.place))
    return found


def candidates_by_id(candidates: Iterable[Candidate]) -> dict[str, Candidate]:
    """Candidates by their ids; in a folder a name is that of its contract, so that no id occurs twice in a major."""
    found: dict[str, Candidate] = {}
    for candidate in candidates:
        first = found.setdefault(candidate.id, candidate)
        if first is not candidate and first.name != candidate.name:
            message = f"duplicate id {candidate.id!r}; first at {first.place}"
            hint = "a folder holds one version of each contract; move the older one elsewhere"
            raise Refused([Finding(candidate.place, message, hint=hint)])
    return found


def _misnamed(candidate: Candidate, file: Path) -> list[Finding]:
    expected = f"{candidate.id}-v{candidate.version.major}.yaml"
    if file.name == expected:
        return []
    hint = "rename the file, or change the id or the version"
    return [Finding(candidate.place, "the file name does not match the contract", expected, file.name, hint)]
