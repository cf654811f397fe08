"""From files to contracts: load, check the shape, check the fields, build."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from harness.contract import consistency, schema
from harness.contract.access import entries
from harness.contract.build import build
from harness.contract.folder import files_in
from harness.contract.model import Contract
from harness.contract.node import YamlNode
from harness.contract.opening import read_text
from harness.contract.spans import loads
from harness.findings import Finding, Place, Refused


def read_contract(path: str | Path) -> Contract:
    """The contract in a file; Refused with everything that is wrong with it."""
    return _contract_in(read_text(path), os.fspath(path))


@lru_cache(64)  # one run asks for a file several times: by itself, as a neighbour, and for its digest
def _contract_in(text: str, path: str) -> Contract:
    return contract_of(loads(text, path))


def contract_of(root: YamlNode) -> Contract:
    """The contract that a tree holds. What stands between the fields is asked only of a tree in shape."""
    findings = schema.check(root) or consistency.check(root)
    if findings:
        raise Refused(findings)
    return build(root)


def read_folder(path: str | Path) -> list[Contract]:
    """The contracts directly in a folder, by id; or the one in a file, under whatever name."""
    folder = Path(path)
    if not folder.is_dir():
        return [read_contract(path)]
    contracts: list[Contract] = []
    findings: list[Finding] = []
    for file in files_in(folder):
        try:
            contract = read_contract(file)
        except Refused as refused:
            findings += refused.findings
        else:
            findings += _misnamed(contract)
            contracts.append(contract)
    findings += _same_id(contracts)
    if findings:
        raise Refused(sorted(findings, key=lambda finding: finding.place))
    return sorted(contracts, key=lambda contract: contract.metadata.id)


def _id_place(contract: Contract) -> Place:
    return entries(contract.node, "metadata")["id"].place


def _misnamed(contract: Contract) -> list[Finding]:
    metadata = contract.metadata
    expected, got = f"{metadata.id}-v{metadata.major}.yaml", Path(contract.path).name
    if got == expected:
        return []
    hint = "rename the file, or change the id or the version"
    return [Finding(_id_place(contract), "the file name does not match the contract", expected, got, hint)]


def _same_id(contracts: list[Contract]) -> list[Finding]:
    first: dict[str, Contract] = {}
    findings = []
    for contract in contracts:
        before = first.setdefault(contract.metadata.id, contract)
        if before is not contract:
            message = f"duplicate id {contract.metadata.id!r}; first at {_id_place(before)}"
            hint = "a folder holds one version of each contract; move the older one elsewhere"
            findings.append(Finding(_id_place(contract), message, hint=hint))
    return findings
