"""The binding to model files: it fills inputs and dimensions that there are."""

from __future__ import annotations

from harness.contract.check.desk import Desk
from harness.findings import nearest


def check_model(desk: Desk) -> None:
    """Every name that the binding fills is declared."""
    binding = desk.contract.model
    if binding is None:
        return
    for name in binding.tensors:
        if name not in desk.contract.inputs:
            hint = nearest(name, desk.contract.inputs)
            desk.say(binding.place, f"model binds an unknown input {name!r}", hint=hint)
    for name in binding.dimensions:
        if name not in desk.contract.dimensions:
            hint = nearest(name, desk.contract.dimensions)
            desk.say(binding.place, f"model binds an unknown dimension {name!r}", hint=hint)
