"""Use an installed wheel as somebody does who has nothing else, in an empty folder; end with what went wrong.

Run by `tox run -e wheel`, with the Python of an environment that holds the wheel and its dependencies alone.

Usage: installed_wheel.py MODEL.gguf
"""

import contextlib
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

MOST_MB = 115  # of everything installed, without pip and setuptools
INSTALLERS = ("pip", "setuptools", "pkg_resources", "_distutils_hack", "distutils-precedence")
ABSENT = ("impl", "numba", "pytest")
HARNESS = Path(sysconfig.get_path("scripts")) / "harness"
SHIPPED = "the contracts shipped with harness"

# A contract of the user's own, on a block format that only the shipped `ggml-blocks` has.
CONTRACT = """
metadata:
  id: my-rows
  version: 1.0.0
  lifecycle: active
  title: Quantised rows times a vector
  references: [written for this check]
  depends_on: {ggml-blocks: ">=1.0"}
dimensions: {rows: {min: 1, max: 3}}
inputs:
  m: {dtype: [q4_k], shape: [rows, 256]}
  x: {dtype: f32, shape: [256]}
equations: {out: m @ x}
subjects: {product: {arguments: {m: m, x: x}, returns: {out: out}}}
proof_obligations: [{id: PRODUCT, type: equivalence, property: the products are those of the equation}]
falsification_tests:
  - id: FALSIFY-ROWS-001
    discharges: [PRODUCT]
    rule: The products are within the derived bound
    given: {x: {values: normal}, m: {values: normal}}
    claim: close(product().out, out)
    if_fails: A product differs by more than rounding.
"""


def megabytes(folder: Path) -> float:
    """What the files below a folder hold, installers left out; 1 MB is a million bytes."""
    files = (path for part in folder.iterdir() if not part.name.startswith(INSTALLERS)
             for path in ([part] if part.is_file() else part.rglob("*")) if path.is_file())  # fmt: skip
    return sum(path.stat().st_size for path in files) / 1e6


def expect(code: int, text: str, *arguments: str) -> None:
    """Run harness; its exit code and a part of what it prints must be these."""
    ran = subprocess.run([HARNESS, *arguments], capture_output=True, text=True, check=False)
    command, told = " ".join(("harness", *arguments)), ran.stdout + ran.stderr
    if ran.returncode != code or text not in told:
        raise SystemExit(f"{command}: exit code {ran.returncode}, expected {code} and {text!r}\n{told}")
    print(f"{command}: exit code {code}", flush=True)


def main(model: str) -> None:
    """Everything that an installed user can do without a checkout."""
    for name in ABSENT:
        command = [sys.executable, "-c", f"import {name}"]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            raise SystemExit(f"the environment has a module {name!r}")
    size = megabytes(Path(sysconfig.get_path("purelib")))
    print(f"installed, without pip and setuptools: {size:.1f} MB; admitted: below {MOST_MB}", flush=True)
    if size >= MOST_MB:
        raise SystemExit("too large")
    expect(0, SHIPPED, "validate")
    expect(0, "FALSIFY-MOE-ROUTER-001", "explain", "FALSIFY-MOE-ROUTER-001")
    expect(0, "# The contract language", "explain", "language")
    expect(2, "no subject is named", "run")
    expect(0, SHIPPED, "run", "--subject", "reference", "--profile", "smoke")
    expect(0, "SURVIVED", "report", "build/report")
    expect(0, "ffn_gate_exps_weight", "inspect", model)
    expect(2, "no folder contracts/ here", "gate")
    Path("contracts").mkdir()
    Path("contracts/my-rows-v1.yaml").write_text(CONTRACT, encoding="utf-8")
    Path("pyproject.toml").write_text('[tool.harness]\nsubject = "reference"\nprofile = "smoke"\n', encoding="utf-8")
    expect(0, "released my-rows 1.0.0", "release")
    expect(0, "my-rows", "gate")
    expect(0, "kill records: 1 contract", "teeth")
    expect(0, "reference: 1 survived", "run")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    given = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as empty, contextlib.chdir(empty):
        main(given)
