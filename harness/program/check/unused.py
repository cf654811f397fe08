"""Every name is used."""

from __future__ import annotations

from harness.program.check.checker import Checker


def check_unused(checker: Checker) -> None:
    """Names that nothing reads; silent when other findings may have hidden the reader."""
    if checker.findings:
        return
    contract = checker.contract
    for section, what in (
        (contract.dimensions, "dimension"),
        (contract.inputs, "input"),
        (contract.equations, "equation"),
        (contract.subjects, "subject"),
        (contract.tables, "table"),
    ):
        for name in section:
            if name not in checker.used:
                hint = "remove it, or use it in a claim"
                checker.say(
                    checker.at(f"{what}s", name), f"{what} {name!r} is used by no subject and no claim", hint=hint
                )
