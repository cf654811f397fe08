"""One falsifier in the record: what stands in the contract, and what the run found."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from harness.language.syntax import names
from harness.program.model import FalsifierProgram, Program
from harness.report.fingerprint import diverges, fingerprint
from harness.search.domain import domain_of
from harness.search.outcome import NOT_RUN, Outcome, Tally
from harness.search.seed import stream

Line = dict[str, Any]
BINS = 16  # of a dimension's values


def described(program: Program, falsifier: FalsifierProgram, wanted: int) -> Line:
    """The part of a line that is known before anything runs."""
    source, metadata = falsifier.source, program.contract.metadata
    called = names(falsifier.claim)
    first = dict(falsifier.rows[0]) if falsifier.rows else {}
    seed = stream(metadata.id, metadata.version, domain_of(program, falsifier), repr(sorted(first.items())), "", "")
    return {
        "id": source.id, "rule": source.rule, "discharges": list(source.discharges), "claim": source.claim.text,
        "place": str(source.claim.place), "if_fails": source.if_fails,
        "functions": [name for name in program.contract.subjects if name in called], "seed": f"{seed:016x}",
        "wanted": wanted,
    }  # fmt: skip


def declared(program: Program) -> dict[str, Any]:
    """What cases of a contract may be drawn from, named as in `tried`."""
    kinds = {}
    for name, part in program.inputs.items():
        own = part.drawn_kinds()
        kinds[name] = [part.told_kind(dtype, kind) for dtype in part.dtypes for kind in own]
    return {"kinds": kinds, "dimensions": {name: _listed(program, name) for name, part in program.dimensions.items()
                                           if part.values}}  # fmt: skip


def _listed(program: Program, name: str) -> list[int]:
    """The values of a dimension, and those that it has in a size."""
    sizes = (row[name] for row in program.sizes if name in row)
    return list(dict.fromkeys((*program.dimensions[name].values, *sizes)))


def found(outcome: Outcome) -> Line:
    """The part that a run finds."""
    tally, example = outcome.tally, outcome.counterexample
    divergence = diverges(outcome.verdict, outcome.reason, example)
    return {
        "fingerprint": fingerprint(outcome.contract, outcome.falsifier, divergence),
        "verdict": outcome.verdict, "reason": outcome.reason, "diverges": divergence,
        "cases": tally.cases, "wanted": outcome.wanted, "distinct": len(tally.recipes),
        "exhausted": outcome.exhausted, "discarded": tally.discarded, "undecided": tally.undecided,
        "doubts": [{"doubt": doubt, "cases": count} for doubt, count in tally.doubts.most_common(3)],
        "executions": tally.executions, "elements": {"judged": tally.judged, "seen": tally.entries},
        **sampled(tally),
        "margin": tally.margin, "margin_case": tally.margin_case, "margin_number": tally.margin_number,
        "cover": [{"situation": part.situation, "least": part.least, "seen": tally.situations[part.situation],
                   "of": tally.cases} for part in outcome.cover],
        "series": [{"case": case, "error": number(error), "bound": number(bound)}
                   for case, error, bound in tally.series.points],
        "sharpness": number(tally.compared.sharpness), "compared": compared(tally),
        "tried": tried(tally), "kills": None if outcome.kills is None else dict(outcome.kills),
        "case": None if example is None else case_file(outcome.contract, outcome.falsifier),
        "counterexample": None if example is None else dict(example),
    }  # fmt: skip


def not_run(contract: str, falsifier: str, wanted: int, reason: str) -> Line:
    """A falsifier that was planned and has no result."""
    return found(Outcome(contract, falsifier, NOT_RUN, reason, wanted=wanted))


def case_file(contract: str, falsifier: str) -> str:
    """Where the durable case of a falsifier is kept, below the report folder."""
    return f"cases/{contract}/{falsifier}.json"


def sampled(tally: Tally) -> Line:
    """The equations of which a sample of rows was judged; nothing where there are none."""
    parts = [{"of": name, "rows": rows, "all": whole} for name, (rows, whole) in tally.sampled.items()]
    return {"sampled": parts} if parts else {}


def number(value: float | None) -> float | None:
    """A number that JSON can hold; None for infinite ones."""
    return value if value is not None and isfinite(value) else None


def compared(tally: Tally) -> list[dict[str, Any]]:
    """By stage, what its comparisons could have noticed; see the record's schema."""
    return [
        {
            "stage": name, "comparisons": stage.comparisons, "asked": len(stage.widths), "wide": stage.wide,
            "width": number(stage.width), "unjudged": stage.unjudged / stage.elements,
            "decoys": [{"decoy": decoy, "asked": asked, "admitted": stage.admitted[decoy]}
                       for decoy, asked in stage.asked.items()],
        }
        for name, stage in tally.compared.stages.items()
    ]  # fmt: skip


def tried(tally: Tally) -> dict[str, Any]:
    """How often each kind of each input, and each range of a dimension's values, took part."""
    kinds: dict[str, dict[str, int]] = {}
    for (name, kind), count in sorted(tally.kinds.items()):
        kinds.setdefault(name, {})[kind] = count
    return {"kinds": kinds, "dimensions": {name: bins(counts) for name, counts in tally.dimensions.items()}}


def bins(counts: Mapping[int, int]) -> list[dict[str, int]]:
    """At most BINS ranges that hold about equally many of the values that occurred; single values where these few."""
    values = sorted(counts)
    size = -(-len(values) // BINS)
    groups = [values[first : first + size] for first in range(0, len(values), size or 1)]
    return [{"low": group[0], "high": group[-1], "cases": sum(counts[value] for value in group)} for group in groups]
