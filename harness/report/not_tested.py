"""What a run did not test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from harness.search.outcome import NOT_RUN

SHOWN = 20
BINS = 16  # of `tried`: so many values or fewer stand alone


def not_tested(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Entries of what, why, how many and the first of them; only what there is."""
    return [
        {"what": what, "why": why, "count": len(names), "shown": list(names[:SHOWN])}
        for what, why, names in _gaps(record)
        if names
    ]


def _gaps(record: Mapping[str, Any]) -> Iterator[tuple[str, str, Sequence[str]]]:
    lines = [(contract["id"], line) for contract in record["contracts"] for line in contract["falsifiers"]]
    subject = record["subject"]["name"]
    yield "contracts that the subject does not offer", f"{subject} does not claim them", record["not_offered"]
    yield "claims without a contract", "no contract of that name was given", record["unknown_claims"]
    unrun = [f"{contract} {line['id']}" for contract, line in lines if line["verdict"] == NOT_RUN]
    yield "falsifiers that were not run", record["interruption"] or "see the reason of each", unrun
    for (contract, obligation, reason), falsifiers in _declined(record).items():
        yield f"obligation {obligation} of {contract}", f"{subject} declines it: {reason}", falsifiers
    inapplicable = [f"{part['contract']} {part['falsifier']}" for part in record["not_applicable"]]
    yield "falsifiers that do not apply", "they need weights or dimensions that the model does not have", inapplicable
    if record["select"]:
        yield "everything that was not selected", "--select", [f"what does not match {record['select']!r}"]
    shard = record["shard"]
    if shard is not None and shard["of"] > 1:
        others = f"{shard['falsifiers'] - len(lines)} of {shard['falsifiers']} falsifiers"
        yield "falsifiers of the other parts", f"this is part {shard['index']} of {shard['of']}", [others]
    yield "mistakes that nobody might notice", "`harness teeth` has this against the contract", list(_blind(record))
    cut = [f"{contract} {line['id']}: {line['undecided']} of {line['cases']} cases"
           for contract, line in lines if line["undecided"]]  # fmt: skip
    yield "undecided cases", "the bound does not decide them", cut
    wide = [f"{contract} {line['id']}: {_unjudged(line)} of {line['elements']['seen']} elements"
            for contract, line in lines if _unjudged(line)]  # fmt: skip
    yield "elements without a finite bound", "their value may overflow, so they are not judged", wide

    yield "kinds and values that were never drawn", "the contracts allow them", list(_undrawn(record))


def _blind(record: Mapping[str, Any]) -> Iterator[str]:
    """What the kill records of contracts that were run have against them."""
    for contract in record["contracts"]:
        summary = record["teeth"].get(contract["id"], {}).get("summary") or {}
        if contract["falsifiers"]:
            yield from (f"{contract['id']}: {objection}" for objection in summary.get("objections", ()))


def _declined(record: Mapping[str, Any]) -> dict[tuple[str, str, str], list[str]]:
    """Falsifiers by what the subject does not take on, and why."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for part in record["declined"]:
        found.setdefault((part["contract"], part["obligation"], part["reason"]), []).append(part["falsifier"])
    return found


def _undrawn(record: Mapping[str, Any]) -> Iterator[str]:
    """Of inputs and dimensions that were drawn at all: what a model provides is not drawn."""
    for contract in record["contracts"]:
        declared = contract.get("declared", {"kinds": {}, "dimensions": {}})
        kinds: dict[str, set[str]] = {}
        values: dict[str, set[int]] = {}
        for line in contract["falsifiers"]:
            for name, counts in line["tried"]["kinds"].items():
                kinds.setdefault(name, set()).update(counts)
            for name, bins in line["tried"]["dimensions"].items():
                values.setdefault(name, set()).update(value for part in bins for value in (part["low"], part["high"]))
        for name, known in declared["kinds"].items():
            yield from (
                f"{contract['id']} {name}: {kind}" for kind in known if name in kinds and kind not in kinds[name]
            )
        for name, listed in declared["dimensions"].items():
            drawn = values.get(name)
            # a range of more than one value tells its ends alone: what lies between may have been drawn
            if drawn is not None and len(listed) <= BINS:
                yield from (f"{contract['id']} {name} = {value}" for value in listed if value not in drawn)


def _unjudged(line: Mapping[str, Any]) -> int:
    elements: Mapping[str, int] = line["elements"]
    return elements["seen"] - elements["judged"]
