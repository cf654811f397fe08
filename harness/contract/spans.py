"""YAML text to a tree of nodes with places, by a strict subset of YAML.

libyaml scans and parses; the tree is built from its events by our own rules, so that nothing depends on
PyYAML's construction or its resolution of plain scalars.
"""

from __future__ import annotations

import os
from pathlib import Path

import yaml

from harness.contract.characters import refuse_characters
from harness.contract.node import YamlNode
from harness.contract.opening import read_text
from harness.contract.tree import MAX_FINDINGS, Builder
from harness.findings import Finding, Place, Refused

__all__ = ["YamlNode", "load", "loads"]


def load(path: str | Path) -> YamlNode:
    """The tree of a YAML file; Refused with every finding where it is not in the strict subset."""
    return loads(read_text(path), os.fspath(path))


def loads(text: str, path: str | Path) -> YamlNode:
    """As `load`, of a text; `path` is only what findings say."""
    name = os.fspath(path)
    refuse_characters(text, name)
    builder = Builder(text, name)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
            if len(builder.findings) >= MAX_FINDINGS:
                break
    except yaml.MarkedYAMLError as error:
        builder.syntax_error(error)
    except yaml.YAMLError as error:  # its reader; refuse_characters leaves it nothing known to complain about
        builder.findings.append(Finding(Place(name), "not YAML", got=" ".join(str(error).split())))
    if not builder.findings and builder.root is None:
        builder.findings.append(Finding(Place(name), "empty file", "a contract", hint="start with 'metadata:'"))
    if builder.findings or builder.root is None:
        raise Refused(sorted(builder.findings, key=lambda finding: finding.place))
    return builder.root
