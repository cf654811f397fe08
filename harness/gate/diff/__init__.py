"""Two trees of a contract to a list of changes: one module per section, each change with the id of its kind."""

from harness.gate.diff.contract import compare

__all__ = ["compare"]
