"""How long the views of a large report take, from the file on disk to the text, each in a process of its own.

    python benchmarks/report_speed.py --falsifiers 1000

makes a record of so many falsifiers out of a stored one of a real run (six in ten did not survive), and prints for
each view the seconds that passed, those of the processor (on a busy machine the ones to look at), and the bytes.
Start-up, reading and the check against the published schema are part of each. Markdown.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from harness.report.views import VIEWS  # noqa: E402 - found by the line above
from tests.harness.report.stored import many  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--falsifiers", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        path.write_text(json.dumps(many(options.falsifiers), indent=1), encoding="utf-8")
        print(f"{options.falsifiers} falsifiers, {path.stat().st_size / 1e6:.1f} MB; best of {options.repeat}\n")
        print("| view | seconds | of the processor | bytes |\n|---|--:|--:|--:|")
        for name, view in VIEWS.items():
            output = Path(folder) / "out" / view.file
            seconds, processor = map(min, zip(*(timed(path, name, output) for _ in range(options.repeat)), strict=True))
            print(f"| {name} | {seconds:.2f} | {processor:.2f} | {output.stat().st_size:,} |", flush=True)


def timed(path: Path, name: str, output: Path) -> tuple[float, float]:
    """Seconds of `harness report`, start-up of Python included: passed, and of the processor."""
    command = [sys.executable, "-m", "harness", "report", str(path), "--format", name, "--output", str(output)]
    before, started = processor_seconds(), time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return time.perf_counter() - started, processor_seconds() - before


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
