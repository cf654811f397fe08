"""Names that were exchanged for others: each is told once, whatever else reads otherwise because of it."""

from __future__ import annotations

from harness.contract.access import entries
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, entries_by_id
from harness.gate.diff.subjects import traced
from harness.gate.renames import Rename, Renames

_KINDS = {
    "dimension": "dimension-renamed",
    "input": "input-renamed",
    "equation": "equation-renamed",
    "subject": "subject-renamed",
    "argument": "argument-renamed",
    "result": "return-renamed",
    "table": "table-renamed",
    "column": "table-column-renamed",
    "format": "format-renamed",
    "field": "format-field-renamed",
    "step": "format-step-renamed",
    "obligation": "obligation-renamed",
    "falsifier": "falsifier-renamed",
    "fault": "fault-renamed",
    "error": "refusal-error-changed",
}
_LISTED = {"obligation": "id", "falsifier": "id", "fault": "id", "error": "error"}


def compare_names(c: ContractComparison, renames: Renames) -> None:
    """Every name that was exchanged."""
    traces = traced(c.new) if renames else set()
    for rename in renames:
        stage = rename.what == "result" and rename.inside in traces
        kind = "stage-renamed" if stage else _KINDS[rename.what]
        nodes = _declared(c.old, rename), _declared(c.new, rename)
        c.say(kind, rename.path, *nodes, was=rename.was, now=rename.now)


def _declared(root: YamlNode, rename: Rename) -> YamlNode | None:
    """Where the name is declared; the old tree is written with the new one."""
    *within, name = rename.path.split(".")
    if rename.what in _LISTED:
        found = entries_by_id(root, within[0], _LISTED[rename.what]).get(name)
        return entries(found)[_LISTED[rename.what]] if found else None
    node: YamlNode | None = root
    for key in (*within, name):
        node = entries(node).get(key) if node is not None else None
    return node
