"""Ids and who discharges what: every obligation has a falsifier, and every falsifier an obligation."""

from __future__ import annotations

from collections.abc import Iterator

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.contract.quoting import quoted, suggestion
from harness.findings import Finding, Place


def _ids(root: YamlNode, section: str) -> Iterator[YamlNode]:
    for item in items(root, section):
        yield entries(item)["id"]


def duplicate_ids(root: YamlNode) -> Iterator[Finding]:
    """An id names one thing; reports and waivers refer to it."""
    first: dict[str, Place] = {}
    for section in ("proof_obligations", "falsification_tests", "faults"):
        for node in _ids(root, section):
            id = str(node.value)
            if id in first:
                before = f"{first[id].line}:{first[id].column}"
                message = f"duplicate id {quoted(id)}; first at {before}"
                yield Finding(node.place, message, hint="give it an id of its own")
            first.setdefault(id, node.place)


def discharges(root: YamlNode) -> Iterator[Finding]:
    """Unknown obligations that a falsifier claims to discharge, and obligations that none does."""
    obligations = {str(node.value): node for node in _ids(root, "proof_obligations")}
    discharged = set()
    for falsifier in items(root, "falsification_tests"):
        for node in items(falsifier, "discharges"):
            discharged.add(node.value)
            if node.value not in obligations:
                id = str(node.value)
                yield Finding(node.place, f"unknown obligation {quoted(id)}", hint=suggestion(id, obligations))
    for id, node in obligations.items():
        if id not in discharged:
            hint = "name it under 'discharges' of a falsification test, or remove it"
            yield Finding(node.place, f"no falsification test discharges {quoted(id)}", hint=hint)
