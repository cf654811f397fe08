"""What a kill record depends on: the contract, and the versions of the language and of the teeth."""

from __future__ import annotations

import hashlib
from typing import Any

from harness.contract.digest import digest
from harness.language.syntax import spell
from harness.program.model import Program
from harness.teeth.versions import VERSIONS


def keys(program: Program) -> dict[str, Any]:
    """What decides the kills of a contract as it is now; a current record has the same.

    The implementation is not among them: faults are planted into the contract's own equations. Where a contract has
    results that no equation says, saboteurs wrap an implementation, but what they show is a matter of the claims too.
    """
    return {"contract": contract_digest(program), **VERSIONS}


def contract_digest(program: Program) -> str:
    """The contract, with the block formats that it has from others."""
    sha = hashlib.sha256(digest(program.contract).encode())
    for name, format_ in sorted(program.formats.items()):
        equations = {key: spell(node) for key, node in format_.equations.items()}
        sha.update(repr((name, format_.values, format_.size, sorted(format_.fields.items()), list(equations.items()),
                          format_.weights, format_.scales)).encode())  # fmt: skip
    return sha.hexdigest()
