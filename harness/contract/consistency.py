"""What a schema cannot say about a contract's fields; the meaning of expressions is checked elsewhere."""

from __future__ import annotations

from itertools import islice

from harness.contract import arithmetic, blocks, domains, names, obligations, references
from harness.contract.node import YamlNode
from harness.contract.tree import MAX_FINDINGS
from harness.findings import Finding

_CHECKS = (
    arithmetic.sums,
    names.clashes,
    names.keywords,
    obligations.duplicate_ids,
    obligations.discharges,
    blocks.fields,
    blocks.references,
    domains.ranges,
    domains.givens,
    references.dtypes,
    references.sizes,
    references.faults,
    references.refusals,
    references.model,
)


def check(root: YamlNode) -> list[Finding]:
    """Everything that is wrong between the fields of a tree that the schema accepted, sorted by place."""
    found = set(islice((finding for rule in _CHECKS for finding in rule(root)), MAX_FINDINGS))
    return sorted(found, key=lambda finding: (finding.place, finding.message))
