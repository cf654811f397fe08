"""What is fuzzed: for each kind of input the good ones, how they are damaged, and what reads them.

A reader returns, or refuses with one of `refusals`; anything else is a finding.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.fuzz.mutations import damaged_bytes, damaged_text, damaged_tree
from harness.findings import HandledError

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests/harness/search/tiny.yaml"


class Kind:
    """A kind of input; the file that a reader gets lies in a folder of its own."""

    suffix = ""
    refusals: tuple[type[BaseException], ...] = (HandledError,)

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fuzz-"))

    @cached_property
    def seeds(self) -> Sequence[bytes]:
        """Good inputs."""
        raise NotImplementedError

    def damaged(self, rng: random.Random, data: bytes) -> bytes:
        return damaged_bytes(rng, data, self.seeds)

    def read(self, data: bytes) -> None:
        """What is done with an input. Raises one of `refusals`, or nothing."""
        raise NotImplementedError

    def written(self, data: bytes, name: str = "") -> Path:
        path = self.folder / (name or f"input{self.suffix}")
        path.write_bytes(data)
        return path


class Contracts(Kind):
    """Contracts, checked and explained."""

    suffix = ".yaml"

    @cached_property
    def seeds(self) -> Sequence[bytes]:
        folders = (
            ROOT / "contracts",
            ROOT / "tests/harness/contract/good",
            ROOT / "tests/harness/contract/unsound/bases",
        )
        return [path.read_bytes() for folder in folders for path in sorted(folder.glob("*.yaml"))] + [TINY.read_bytes()]

    @cached_property
    def words(self) -> list[str]:
        text = b"\n".join(self.seeds).decode()
        return sorted({word for word in text.split() if len(word) < 40})

    def damaged(self, rng: random.Random, data: bytes) -> bytes:
        if rng.random() < 0.1:
            return damaged_bytes(rng, data, self.seeds)
        return damaged_text(rng, data.decode("utf-8", "replace"), self.words).encode("utf-8", "surrogatepass")

    def read(self, data: bytes) -> None:
        from harness.program.collection import digests, load
        from harness.program.footprint import Footprint
        from harness.report.explain import explanations

        paths = (str(self.written(data)),)
        programs = load(paths)
        digests(paths)
        explanations(programs)
        for program in programs:
            for falsifier in program.falsifiers:
                Footprint(program, falsifier).most  # noqa: B018 - computed for what it may raise


class Gguf(Kind):
    """GGUF files, read by both readers."""

    suffix = ".gguf"

    @cached_property
    def refusals(self) -> tuple[type[BaseException], ...]:  # type: ignore[override]
        from impl.errors import ImplError

        return (HandledError, ImplError)

    @cached_property
    def seeds(self) -> Sequence[bytes]:
        from benchmarks.damaged_files import GGUF_CASES

        model = (ROOT / "tests/data/peers/tiny_qwen3moe.gguf").read_bytes()
        return [*good("gguf-container", GGUF_CASES), model[: 1 << 14], model]

    @cached_property
    def contracts(self) -> Sequence[Any]:
        from harness.program.collection import load

        return load((str(ROOT / "contracts"),))

    def read(self, data: bytes) -> None:
        """Both readers: one must not hide what the other does."""
        from harness.model_files.gguf import ModelFile
        from harness.model_files.inventory import take_inventory
        from harness.report.inventory import render
        from impl.gguf import GGUFModel

        refused = None
        try:
            GGUFModel.from_bytes(data)
        except self.refusals as error:
            refused = error
        render(take_inventory(ModelFile(self.written(data)), self.contracts))
        if refused is not None:
            raise refused


class Aprt(Kind):
    """Saved traces."""

    @cached_property
    def refusals(self) -> tuple[type[BaseException], ...]:  # type: ignore[override]
        from impl.errors import ImplError

        return (ImplError,)

    @cached_property
    def seeds(self) -> Sequence[bytes]:
        from benchmarks.damaged_files import APRT_CASES

        return good("trace-files", APRT_CASES)

    def read(self, data: bytes) -> None:
        from impl.aprt import read_aprt

        read_aprt(data)


class Records(Kind):
    """Records of runs."""

    suffix = ".json"

    @cached_property
    def seeds(self) -> Sequence[bytes]:
        folder = ROOT / "tests/harness/report"
        return [path.read_bytes() for name in ("first", "second") for path in sorted((folder / name).glob("*.json"))]

    def damaged(self, rng: random.Random, data: bytes) -> bytes:
        if rng.random() < 0.2:
            return damaged_bytes(rng, data, self.seeds)
        return dumped(damaged_tree(rng, json.loads(data)))

    def read(self, data: bytes) -> None:
        """Read, and shown in every form."""
        shown(self.written(data))


class EventLogs(Records):
    """Logs of runs that were killed."""

    suffix = ".jsonl"

    @cached_property
    def seeds(self) -> Sequence[bytes]:
        return [(ROOT / "tests/harness/report/second/events.jsonl").read_bytes()]

    def damaged(self, rng: random.Random, data: bytes) -> bytes:
        if rng.random() < 0.2:
            return damaged_bytes(rng, data, self.seeds)
        lines = data.split(b"\n")
        at = rng.randrange(len(lines) - 1)
        match rng.randrange(4):
            case 0:
                lines[at] = dumped(damaged_tree(rng, json.loads(lines[at])))
            case 1:
                del lines[at]
            case 2:
                lines[at:at] = [lines[rng.randrange(len(lines))]]
            case _:
                rng.shuffle(lines)
        return b"\n".join(lines)


class StoredCases(Records):
    """Stored counterexamples."""

    @cached_property
    def seeds(self) -> Sequence[bytes]:
        from harness.run.plan import Order
        from harness.run.work import run_one

        order = Order((str(TINY),), "reference:FAULT-TINY-001", 20)
        outcomes = [run_one(order, "tiny", f"FALSIFY-TINY-{number:03}") for number in range(1, 11)]
        return [dumped(outcome.counterexample) for outcome in outcomes if outcome.counterexample is not None]

    def read(self, data: bytes) -> None:
        """Replayed with the reference."""
        from harness.report.argument import argument
        from harness.search.replay import replay_case

        again = replay_case(self.written(data), (str(TINY),), "reference")
        if again.counterexample is not None:
            "\n".join(argument(again.counterexample, 80))


def shown(path: Path) -> None:
    """A record in every form, and compared with itself."""
    from harness.report.baseline import compared
    from harness.report.read import read_record
    from harness.report.views import VIEWS, show

    record = read_record(path)
    for name in VIEWS:
        show(name, record, "build/report", 80)
    compared(record, record)


def dumped(data: Any) -> bytes:
    return json.dumps(data).encode()


def good(contract: str, cases: list[dict[str, int]]) -> list[bytes]:
    """Good files, made by a contract's own equations."""
    import numpy as np

    from benchmarks.damaged_files import good_files
    from harness.program.collection import load

    (program,) = (part for part in load((str(ROOT / "contracts"),)) if part.id == contract)
    return [made.data for made in good_files(program, cases, "MalformedFile", np.random.default_rng(0))]


KINDS: dict[str, type[Kind]] = {
    "contracts": Contracts, "gguf": Gguf, "aprt": Aprt, "records": Records, "events": EventLogs, "cases": StoredCases,
}  # fmt: skip
