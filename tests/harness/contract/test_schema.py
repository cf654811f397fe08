"""The schema itself, and that no violation of it is told badly."""

import json
from pathlib import Path

import jsonschema
import pytest

from harness.contract import complaint
from harness.contract.schema import check, schema
from harness.contract.spans import load, loads
from harness.contract.tree import MAX_FINDINGS
from tests.hanging import no_hang

GOOD = Path(__file__).with_name("good") / "moe-router-v1.yaml"


def subschemas(node, path="#"):
    """Every schema within the schema, with its path."""
    yield path, node
    for key in ("additionalProperties", "propertyNames", "items", "if", "then"):
        if isinstance(node.get(key), dict):
            yield from subschemas(node[key], f"{path}/{key}")
    for key in ("properties", "$defs"):
        for name, child in node.get(key, {}).items():
            yield from subschemas(child, f"{path}/{key}/{name}")


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["$id"] == "contract.schema.json"


def test_every_mapping_is_closed_and_every_key_described():
    for path, node in subschemas(schema()):
        if "object" in node.get("type", []):
            assert "additionalProperties" in node, path
            for key, child in node.get("properties", {}).items():
                assert child.get("description", "").endswith("."), f"{path}/{key}"


def test_every_keyword_has_words_for_its_violation():
    silent = {"$schema", "$id", "$ref", "$defs", "title", "description", "properties", "items", "if", "then"}
    told = set(complaint._COMPLAINTS) | {"propertyNames"}
    for path, node in subschemas(schema()):
        assert set(node) <= silent | told, path


def test_every_expectation_can_be_named():
    for path, node in subschemas(schema()):
        if "pattern" in node or "enum" in node:
            assert node.get("title"), path


def test_a_good_contract():
    assert check(load(GOOD)) == []


def test_the_good_contract_uses_every_key():
    """So that a key added to the schema is also read by the tests."""
    plain = json.dumps(load(GOOD).plain())
    for path, node in subschemas(schema()):
        for key in node.get("properties", {}):
            assert f'"{key}":' in plain, f"{path}/{key}"


def test_everything_at_once_and_in_order():
    node = loads("metadata: {id: Bad, version: 1.0}\nproof_obligations: []\nextra: x\n", "c.yaml")
    places = [str(finding.place) for finding in check(node)]
    assert places == sorted(places)
    text = "\n".join(map(str, check(node)))
    for part in ("'falsification_tests'", "'title'", "'Bad'", "got 1.0", "at least 1 item", "'extra'"):
        assert part in text


@pytest.mark.parametrize("key", ["inputs", "subjects", "formats", "model", "falsification_tests"])
@pytest.mark.parametrize(
    "value", ["1", "text", "[]", "{}", "[[]]", "[1]", "{a: 1}", "{a: []}", "{a: {}}", "{a: {b: c}}"]
)
def test_no_value_escapes_or_crashes(key, value):
    for finding in check(loads(f"{key}: {value}", "c.yaml")):
        assert "\n" not in str(finding)
        assert "breaks the schema's" not in str(finding)


def test_a_long_mixed_list_takes_no_time():
    items = ", ".join(f"{i}, a{i}" for i in range(9000))
    assert check(loads(f"dimensions: {{n1: {{values: [{items}]}}}}", "c.yaml"))


@pytest.mark.parametrize(
    "text",
    [
        "metadata: {" + ", ".join(f"k{i}: x" for i in range(6000)) + "}",
        "dimensions: {" + ", ".join(f"n{i}: x" for i in range(6000)) + "}",
        "proof_obligations: [" + ", ".join(f"{{id: A{i}, type: bund, property: x}}" for i in range(2500)) + "]",
        "falsification_tests: [{discharges: [" + ", ".join(f"x{i}" for i in range(15000)) + "]}]",
        f"? {'k' * 500_000}\n: x",
        f"metadata: {{lifecycle: {'a' * 500_000}}}",
    ],
)
def test_many_or_large_mistakes_are_told_shortly(text):
    with no_hang():
        findings = check(loads(text, "c.yaml"))
    assert 0 < len(findings) <= MAX_FINDINGS
    assert max(len(str(finding)) for finding in findings) < 500
