"""What readers do with damaged files: every damage of the contracts, every truncation, every flipped bit.

    python benchmarks/damaged_files.py --seed 0

builds good GGUF and APRT files from the contracts' own equations and damages them: every row of the tables `damages`,
every length but the whole, each bit of the first 256 bytes. Production reads them from memory and, a sample, from
disk; so does the harness's own reader, with the two tensors that it is after. A refusal must be the error that the
contract names (HandledError for the harness). Flipped bits may be harmless: 1.0 and 1.5 are both good weights. Both
readers of GGUF files must come to one verdict on every file: the same tensors, or a refusal of the same class.

Prints a table in Markdown and what was accepted. Exit code 1: a damage of a table or a truncation was accepted,
another error escaped, a refusal took over 100 ms or 50 MB, or the two readers differ.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness.language.evaluate import Bindings
from harness.language.single import Single
from harness.model_files.gguf import DamagedFile, ModelFile, UnsupportedFile
from harness.model_files.weights import tensor_input
from harness.program.collection import load
from harness.program.model import Program
from impl.aprt import load_trace, read_aprt, save_trace
from impl.errors import MalformedFile, UnsupportedOperation
from impl.ggml_types import GGML_TYPES
from impl.gguf import GGUFModel

ROOT = Path(__file__).resolve().parent.parent
MOST_SECONDS, MOST_BYTES = 0.1, 50e6
LOOKED_AT_AGAIN = 1e-3  # seconds: a slower refusal counts as its fastest of four, as other programs run here, too
FLIPPED_BYTES = 256
ON_DISK_EACH = 7  # one cut or flipped file in so many is tried on disk, too; of the tables all
GGUF_CASES = [{"p": 1, "q": 1, "version": 3}, {"p": 4, "q": 4, "version": 3}, {"p": 2, "q": 3, "version": 2},
              {"p": 3, "q": 1, "version": 3}]  # fmt: skip
APRT_CASES = [{"count": 1, "layer": 0}, {"count": 7, "layer": 47}, {"count": 63, "layer": 5}]
LEFT_OUT = {"cut": 0}  # a dimension of the contract that no equation uses


@dataclass(frozen=True)
class Damaged:
    """One damaged file: which kind of damage, and the error that it must end in."""

    kind: str  # table, truncation, flip
    what: str
    data: bytes
    error: str


@dataclass
class Good:
    """A good file with the case that it was made for."""

    case: Mapping[str, int]
    inputs: Mapping[str, np.ndarray]
    data: bytes
    damaged: list[Damaged]


@dataclass
class Tally:
    """What one reader did."""

    files: int = 0
    refused: int = 0
    accepted: dict[str, list[str]] = field(default_factory=lambda: {"table": [], "truncation": [], "flip": []})
    others: list[str] = field(default_factory=list)
    slowest: float = 0.0
    peak: int = 0

    @property
    def bad(self) -> bool:
        return bool(
            self.accepted["table"] or self.accepted["truncation"] or self.others
            or self.slowest > MOST_SECONDS or self.peak > MOST_BYTES
        )  # fmt: skip


Reader = Callable[[bytes], object]


def good_files(program: Program, cases: list[dict[str, int]], error: str, rng: np.random.Generator) -> list[Good]:
    """The contract's `file`, with its damages, for several cases. error: where a damage names none."""
    made = []
    for case in cases:
        inputs = shaped(program, case, rng)
        bindings = Bindings(Single(), program.equations, program.depends, {**LEFT_OUT, **case, **inputs})
        file = np.asarray(bindings.value("file"))
        made.append(Good(case, inputs, to_bytes(file), list(damages(program, file, error))))
    return made


def shaped(program: Program, case: Mapping[str, int], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Normal values for the inputs, which are vectors."""
    if program.id == "trace-files":
        return {"x": rng.standard_normal(case["count"]).astype(np.float32)}
    return {name: rng.standard_normal(8 * case[of]).astype(np.float32) for name, of in (("a", "p"), ("b", "q"))}


def damages(program: Program, file: np.ndarray, error: str) -> Iterator[Damaged]:
    table = program.contract.tables["damages"]
    for cells in table.rows:
        row = dict(zip(table.columns, cells, strict=True))
        patched = Single().call("patch", [file, *(int(row[key]) for key in ("at", "value", "width"))], {})
        yield Damaged("table", str(row["what"]), to_bytes(patched), str(row.get("error", error)))
    data = to_bytes(file)
    for cut in range(len(data)):
        yield Damaged("truncation", f"cut at {cut} of {len(data)}", data[:cut], error)
    for at in range(min(FLIPPED_BYTES, len(data))):
        for bit in range(8):
            flipped = bytearray(data)
            flipped[at] ^= 1 << bit
            yield Damaged("flip", f"bit {bit} of byte {at}", bytes(flipped), error)


def to_bytes(file: np.ndarray) -> bytes:
    return file.astype(np.uint8).tobytes()


# --- readers: each returns what it read, or raises ------------------------------------------------------------------


def gguf_on_disk(path: Path) -> Reader:
    def read(data: bytes) -> object:
        path.write_bytes(data)
        return GGUFModel.from_path(path)

    return read


def aprt_on_disk(folder: Path, good: Good) -> Reader:
    """A saved stage whose file is damaged under it; the sidecar stays."""
    (path,) = save_trace(folder, good.case["layer"], {"ffn_norm": good.inputs["x"]})
    if path.read_bytes() != good.data:
        raise AssertionError("the file of the contract is not that of save_trace")

    def read(data: bytes) -> object:
        path.write_bytes(data)
        return load_trace(folder, good.case["layer"], ["ffn_norm"])

    return read


def by_harness(program: Program, good: Good, path: Path, on_disk: bool) -> Reader:
    """The harness's reader, as `--model` uses it: the header, then the tensors by name, type, shape and place."""

    def read(data: bytes) -> object:
        if on_disk:
            path.write_bytes(data)
        file = ModelFile(path, None if on_disk else data)
        return [tensor_input(file, program, name, f"{name}.weight", good.case) for name in ("a", "b")]

    return read


# --- one verdict of both GGUF readers: the tensors, or which of two classes refuses the file ------------------------

Verdict = str | list[tuple[str, str, tuple[int, ...], int, int]]


def verdict_of_production(data: bytes) -> Verdict:
    try:
        tensors = GGUFModel.from_bytes(data).tensors.values()
    except MalformedFile:
        return "damaged"
    except UnsupportedOperation:
        return "unsupported"
    return [(part.name, GGML_TYPES[part.qtype].name, part.shape, part.offset, part.byte_size) for part in tensors]


def verdict_of_harness(data: bytes) -> Verdict:
    try:
        tensors = ModelFile(Path("in-memory.gguf"), data).tensors.items()
    except DamagedFile:
        return "damaged"
    except UnsupportedFile:
        return "unsupported"
    return [(name, part.dtype, part.shape, part.offset, part.size) for name, part in tensors]


def difference(data: bytes) -> str:
    """What the two readers say of a file where that is not the same; "" where it is."""
    production, harness = verdict_of_production(data), verdict_of_harness(data)
    return "" if production == harness else f"production: {production}, harness: {harness}"


# --- the measurement ------------------------------------------------------------------------------------------------


def fed(tally: Tally, reader: Reader, damaged: Damaged, error: str) -> None:
    """One file through one reader: for its time (on disk with the writing), and again for its memory."""
    tally.files += 1
    raised, seconds = attempt(reader, damaged.data)
    if seconds > LOOKED_AT_AGAIN:
        seconds = min(seconds, *(attempt(reader, damaged.data)[1] for _ in range(3)))
    tracemalloc.start()
    again, _ = attempt(reader, damaged.data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    where = f"{damaged.kind}: {damaged.what}"
    if type(raised) is not type(again):
        tally.others.append(f"{where}: {raised!r}, then {again!r}")
    elif raised is None:
        tally.accepted[damaged.kind].append(damaged.what)
    elif error in (part.__name__ for part in type(raised).__mro__):
        tally.refused += 1
        tally.slowest, tally.peak = max(tally.slowest, seconds), max(tally.peak, peak)
    else:
        tally.others.append(f"{where}: {raised!r}")


def attempt(reader: Reader, data: bytes) -> tuple[BaseException | None, float]:
    """What was raised, and the time that it took."""
    started = time.perf_counter()
    try:
        reader(data)
    except Exception as error:
        return error, time.perf_counter() - started
    return None, time.perf_counter() - started


def measured(folder: Path, seed: int) -> dict[str, Tally]:
    programs = {program.id: program for program in load((str(ROOT / "contracts"),))}
    rng = np.random.default_rng(seed)
    gguf, aprt = programs["gguf-container"], programs["trace-files"]
    path = folder / "damaged.gguf"
    tallies: dict[str, Tally] = {}

    def run(name: str, reader: Reader, good: Good, each: int = 1, error: str = "") -> None:
        reader(good.data)  # a good file is read, or there is nothing to measure
        tally = tallies.setdefault(name, Tally())
        for at, damaged in enumerate(good.damaged):
            if at % each and damaged.kind != "table":
                continue
            fed(tally, reader, damaged, error or damaged.error)

    for good in good_files(gguf, GGUF_CASES, "MalformedFile", rng):
        run("impl GGUF", GGUFModel.from_bytes, good)
        run("impl GGUF, on disk", gguf_on_disk(path), good, ON_DISK_EACH)
        run("harness ModelFile", by_harness(gguf, good, path, False), good, 1, "HandledError")
        run("harness ModelFile, on disk", by_harness(gguf, good, path, True), good, ON_DISK_EACH, "HandledError")
    for good in good_files(aprt, APRT_CASES, "MalformedFile", rng):
        run("impl APRT", read_aprt, good)
        run("impl APRT, on disk with its sidecar", aprt_on_disk(folder, good), good, ON_DISK_EACH)
    return tallies


def print_table(tallies: Mapping[str, Tally]) -> None:
    heads = ("reader", "files", "refused as named", "accepted: table", "truncation", "bit flip", "other errors",
             "slowest refusal, ms", "peak, KiB")  # fmt: skip
    print(f"| {' | '.join(heads)} |\n|---|{'--:|' * (len(heads) - 1)}")
    for name, tally in tallies.items():
        cells: list[Any] = [name, tally.files, tally.refused, *map(len, tally.accepted.values()), len(tally.others)]
        print(f"| {' | '.join(map(str, cells))} | {1e3 * tally.slowest:.2f} | {tally.peak / 1024:.1f} |")


def differences(seed: int) -> list[str]:
    """The damaged files that the two readers of GGUF files disagree on."""
    (container,) = load((str(ROOT / "contracts/gguf-container-v1.yaml"),))
    goods = good_files(container, GGUF_CASES, "MalformedFile", np.random.default_rng(seed))
    found = []
    for damaged in (part for good in goods for part in good.damaged):
        told = difference(damaged.data)
        if told:
            found.append(f"{damaged.kind}: {damaged.what}: {told}")
    return found


def print_offences(tallies: Mapping[str, Tally]) -> None:
    for name, tally in tallies.items():
        accepted = [f"accepted {kind}: {what}" for kind in ("table", "truncation") for what in tally.accepted[kind]]
        for what, times in counted([*accepted, *tally.others]).items():
            print(f"\n{name}: {what} ({times} times)", end="")
    print()


def counted(whats: list[str]) -> dict[str, int]:
    return {what: whats.count(what) for what in dict.fromkeys(whats)}


def main() -> int:
    options = argparse.ArgumentParser(description="What readers do with damaged files.")
    options.add_argument("--seed", type=int, default=0, help="of the values in the files (0)")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tallies = measured(Path(folder), chosen.seed)
    print_table(tallies)
    print_offences(tallies)
    differing = differences(chosen.seed)
    print(f"\nGGUF files on which the two readers differ: {len(differing)}", *differing[:20], sep="\n")
    return 1 if differing or any(tally.bad for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
