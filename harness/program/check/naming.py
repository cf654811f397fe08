"""Names mean one thing: no value is called like a function, no subject like a value."""

from __future__ import annotations

from harness.language.reserved import RESERVED
from harness.program.check.checker import Checker


def check_names(checker: Checker) -> None:
    """Every name that has another meaning already."""
    contract = checker.contract
    for section in (contract.dimensions, contract.inputs, contract.equations, contract.subjects):
        for name, part in section.items():
            if name in RESERVED:
                checker.say(part.place, f"{name!r} is a function of the language", hint="choose another name")
    for name, subject in contract.subjects.items():
        if name in checker.declared:
            checker.say(subject.place, f"{name!r} is also an equation, input or dimension", hint="rename one of them")
