"""Parts of one run, made on several machines, as one report: as if the run had not been split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any

from harness.findings import HandledError
from harness.report.record import Record, assemble, lines_of

ALIKE = ("subject", "paths", "profile", "cases_wanted", "model", "select", "timeout", "not_offered", "declined",
         "unknown_claims", "not_applicable", "teeth")  # fmt: skip
OF_A_PART = ("started", "seconds", "jobs", "host")
RESULTS = ("also_fails", "stands", "status")  # made anew from all lines
Part = tuple[Path, Mapping[str, Any]]


def merged(parts: Sequence[Part], folder: str) -> Record:
    """The record of the whole run.

    HandledError where the parts do not belong together, or one is missing or doubled.
    """
    ordered = _ordered(parts)
    for part in ordered[1:]:
        _alike(ordered[0], part)
    first = ordered[0][1]
    dealt = [lines_of(record) for _, record in ordered]
    total = first["shard"]["falsifiers"]
    places = {len(ordered) * turn + number: named
              for number, lines in enumerate(dealt) for turn, named in enumerate(lines)}  # fmt: skip
    if len(places) != total or sorted(places) != list(range(total)):
        raise HandledError(f"the parts hold {len(places)} falsifiers, the run has {total}: one of them was changed")
    named = [places[number] for number in range(total)]
    header = {key: first[key] for key in (*ALIKE, "provenance")} | {
        "shard": None,
        "contracts": [
            {**contract, "falsifiers": [line for owner, line in named if owner == contract["id"]]}
            for contract in first["contracts"]
        ],
        "provenance": {**first["provenance"], "platforms": _platforms(ordered)},
    }
    found = {(contract, line["id"]): {key: line[key] for key in line if key not in RESULTS} for contract, line in named}
    broken = [f"part {record['shard']['index']}: {record['interruption']}" for _, record in ordered
              if record["interrupted"]]  # fmt: skip
    return assemble(header, found, _run(ordered, folder), "; ".join(broken))


def _ordered(parts: Sequence[Part]) -> list[Part]:
    """By their number; exactly one of each."""
    if not parts:
        raise HandledError("no parts to merge")
    for path, record in parts:
        if record["shard"] is None:
            raise HandledError(f"{path}: not a part: it was run without --shard")
    numbers = [record["shard"]["index"] for _, record in parts]
    of = parts[0][1]["shard"]["of"]
    for path, record in parts:
        if record["shard"]["of"] != of:
            raise HandledError(f"{path}: a part of {record['shard']['of']}, but {parts[0][0]} is a part of {of}")
    doubled = sorted({number for number in numbers if numbers.count(number) > 1})
    if doubled:
        paths = " and ".join(str(path) for path, record in parts if record["shard"]["index"] == doubled[0])
        raise HandledError(f"part {doubled[0]} of {of} is given twice: {paths}")
    given = set(numbers)
    beyond = [path for path, record in parts if record["shard"]["index"] > of]
    if beyond:
        raise HandledError(f"{beyond[0]}: its number is beyond the {of} parts that it is one of")
    missing = of - len(given)
    if missing:  # of a file's own number of parts only a dozen are looked for: it may be any number
        first = islice((number for number in count(1) if number not in given), min(missing, 12))
        more = f", ... {missing - 12} more" if missing > 12 else ""
        raise HandledError(f"of {of} parts, --shard {', '.join(f'{number}/{of}' for number in first)}{more} is missing")
    return sorted(parts, key=lambda part: part[1]["shard"]["index"])


def _alike(first: Part, other: Part) -> None:
    """Everything that decides about a verdict must be the same; the machines may differ."""
    for what, mine, theirs in (
        *((key, first[1][key], other[1][key]) for key in ALIKE),
        ("falsifiers", first[1]["shard"]["falsifiers"], other[1]["shard"]["falsifiers"]),
        *((f"provenance.{key}", first[1]["provenance"][key], other[1]["provenance"][key])
          for key in first[1]["provenance"] if key != "platforms"),
        *_contracts(first[1], other[1]),
    ):  # fmt: skip
        if mine != theirs:
            raise HandledError(
                f"{other[0]} does not belong to {first[0]}: {what} differs: {_short(theirs)} there, {_short(mine)} here"
            )


def _contracts(first: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    kept = ("id", "version", "digest", "path")
    mine = {contract["id"]: [contract[key] for key in kept] for contract in first["contracts"]}
    theirs = {contract["id"]: [contract[key] for key in kept] for contract in other["contracts"]}
    return [(f"contract {name}", mine.get(name), theirs.get(name)) for name in {**mine, **theirs}] + [
        ("the order of contracts", list(mine), list(theirs))
    ]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]}..."


def _platforms(parts: Sequence[Part]) -> list[Any]:
    """Each kind of machine once, in the order of the parts."""
    kinds: list[Any] = []
    for _, record in parts:
        kinds += [kind for kind in record["provenance"]["platforms"] if kind not in kinds]
    return kinds


def _run(parts: Sequence[Part], folder: str) -> dict[str, Any]:
    runs = [record["run"] for _, record in parts]
    return {
        "started": min(run["started"] for run in runs),
        "seconds": max(run["seconds"] for run in runs),
        "jobs": sum(run["jobs"] for run in runs),
        "host": ", ".join(dict.fromkeys(run["host"] for run in runs)),
        "folder": folder,
        "parts": [
            {"index": record["shard"]["index"], **{key: record["run"][key] for key in OF_A_PART}} for _, record in parts
        ],
        "falsifier_seconds": {key: seconds for run in runs for key, seconds in run["falsifier_seconds"].items()},
    }
