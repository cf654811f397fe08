"""docs/language.md says what is true: names, limits and examples are those of the code."""

import json
import re
from pathlib import Path

import pytest

import harness.contract
from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.language.claims import SIGNATURES as CLAIMS
from harness.language.functions import FUNCTIONS
from harness.language.infer.recurrences import MOST_STEPS
from harness.language.infer.sequences import MOST_CALLS
from harness.language.syntax import MAX_DEPTH, MAX_LENGTH, MAX_NODES, parse
from harness.language.syntax.nodes import SCAN, THREADED
from harness.program.check import check

TEXT = (Path(__file__).parents[3] / "docs" / "language.md").read_text("utf-8")
SCHEMA = json.loads(Path(harness.contract.__file__).with_name("contract.schema.json").read_text("utf-8"))
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
ROWS = re.findall(r"^\| `(\w+)\((.*?)`", TEXT, re.MULTILINE)


def section(title: str) -> str:
    return re.split(rf"^##+ {title}\n", TEXT, flags=re.MULTILINE)[1].split("\n## ")[0]


def test_every_function_and_claim_has_a_row_and_no_other():
    assert {name for name, _ in ROWS} - {"weights", "route"} == {*FUNCTIONS, *CLAIMS, THREADED}


def test_functions_and_claims_are_not_mixed_up():
    assert set(re.findall(r"^\| `(\w+)\(", section("Functions"), re.MULTILINE)) == set(FUNCTIONS)
    assert set(re.findall(r"^\| `(\w+)\(", section("Claims"), re.MULTILINE)) == {*CLAIMS, THREADED}


def test_every_key_of_the_schema_is_named():
    parts = [SCHEMA, *(SCHEMA["$defs"][name] for name in SCHEMA["$defs"])]
    keys = {key for part in parts for key in part.get("properties", {})}
    assert [key for key in sorted(keys) if not re.search(rf"[`\s{{]{key}\b[`:]?", TEXT)] == []


def test_every_section_has_a_title_and_an_example():
    for name in SCHEMA["properties"]:
        assert re.search(rf"^### .*`{name}`", TEXT, re.MULTILINE), name
        assert any(re.search(rf"^{name}:", example, re.MULTILINE) for example in EXAMPLES), name


def test_limits():
    assert f"A recurrence has at most {MOST_STEPS} steps, and `{THREADED}` makes at most {MOST_CALLS} calls." in TEXT
    assert f"`{SCAN}(next, t=steps, h=first)`" in TEXT
    assert f"at most {MAX_LENGTH} characters, {MAX_NODES} parts and {MAX_DEPTH} levels" in TEXT


WHOLE = [example for example in EXAMPLES if "falsification_tests:" in example and "metadata:" in example]


@pytest.mark.parametrize("example", WHOLE, ids=range(len(WHOLE)))
def test_a_whole_contract_is_sound(example):
    assert check(contract_of(loads(example, "language.md")), {}).falsifiers


def test_there_is_a_whole_contract():
    assert WHOLE


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_is_yaml_as_contracts_are_written(example):
    root = loads(example, "language.md")
    known = {*SCHEMA["properties"], *SCHEMA["$defs"]["falsifier"]["properties"]}
    assert set(root.value) <= known


def test_expressions_in_the_text_are_expressions():
    rows = section("Claims").split("\n| ")[2:]
    for row in rows:
        parse(re.match(r"`(.*?)`", row)[1])
