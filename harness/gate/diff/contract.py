"""Every section in its order; a difference that no section reports becomes a change of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.contract.access import entries
from harness.contract.digest import canonical_text
from harness.contract.node import YamlNode
from harness.gate.change import Change
from harness.gate.comparison import ContractComparison, Evaluation
from harness.gate.diff.assurance import compare_faults, compare_mutants, compare_saboteurs
from harness.gate.diff.dimensions import compare_dimensions
from harness.gate.diff.equations import compare_equations
from harness.gate.diff.falsifiers import compare_falsifiers
from harness.gate.diff.formats import compare_formats
from harness.gate.diff.inputs import compare_inputs
from harness.gate.diff.metadata import compare_arithmetic, compare_metadata
from harness.gate.diff.model import compare_model
from harness.gate.diff.names import compare_names
from harness.gate.diff.obligations import compare_obligations
from harness.gate.diff.refusals import compare_refusals
from harness.gate.diff.sizes import compare_sizes
from harness.gate.diff.subjects import compare_result_formats, compare_subjects
from harness.gate.diff.tables import compare_tables
from harness.gate.exact import exact_text
from harness.gate.names.renames import Renames

# Each section of the schema, and who compares it. The order is that of the report.
SECTIONS = {
    "metadata": compare_metadata,
    "arithmetic": compare_arithmetic,
    "dimensions": compare_dimensions,
    "sizes": compare_sizes,
    "inputs": compare_inputs,
    "formats": compare_formats,
    "tables": compare_tables,
    "equations": compare_equations,
    "subjects": compare_subjects,
    "proof_obligations": compare_obligations,
    "falsification_tests": compare_falsifiers,
    "refuses": compare_refusals,
    "faults": compare_faults,
    "waived_mutants": compare_mutants,
    "waived_saboteurs": compare_saboteurs,
    "model": compare_model,
}


def compare(old: YamlNode, new: YamlNode, renames: Renames, evaluation: Evaluation) -> list[Change]:
    """Every change from old to new, section by section.

    `renames` are the names that were exchanged; `old` is already written with the new ones.
    """
    comparison = ContractComparison(old, new, evaluation)
    compare_names(comparison, renames)
    for section, compare_section in SECTIONS.items():
        told = len(comparison.changes)
        edited = _form(section, old, exact_text) != _form(section, new, exact_text)
        if edited:
            if not any(_stated(section, tree) for tree in (old, new)):
                comparison.say("empty-section", section, entries(old).get(section), entries(new).get(section))
            else:
                compare_section(comparison)
        if section == "subjects":  # also where only what results are made of changed
            compare_result_formats(comparison)
        if edited and len(comparison.changes) == told and _form(section, old) != _form(section, new):
            _unrecognised(comparison, section)
    for section in {*entries(old), *entries(new)} - set(SECTIONS):
        if _form(section, old) != _form(section, new):
            _unrecognised(comparison, section)
    return comparison.changes


def _form(section: str, root: YamlNode, form: Callable[[Any], str] = canonical_text) -> str:
    """The section in canonical form; of metadata, all but the version, which the verdict is about."""
    if section not in entries(root):
        return ""
    plain = entries(root)[section].plain()
    if section == "metadata":
        plain.pop("version", None)
    return form({section: plain})


def _stated(section: str, root: YamlNode) -> bool:
    """Whether a section says anything; an empty one may be left out."""
    return section in entries(root) and bool(entries(root)[section].value)


def _unrecognised(comparison: ContractComparison, section: str) -> None:
    old, new = (entries(tree).get(section) for tree in (comparison.old, comparison.new))
    comparison.say("unrecognised-change", section, old, new)
