"""How falsifiers of one report are related: which is worst, which also fail, which still hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from harness.search.outcome import FALSIFIED, SURVIVED, VERDICTS

SHOWN = 20
Named = tuple[str, dict[str, Any]]  # contract and line


def worst_first(lines: Iterable[Named]) -> list[Named]:
    """Those that did not survive: by verdict, then by how far beyond the bound, then as in the contracts."""
    against = [(contract, line) for contract, line in lines if line["verdict"] != SURVIVED]
    return sorted(against, key=lambda named: (VERDICTS.index(named[1]["verdict"]), -severity(named[1])))


def severity(line: Mapping[str, Any]) -> float:
    """Error / bound, else units in the last place; what has no distance (an error raised) counts as infinite."""
    if line["counterexample"] is None:
        return 0.0
    evidence = line["counterexample"]["evidence"]
    distances = (evidence["exceeds"], evidence["ulps"])
    return float(next((value for value in distances if value is not None), float("inf")))


def relate(lines: Sequence[Named]) -> None:
    """Fill in `also_fails` and `stands` of every line. Lines that call alike and part alike share the work."""
    shared: dict[tuple[str, str, tuple[str, ...]], tuple[Others, Others]] = {}
    related = _Related(lines)
    for contract, line in lines:
        if line["verdict"] != FALSIFIED:
            line["also_fails"], line["stands"] = Others({}).data(), Others({}).data()
            continue
        key = (contract, line["diverges"]["at"], tuple(line["functions"]))
        if key not in shared:
            shared[key] = (related.falls(*key), related.stands(*key))
        falls, stands = shared[key]
        line["also_fails"], line["stands"] = falls.data((contract, line["id"])), stands.data()


def identified(part: Mapping[str, str], contract: str) -> str:
    """A related falsifier by its id, which is one of its contract alone: with that where it is not this one."""
    return part["falsifier"] if part["contract"] == contract else f"{part['contract']} {part['falsifier']}"


class Others:
    """Falsifiers by contract and id, each once, with the first reason given."""

    def __init__(self, reasons: dict[tuple[str, str], str]) -> None:
        self.reasons = reasons

    def data(self, but: tuple[str, str] = ("", "")) -> dict[str, Any]:
        first = [pair for pair in islice(self.reasons.items(), SHOWN + 1) if pair[0] != but]
        shown = [{"contract": key[0], "falsifier": key[1], "why": why} for key, why in first[:SHOWN]]
        return {"count": len(self.reasons) - (but in self.reasons), "shown": shown}


class _Related:
    """The lines of a report by function, and those falsified by first diverging equation."""

    def __init__(self, lines: Sequence[Named]) -> None:
        self.by_function: dict[str, list[Named]] = {}
        self.by_equation: dict[tuple[str, str], list[Named]] = {}
        for contract, line in lines:
            for name in line["functions"]:
                self.by_function.setdefault(name, []).append((contract, line))
            if line["verdict"] == FALSIFIED and line["diverges"]["at"]:
                self.by_equation.setdefault((contract, line["diverges"]["at"]), []).append((contract, line))

    def falls(self, contract: str, at: str, functions: tuple[str, ...]) -> Others:
        same = self.by_equation.get((contract, at), ())
        reasons = {(name, line["id"]): f"also differs first at {at}" for name, line in same}
        for function in functions:
            for name, line in self.by_function[function]:
                if line["verdict"] == FALSIFIED:
                    reasons.setdefault((name, line["id"]), f"also calls {function}()")
        return Others(reasons)

    def stands(self, contract: str, at: str, functions: tuple[str, ...]) -> Others:
        del contract, at
        reasons: dict[tuple[str, str], str] = {}
        for function in functions:
            for name, line in self.by_function[function]:
                if line["verdict"] == SURVIVED:
                    reasons.setdefault((name, line["id"]), f"also calls {function}(), and survived")
        return Others(reasons)
