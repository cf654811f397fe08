"""Measuring contenders side by side: every round calls each of them, in an order that is drawn anew.

Machines are noisy: a neighbour on the same memory slows everything by half for a minute. So nothing is compared but
what was measured within the same round, as the ratio of two times; the median over rounds and its quartiles tell.
"""

from __future__ import annotations

import gc
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.cold import Rotation
from benchmarks.layer_model import Target

QUIET_SECONDS: Final = 0.001
MOST_SECONDS: Final = 0.1
"""Threads of OpenMP spin for a while after their work is done; so long the next call waits for them to sleep."""

WIDE: Final = 0.2
"""A spread (upper less lower quartile, by the median) of a machine that was doing something else, too."""


@dataclass(frozen=True)
class Contender:
    """Something to be timed. prepare: given a target, returns the call."""

    name: str  # f32, q8_k, f32 traced, q8_k traced, ggml, read
    threads: int
    tokens: int
    prepare: Callable[[Target], Callable[[], Any]] = field(compare=False, repr=False)


@dataclass(frozen=True)
class Spread:
    """Five figures of a sample."""

    median: float
    q1: float
    q3: float
    least: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        q1, median, q3 = (float(q) for q in np.quantile(values, (0.25, 0.5, 0.75)))
        return cls(median, q1, q3, float(min(values)), len(values))

    @property
    def width(self) -> float:
        """Distance of the quartiles by the median."""
        return (self.q3 - self.q1) / self.median if self.median else math.inf

    @property
    def wide(self) -> bool:
        return self.width > WIDE


def paired(numerator: Sequence[float], denominator: Sequence[float]) -> Spread:
    """The ratio of two contenders round by round."""
    return Spread.of([above / below for above, below in zip(numerator, denominator, strict=True)])


Samples = dict[Contender, list[float]]


def measure(
    contenders: Sequence[Contender],
    targets: dict[int, list[Target]],
    rotation: Rotation,
    rounds: int,
    passes: dict[int, int],
    seed: int,
    tell: Callable[[str], None],
) -> Samples:
    """Seconds of every contender, in the order of the rounds.

    passes: how often a round goes through the contenders of a number of tokens (1 where it is silent). Each call has
    the target whose weights were read longest ago.
    """
    rng = np.random.default_rng(seed)
    samples: Samples = {contender: [] for contender in contenders}
    counts = sorted({one.tokens for one in contenders})
    groups = {tokens: [one for one in contenders if one.tokens == tokens] for tokens in counts}
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            tell(f"round {number + 1} of {rounds}")
            for tokens, group in groups.items():
                for _ in range(passes.get(tokens, 1)):
                    for at in rng.permutation(len(group)):
                        contender = group[at]
                        samples[contender].append(timed(contender, rotation.next(targets[tokens])))
    finally:
        gc.enable()
    return samples


def timed(contender: Contender, target: Target) -> float:
    """Seconds of one call."""
    call = contender.prepare(target)
    settle()
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def settle() -> None:
    """Wait until no thread of this process works or spins."""
    end = time.perf_counter() + MOST_SECONDS
    while time.perf_counter() < end:
        before = time.process_time()
        time.sleep(QUIET_SECONDS)
        if time.process_time() - before < QUIET_SECONDS / 4:
            return


class Others:
    """How much of the machine's processors other programs used, from Linux's own count; None elsewhere.

    Time that the hypervisor gave to others counts as theirs.
    """

    def __init__(self, stat: Path = Path("/proc/stat")) -> None:
        self._stat = stat
        self._start = self._now()

    def share(self) -> float | None:
        now = self._now()
        if now is None or self._start is None:
            return None
        all_ticks, used, own = (late - early for late, early in zip(now, self._start, strict=True))
        ticks = os.sysconf("SC_CLK_TCK")
        return max(0.0, used - own * ticks) / max(1.0, all_ticks)

    def _now(self) -> tuple[float, float, float] | None:
        """Ticks of all processors, those used by anyone, and this process's own seconds."""
        try:
            words = self._stat.read_text().split("\n", 1)[0].split()
        except OSError:
            return None
        ticks = [float(word) for word in words[1:9]]  # user nice system idle iowait irq softirq steal
        return sum(ticks), sum(ticks) - ticks[3] - ticks[4], time.process_time()


def load_average() -> float | None:
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def found(samples: Samples, name: str, threads: int, tokens: int) -> list[float] | None:
    """The seconds of one contender, if it ran."""
    wanted = name, threads, tokens
    return next((times for one, times in samples.items() if (one.name, one.threads, one.tokens) == wanted), None)
