"""How soon a new process has its first result, and how often anything is compiled.

    python benchmarks/first_result.py

A layer of real hidden and intermediate size with eight experts, all chosen,
lies in a file. New processes map it and compute one token; the time runs from
before the process is started. The first of them finds an empty cache of
compiled kernels (a folder of its own: yours is not touched), the others a full
one.

Then the contracts are run twice in new processes with another empty cache, and
every compilation by Numba is counted: the first run must not compile a function
twice for the same types, however many dimensions it tries; the second must not
compile at all.

Exit codes: 0 as it should be; 1 the median of a first result is beyond 0.5 s,
something was compiled twice, or a run was not completed; 2 a bad option.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from math import sqrt
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benchmarks.layer_model import HIDDEN, INTERMEDIATE, PART_BYTES, QTYPES, ROWS_COLS, TOP_K, fill_q4_k, fill_q6_k
from benchmarks.output_file import output_file, write
from benchmarks.rounds import load_average
from impl.ggml_types import F32, Q4_K

ROOT: Final = Path(__file__).resolve().parent.parent
MOST_SECONDS: Final = 0.5
STEPS: Final = ("interpreter", "numpy", "impl", "open", "first call", "second call")
SHORT: Final = ("python", "numpy", "impl", "open", "call", "again")

COUNTER: Final = '''
"""Writes a line for every compilation by Numba in this process or one that it forks."""
import os

from numba.core import event


def name_of(value):
    """Tells two functions apart that one factory made."""
    if isinstance(value, (bool, int, float, str, tuple)):
        return repr(value)
    function = getattr(value, "py_func", None) or getattr(value, "_defn", None)  # of a dispatcher, of an intrinsic
    bound = [name_of(cell.cell_contents) for cell in getattr(function, "__closure__", None) or ()]
    return f"{getattr(value, '__qualname__', None) or type(value).__qualname__}{bound or ''}"


class Compilations(event.Listener):
    def on_start(self, found):
        function = found.data["dispatcher"].py_func
        bound = [name_of(cell.cell_contents) for cell in function.__closure__ or ()]
        name = f"{function.__module__}.{function.__qualname__}{bound or ''}"
        os.write(FILE, f"{name}\\t{found.data['args']}\\n".encode())

    def on_end(self, found):
        pass


FILE = os.open(os.environ["COUNTED_COMPILATIONS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
event.register("numba:compile", Compilations())
'''


def chosen_options() -> argparse.Namespace:
    what, rest = (__doc__ or "").split("\n\n", 1)
    options = argparse.ArgumentParser(
        description=what, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--processes", type=int, metavar="N", default=10, help="new processes of each kind (10)")
    options.add_argument("--profile", choices=["smoke", "ci", "none"], default="smoke",
                         help="of the contract runs (smoke); none: count no compilations")  # fmt: skip
    options.add_argument("--json", type=output_file, metavar="FILE", help="write the figures to FILE")
    chosen = options.parse_args()
    if chosen.processes < 2:
        options.error(f"--processes: expected at least 2, got {chosen.processes}")
    return chosen


def written_layer(folder: Path) -> Path:
    """A layer with as many experts as are chosen: weights in layer.bin, where they lie in layer.json."""
    rng = np.random.Generator(np.random.SFC64(0))
    router = rng.standard_normal((TOP_K, HIDDEN), np.float32) / np.float32(sqrt(HIDDEN))
    parts = [router.view(np.uint8).reshape(-1)]
    tensors: dict[str, Any] = {"router": (0, router.nbytes, router.size, F32, router.shape)}
    for name, size in PART_BYTES.items():
        rows, cols = ROWS_COLS[name]
        start, values = sum(part.size for part in parts), np.empty(TOP_K * size, np.uint8)
        (fill_q4_k if QTYPES[name] == Q4_K else fill_q6_k)(values, 1 / sqrt(cols), rng)
        tensors[f"{name}_exps"] = (start, values.size, TOP_K * rows * cols, QTYPES[name], (TOP_K, rows, cols))
        parts.append(values)
    np.concatenate(parts).tofile(folder / "layer.bin")
    described = {"tensors": tensors, "dimensions": (TOP_K, TOP_K, INTERMEDIATE, HIDDEN)}
    (folder / "layer.json").write_text(json.dumps(described), encoding="utf-8")
    return folder / "layer.json"


def first_call(layer: Path, cache: Path, threads: int, arithmetic: str) -> dict[str, float]:
    """Seconds of each step of one new process, and from its start to the first result."""
    command = [sys.executable, str(ROOT / "benchmarks" / "first_call.py"), str(layer), str(threads), arithmetic]
    started = time.monotonic_ns()
    printed = subprocess.run(
        command, env=os.environ | {"NUMBA_CACHE_DIR": str(cache)}, stdout=subprocess.PIPE, check=True
    ).stdout
    clock = [started, *map(int, printed.split())]
    seconds = {step: (late - early) / 1e9 for step, early, late in zip(STEPS, clock, clock[1:], strict=False)}
    return seconds | {"first result": (clock[-2] - started) / 1e9}


def first_results(folder: Path, processes: int) -> list[dict[str, Any]]:
    """For each arithmetic and number of threads: without a cache, and medians with one."""
    layer, found = written_layer(folder), []
    for arithmetic in ("f32", "q8_k"):
        for threads in sorted({1, min(2, os.cpu_count() or 1)}):
            cache = folder / f"cache-{arithmetic}-{threads}"
            uncompiled = first_call(layer, cache, threads, arithmetic)
            runs = [first_call(layer, cache, threads, arithmetic) for _ in range(processes)]
            found.append({
                "arithmetic": arithmetic,
                "threads": threads,
                "uncompiled": uncompiled["first result"],
                "median": {step: float(np.median([run[step] for run in runs])) for step in runs[0]},
                "least": min(run["first result"] for run in runs),
                "most": max(run["first result"] for run in runs),
            })  # fmt: skip
    return found


def contract_run(folder: Path, cache: Path, profile: str, jobs: int) -> dict[str, Any]:
    """Every contract against impl/ in new processes: what they compiled, and the files of the cache afterwards."""
    counted = folder / "compilations"
    counted.unlink(missing_ok=True)
    (folder / "sitecustomize.py").write_text(COUNTER, encoding="utf-8")
    command = [sys.executable, "-m", "harness", "run", "contracts", "--subject", "impl.subjects"]
    command += ["--profile", profile, "--jobs", str(jobs), "--report", str(folder / "report")]
    paths = [str(folder), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    changed = {
        "PYTHONPATH": os.pathsep.join(paths),
        "NUMBA_CACHE_DIR": str(cache),
        "COUNTED_COMPILATIONS": str(counted),
    }
    started = time.monotonic()
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | changed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if not counted.exists():
        raise SystemExit("the counter of compilations was not loaded: is there a sitecustomize that comes first?")
    compiled = counted.read_text(encoding="utf-8").splitlines()
    functions = Counter(line.split("\t")[0] for line in set(compiled))
    return {
        "exit_code": ended.returncode,
        "verdict": ended.stdout.decode().strip().splitlines()[-1:],
        "seconds": time.monotonic() - started,
        "compilations": len(compiled),
        "functions": len(functions),
        "most_types_of_a_function": max(functions.values(), default=0),
        "compiled_twice": sorted(line for line, times in Counter(compiled).items() if times > 1 and ours(line)),
        "compiled": sorted(set(compiled)),
        "files_in_cache": len(list(cache.rglob("*.nbc"))),
    }


def ours(line: str) -> bool:
    """Whether a compilation is of this project's own code; Numba's pieces (max, empty) belong to their callers."""
    return line.startswith("impl.")


def told(results: dict[str, Any]) -> tuple[list[str], bool]:
    """The figures as text, and whether all is as it should be."""
    good = True
    lines = (
        [f"Load average at the start: {results['load_at_start']:.1f}"] if results["load_at_start"] is not None else []
    )
    lines += ["From the start of a process to its first result, seconds (medians)", ""]
    lines.append("               uncompiled" + "".join(f"{step:>9}" for step in ("all", *SHORT)))
    for one in results["first"]:
        times = [one["median"]["first result"], *(one["median"][step] for step in STEPS)]
        name = f"{one['arithmetic']}, {one['threads']} thread{'s' * (one['threads'] > 1)}"
        lines.append(f"{name:<15}{one['uncompiled']:>10.2f}" + "".join(f"{value:>9.3f}" for value in times))
        if one["median"]["first result"] > MOST_SECONDS:
            good = False
            lines.append(f"  TOO SLOW: beyond {MOST_SECONDS} s; {one['least']:.2f} to {one['most']:.2f}")
    for what, run in results["contract_runs"].items():
        lines.append("")
        lines.append(f"All contracts, {what} cache of compiled kernels, {run['seconds']:.0f} s")
        lines.append(
            f"  {run['compilations']} compilations of {run['functions']} functions, at most "
            f"{run['most_types_of_a_function']} sets of types each; then {run['files_in_cache']} files in the cache"
        )
        lines += [f"  {verdict}" for verdict in run["verdict"]]
        again = run["compiled_twice"] if what == "empty" else run["compiled"]
        lines += ["  COMPILED AGAIN: " + line.replace("\t", " for ") for line in again]
        if run["exit_code"] == 2:
            lines.append("  NOT COMPLETED")
        good = good and not again and run["exit_code"] != 2
    return lines, good


def main() -> int:
    options = chosen_options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results: dict[str, Any] = {"load_at_start": load_average(), "contract_runs": {}}
        results["first"] = first_results(folder, options.processes)
        if options.profile != "none":
            cache = folder / "cache-contracts"
            cache.mkdir()
            # One process at first, for two would compile the same side by side.
            results["contract_runs"]["empty"] = contract_run(folder, cache, options.profile, 1)
            results["contract_runs"]["full"] = contract_run(folder, cache, options.profile, 2)
    lines, good = told(results)
    print("\n".join(lines))
    if options.json is not None:
        write(options.json, json.dumps(results, indent=1) + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
