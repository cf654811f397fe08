"""All rules between fields together."""

import inspect
from pathlib import Path

from harness.contract import arithmetic, blocks, consistency, domains, names, obligations, references
from harness.contract.spans import load
from harness.contract.tree import MAX_FINDINGS

GOOD = Path(__file__).with_name("good") / "moe-router-v1.yaml"


def test_a_good_contract():
    assert consistency.check(load(GOOD)) == []


def test_no_rule_is_forgotten():
    written = {
        function
        for module in (arithmetic, blocks, domains, names, obligations, references)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert written == set(consistency._CHECKS)


def test_sorted_and_bounded(tmp_path):
    text = GOOD.read_text(encoding="utf-8")
    extra = "".join(f"  - {{id: EXTRA-{index}, type: bound, property: x}}\n" for index in range(100))
    (tmp_path / "c.yaml").write_text(text.replace("\nfalsification", extra + "\nfalsification"), encoding="utf-8")
    found = consistency.check(load(tmp_path / "c.yaml"))
    assert len(found) == MAX_FINDINGS
    assert found == sorted(found, key=lambda finding: finding.place)
