"""A campaign against one kind of input: so many seconds of damaged inputs, with what came of them."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.fuzz.kinds import KINDS, Kind
from benchmarks.fuzz.mutations import shorter
from benchmarks.fuzz.watched import Ended, limit_memory, tried

SHORTENING = 300  # tries


@dataclass
class Tally:
    """What became of the inputs of one kind."""

    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    found: Counter[str] = field(default_factory=Counter)


def fuzzed(name: str, seed: int, seconds: float, folder: Path, most: int = 10**9) -> Tally:
    """One kind of input for so many seconds of CPU time, and at most so many inputs."""
    kind, rng, tally = KINDS[name](), random.Random(f"{name} {seed}"), Tally()
    for good in kind.seeds:  # all that is loaded late is loaded, and a good input is read
        ended = tried(kind, good)
        if ended.signature:
            _note(name, kind, good, ended, tally, folder)
    current = folder / f"current-{name}{kind.suffix}"
    until = time.process_time() + seconds
    while time.process_time() < until and tally.inputs < most:
        data = kind.damaged(rng, rng.choice(kind.seeds))
        current.write_bytes(data)
        ended = tried(kind, data)
        tally.inputs += 1
        tally.refused += ended.refused
        tally.slowest = max(tally.slowest, ended.seconds)
        if ended.signature:
            _note(name, kind, data, ended, tally, folder)
    current.unlink(missing_ok=True)
    return tally


def _note(name: str, kind: Kind, data: bytes, ended: Ended, tally: Tally, folder: Path) -> None:
    """Count a finding; the first of its signature is made short and written."""
    tally.found[ended.signature] += 1
    if tally.found[ended.signature] > 1:
        return
    tries = SHORTENING if ended.seconds < 1 else 10
    short = shorter(data, lambda candidate: tried(kind, candidate).signature == ended.signature, tries)
    stem = f"{name}-{len(tally.found)}"
    (folder / f"{stem}{kind.suffix}").write_bytes(short)
    (folder / f"{stem}.txt").write_text(f"{ended.signature}\n\n{ended.told}\n", encoding="utf-8", errors="replace")


def campaign(name: str, seed: int, seconds: float, folder: Path, answers: Any) -> None:
    """The same in a process of its own, with little memory beyond what good inputs need."""
    for good in KINDS[name]().seeds[:1]:
        tried(KINDS[name](), good)
    limit_memory()
    answers.put(fuzzed(name, seed, seconds, folder))
