"""One equation by its name: of the contract, or of a block format."""

from __future__ import annotations

from harness.gate.meaning.block import block_diff
from harness.gate.meaning.equation import equation_diff
from harness.gate.meaning.expression_diff import common_arithmetic
from harness.gate.meaning.relation import RelationEvidence
from harness.gate.meaning.view import views
from harness.program.model import Program


def compare_equation(old: Program, new: Program, name: str) -> RelationEvidence:
    """One equation of the contract (`weights`) or of a block format (`q4_k.sc`) in two versions.

    Changes of equations below it are blamed on those; a change that another one makes up for is seen as such. Both
    versions must have the equation.
    """
    both = views(old, new)
    if "." in name:
        format_, _, step = name.partition(".")
        return block_diff(old.formats[format_], new.formats[format_], step, common_arithmetic(*both))
    return equation_diff(*both, name)
