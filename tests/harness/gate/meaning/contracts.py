"""Small contracts from a few expressions, for comparing two versions."""

import tempfile
from pathlib import Path

import yaml

from harness.contract.collection import load

DIMENSIONS = {"size": {"min": 1, "max": 24}, "rows": {"min": 1, "max": 6}, "k": {"min": 1, "max": "rows"}}
INPUTS = {
    "x": {"dtype": "f32", "shape": ["size"]},
    "z": {"dtype": "f32", "shape": ["size"]},
    "w": {"dtype": "f32", "shape": ["rows", "size"]},
    "q": {"dtype": "u8", "shape": ["size"]},
    "h": {"dtype": "u8", "shape": ["size"]},
}


def program(text):
    """A contract from YAML text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made-v1.yaml"
        path.write_text(text, encoding="utf-8")
        (made,) = load((str(path),))
    return made


def contract(
    equations,
    claims=None,
    *,
    dimensions=None,
    inputs=None,
    returns=None,
    refuses=None,
    formats=None,
    tables=None,
    arguments=None,
    metadata=None,
    **sections,
):
    """A checked contract. `claims`: a claim, or a whole falsifier as a mapping, per id; else every result is close."""
    dimensions = DIMENSIONS if dimensions is None else dimensions
    inputs = INPUTS if inputs is None else inputs
    names = list(equations)
    returns = returns or {name: name for name in names}
    arguments = arguments or {name: name for name in (*dimensions, *inputs)}
    if claims is None:
        claims = {"F-1": "stagewise(run())"}
    tests = []
    for key, claim in claims.items():
        rest = {"claim": claim} if isinstance(claim, str) else dict(claim)
        tests.append(
            {"id": f"FALSIFY-{key}", "discharges": ["ALL-ONE"], "rule": "it holds", "if_fails": "look", **rest}
        )
    document = {
        "metadata": {"id": "made", "version": "1.0.0", "lifecycle": "draft", "title": "made", "references": ["a test"],
                     **(metadata or {})},
        "dimensions": dimensions,
        "inputs": inputs,
        **({"formats": formats} if formats else {}),
        **({"tables": tables} if tables else {}),
        "equations": equations,
        "subjects": {"run": {"arguments": arguments, "returns": returns}},
        "proof_obligations": [{"id": "ALL-ONE", "type": "equivalence", "property": "everything"}],
        "falsification_tests": tests,
        **({"refuses": refuses} if refuses else {}),
        **sections,
    }  # fmt: skip
    return program(yaml.safe_dump(document, sort_keys=False))
