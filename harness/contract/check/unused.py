"""Every name has a reader."""

from __future__ import annotations

from harness.contract.check.desk import Desk


def check_unused(desk: Desk) -> None:
    """Names that nothing reads; silent when other findings may have hidden the reader."""
    if desk.findings:
        return
    contract = desk.contract
    for section, what in (
        (contract.dimensions, "dimension"),
        (contract.inputs, "input"),
        (contract.equations, "equation"),
        (contract.subjects, "subject"),
        (contract.tables, "table"),
    ):
        for name in section:
            if name not in desk.used:
                hint = "remove it or claim it"
                desk.say(desk.at(f"{what}s", name), f"{what} {name!r} is used by no subject and no claim", hint=hint)
