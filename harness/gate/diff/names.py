"""Names that were exchanged for others: each is told once, whatever else reads otherwise because of it."""

from __future__ import annotations

from dataclasses import replace

from harness.contract.access import entries, items
from harness.contract.node import YamlNode
from harness.gate.comparison import ContractComparison, entries_by_id
from harness.gate.diff.subjects import traced
from harness.gate.names.renames import Rename, Renames

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
    "value": "table-row-renamed",
}
# Where two names stay and each means what the other did, callers get something else under the same name.
_CARRIES = {"argument": "argument-changed", "result": "return-retargeted"}
_LISTED = {"obligation": "id", "falsifier": "id", "fault": "id", "error": "error"}


def compare_names(c: ContractComparison, renames: Renames) -> None:
    """Every name that was exchanged."""
    traces = traced(c.new) if renames else set()
    for rename in renames:
        nodes = _declared(c.old, rename), _declared(c.new, rename)
        others = renames.of(rename.what, inside=rename.inside)
        if rename.what in _CARRIES and rename.now in others:
            before = _declared(c.old, replace(rename, now=others[rename.now]))
            c.say(_CARRIES[rename.what], rename.path, before, nodes[1])
        else:
            c.say(_kind(rename, traces), rename.path, *nodes, was=rename.was, now=rename.now)


def _kind(rename: Rename, traces: set[str]) -> str:
    shown = rename.what == "result" and rename.inside in traces
    listed = rename.what == "value" and "stage" in rename.inside
    return "stage-renamed" if shown or listed else _KINDS[rename.what]


def _declared(root: YamlNode, rename: Rename) -> YamlNode | None:
    """Where the name is declared; the old tree is written with the new one."""
    within, name = rename.path.removesuffix(f".{rename.now}").split("."), rename.now
    if rename.what in _LISTED:
        found = entries_by_id(root, within[0], _LISTED[rename.what]).get(name)
        return entries(found)[_LISTED[rename.what]] if found else None
    if rename.what == "value":
        rows = items(entries(root, "tables")[rename.inside], "rows")
        return next((row for row in rows if isinstance(row.value, list) and row.value[0].value == name), None)
    node: YamlNode | None = root
    for key in (*within, name):
        node = entries(node).get(key) if node is not None else None
    return node
