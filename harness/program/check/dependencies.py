"""`depends_on`: the contracts that this one builds on are there, in a version it admits."""

from __future__ import annotations

from collections.abc import Mapping

from harness.contract.model import Contract
from harness.findings import nearest
from harness.language.formats import BlockFormat
from harness.program.check.checker import Checker
from harness.program.check.formats import check_formats


def check_dependencies(checker: Checker, others: Mapping[str, Contract]) -> None:
    """Every dependency is known, is not the contract itself, and has a version in the range."""
    metadata = checker.contract.metadata
    for name, wanted in metadata.depends_on.items():
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        place = checker.at("metadata", "depends_on", name)
        if name == metadata.id:
            checker.say(place, "a contract cannot depend on itself")
        elif name not in others:
            hint = nearest(name, others) or "put it in the same folder"
            checker.say(place, f"depends_on names an unknown contract {name!r}", hint=hint)
        else:
            version = others[name].metadata.version
            try:
                if version not in SpecifierSet(wanted):
                    checker.say(place, f"depends_on {name} does not admit its version", wanted, version)
            except InvalidSpecifier:
                checker.say(place, f"depends_on {name}: not a version range", '">=1.0,<2"', repr(wanted))


def imported_formats(contract: Contract, others: Mapping[str, Contract]) -> dict[str, BlockFormat]:
    """The block formats of the dependencies; what is wrong with those is said where they are checked."""
    found: dict[str, BlockFormat] = {}
    for name in contract.metadata.depends_on:
        if name in others:
            found.update(check_formats(Checker(others[name])))
    return found
