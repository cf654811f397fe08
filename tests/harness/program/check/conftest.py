"""A contract with texts, bytes and a table, of which tests replace one section at a time."""

from collections.abc import Callable

import pytest

from harness.contract.model import Contract
from harness.contract.read import contract_of
from harness.contract.spans import loads
from harness.program.check import check
from harness.program.check.checker import Checker
from harness.program.model import Program

SECTIONS = {
    "metadata": "{id: names, version: 1.0.0, lifecycle: draft, title: Names and files, references: [none yet]}",
    "dimensions": "{count: {min: 1, max: 4}, layer: {min: 0, max: 9}}",
    "inputs": "{x: {dtype: f32, shape: [count]}}",
    "tables": """
  roles:
    columns: {role: text, names: texts, blocks: integer, stacked: truth}
    rows:
      - [norm, [norm.weight, ln.weight], 1, false]
      - [gate, [gate.weight], 8, true]
""",
    "equations": "{file: 'concat(le(layer, 1), le(count, 1), bytes_of(x))', values: 1 * x}",
    "subjects": """
  look:
    arguments: {role: text, block: integer}
    returns: {name: text, names: texts, blocks: integer, stacked: truth}
  write: {arguments: {layer: layer, values: x}, returns: {file: file}}
  read: {arguments: {file: file}, returns: {layer: integer, values: values}}
""",
    "proof_obligations": "[{id: NAMES, type: classification, property: names and files are right}]",
}
CLAIMS = (
    "claim: 'look(role=role, block=0).names == names', over: [roles]",
    "claim: 'identical(write().file, file)'",
    "claim: 'identical(read().values, values) and read().layer == layer'",
)


@pytest.fixture(scope="session")
def contract() -> Callable[..., Contract]:
    """The contract with more falsifiers (`also`, or `claims` instead of its own) and with other sections."""

    def make(*also: str, claims: tuple[str, ...] = CLAIMS, **sections: str) -> Contract:
        text = "".join(f"{name}: {section}\n" for name, section in {**SECTIONS, **sections}.items())
        text += "falsification_tests:\n"
        for number, claim in enumerate((*claims, *also), 1):
            name = f"FALSIFY-NAMES-{number:03}"
            text += f"  - {{id: {name}, discharges: [NAMES], rule: A rule, if_fails: It fails, {claim}}}\n"
        return contract_of(loads(text, "names.yaml"))

    return make


@pytest.fixture(scope="session")
def program(contract: Callable[..., Contract]) -> Callable[..., Program]:
    """The same, checked."""
    return lambda *also, **sections: check(contract(*also, **sections), {})


@pytest.fixture
def checker(contract: Callable[..., Contract]) -> Callable[..., Checker]:
    """A checker with the contract on it, and nothing checked."""
    return lambda **sections: Checker(contract(**sections))
