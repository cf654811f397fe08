"""What criteria for kernels refuse: right kernels, and results that are wrong by one factor. Ours beside those in use.

    python benchmarks/criteria.py

prints the tables of docs/criteria.md in Markdown, for products `w @ x` in float32, and in bf16 in and out, of normal
numbers. In each cell stands the smallest relative error of all results that is refused, the median over cases, and the
share of right kernels that are refused, where there are any (then the smallest error says little). `close` and
`accurate` are judged by the harness itself, on a contract. Exits with 1 if one of the two refuses a right kernel.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness.judge import claims
from harness.language.arithmetic import Arithmetic
from harness.language.dtypes import DTYPES, Dtype
from harness.language.evaluate import Bindings
from harness.language.exact.domain import Exact
from harness.language.exact.region import Bounded
from harness.language.rounding import stored
from harness.program.arithmetic import arithmetic_of
from harness.program.collection import load
from harness.program.model import Program
from tests.harness.language.soundness import dot_products as D

Floats = Any  # np.ndarray
FORMATS = ("f32", "bf16")
LENGTHS = (256, 2048, 16384)
Values = Callable[[Floats, Floats], Floats]  # of normal w and x, the w that is multiplied by x
LENGTHWISE: dict[str, Values] = {
    "unit values": lambda w, _: w,  # the result grows with the length
    "rms 1": lambda w, x: w / np.sqrt(len(x)),  # the mean square of the result is one
}
AT_ONE_LENGTH: dict[str, Values] = {
    "values of 1000": lambda w, _: 1000 * w,
    "cancelling": lambda w, x: w - 0.999 * np.outer(w @ x / (x @ x), x),  # the result is 1000 times smaller
}
STEPS = 2.0 ** np.arange(-26, 9, 0.5)  # relative errors that are tried
CONTRACT = """
metadata: {{id: product, version: 1.0.0, lifecycle: draft, title: A product, references: [benchmarks/criteria.py]}}
dimensions: {{n: {{values: [1]}}, rows: {{values: [1]}}}}
inputs:
  w: {{dtype: {dtype}, shape: [rows, n]}}
  x: {{dtype: {dtype}, shape: [n]}}
equations: {{y: w @ x}}
subjects: {{f: {{arguments: {{w: w, x: x}}, returns: {{y: {{equation: y, dtype: as x}}}}}}}}
proof_obligations: [{{id: PRODUCT, type: equivalence, property: the product}}]
falsification_tests:
  - {{id: FALSIFY-PRODUCT-001, discharges: [PRODUCT], rule: r, claim: "accurate(f().y, y)", if_fails: it is imprecise}}
"""


def contract(dtype: Dtype) -> Program:
    """The product as a contract."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "product-v1.yaml"
        path.write_text(CONTRACT.format(dtype=dtype.name), encoding="utf-8")
        (program,) = load((str(path),))
    return program


# --- cases ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """One product. `sound` and `model`: its value as the contract has it, for `close` and for `accurate`."""

    dtype: Dtype
    w: Floats
    x: Floats
    sound: Bounded
    model: Bounded

    @property
    def n(self) -> int:
        return int(self.w.shape[1])

    @property
    def exact(self) -> Floats:
        """The value in float64."""
        return self.sound.v

    @property
    def reference(self) -> Floats:
        """The value as a result of the format, as float64."""
        return stored(self.exact, self.dtype).astype(np.float64)

    def results(self) -> Iterator[tuple[str, Floats]]:
        """What every right kernel returns before it is stored: float32 numbers."""
        w, x = self.w.astype(np.float32), self.x.astype(np.float32)
        products = w * x
        for name, order in ORDERS.items():
            yield name, order(products)
        yield "fused multiply-add", D.fused(w, x, 1)
        yield "fused multiply-add, 8 lanes", D.fused(w, x, 8)
        yield "NumPy", w @ x
        yield "float64 accumulators", (w.astype(np.float64) @ x).astype(np.float32)

    def stored(self, result: Floats) -> Floats:
        """A result as a kernel returns it: rounded from float32."""
        return result.astype(np.float32).astype(self.dtype.numpy)


def case_of(program: Program, rng: np.random.Generator, n: int, values: Values, rows: int) -> Case:
    """A product of normal numbers, changed as `values` says."""
    dtype = program.contract.inputs["x"].dtypes[0]
    w, x = rng.standard_normal((rows, n)), rng.standard_normal(n)
    w, x = (stored(part, DTYPES[dtype]) for part in (values(w, x), x))

    def value(arithmetic: Arithmetic) -> Bounded:
        given = {"w": w, "x": x, "n": n, "rows": rows}
        bindings = Bindings(Exact(arithmetic), program.equations, program.depends, given)
        found = bindings.value("y")
        assert isinstance(found, Bounded)
        return found

    arithmetic = arithmetic_of(program)
    return Case(DTYPES[dtype], w, x, value(arithmetic), value(replace(arithmetic, probable=True)))


def compensated(p: Floats) -> Floats:
    """Kahan's sum."""
    total = lost = np.zeros(len(p), p.dtype)
    for terms in p.T:
        term = terms - lost
        new = total + term
        lost = (new - total) - term
        total = new
    return total


ORDERS: dict[str, Callable[[Floats], Floats]] = {
    "in order": D.in_order,
    "backwards": lambda p: D.in_order(p[:, ::-1]),
    "8 lanes, joined in order": lambda p: D.lanes(p, 8, D.in_order),
    "16 lanes": lambda p: D.lanes(p, 16),
    "pairs": D.pairs,
    "split-k of 8": lambda p: D.split(p, 8),
    "blocks of 128": lambda p: D.blocks(p, 128),
    "32 threads of 4": lambda p: D.threads(p, 32, 4),
    "compensated": compensated,
}


# --- criteria ---------------------------------------------------------------------------------------------------

Criterion = Callable[[Floats, Case], bool]  # whether a result is refused


def close(y: Floats, case: Case) -> bool:
    return claims.close(y, case.sound).holds is False


def accurate(y: Floats, case: Case) -> bool:
    return claims.probable(y, case.model).holds is False


def within(y: Floats, reference: Floats, atol: float, rtol: float) -> Floats:
    """Which elements are within both tolerances together, as torch.isclose has it."""
    return np.abs(y.astype(np.float64) - reference) <= atol + rtol * np.abs(reference)


def tolerances(atol: float, rtol: float, share: float = 1.0) -> Criterion:
    """At least this share of the elements has to be within the tolerances."""
    return lambda y, case: bool(within(y, case.reference, atol, rtol).mean() < share)


TORCH = {"f32": tolerances(1e-5, 1.3e-6), "bf16": tolerances(1e-5, 1.6e-2)}


def mean_square(y: Floats, case: Case) -> bool:
    error = y.astype(np.float64) - case.exact
    return bool(error @ error > 5e-4 * (case.exact @ case.exact))


def cosine(y: Floats, case: Case) -> bool:
    got = y.astype(np.float64)
    return not got @ case.exact >= 0.99 * np.sqrt((got @ got) * (case.exact @ case.exact))


def by_depth(y: Floats, case: Case) -> bool:
    """The unit roundoff of float32 accumulators times the depth, or that of the format if larger: the rtol.

    The absolute tolerance is for the whole tensor: as much of its largest element.
    """
    unit = max(case.n * DTYPES["f32"].numbers.unit, case.dtype.numbers.unit)
    return not within(y, case.reference, unit * abs(case.reference.max()), unit).all()


OURS: dict[str, Criterion] = {"`accurate`": accurate, "`close`": close}
OTHERS: dict[str, Criterion] = {
    "torch.testing.assert_close": lambda y, case: TORCH[case.dtype.name](y, case),
    "llama.cpp: NMSE 5e-4": mean_square,
    "cosine 0.99": cosine,
    "KernelBench: atol = rtol = 1e-2": tolerances(1e-2, 1e-2),
    "FlashInfer: atol 0.1, rtol 0.85, 80 %": tolerances(0.1, 0.85, 0.8),
    "aiter: atol 100, rtol 1e-2": tolerances(100, 1e-2),
    "Composable Kernel: u times depth": by_depth,
    "vLLM: atol 2e-2": tolerances(2e-2, 0),
}


# --- what they refuse -------------------------------------------------------------------------------------------


@dataclass
class Cell:
    """One criterion in one setting."""

    right: int = 0
    refused: int = 0
    smallest: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return float(np.median(self.smallest))

    @property
    def text(self) -> str:
        error = f"{self.median:.1e}" if np.isfinite(self.median) else "never"
        return f"{error}; refuses {self.refused / self.right:.0%}" if self.refused else error


@dataclass
class Setting:
    """One length and kind of values: every criterion, and how many elements `accurate` did not judge."""

    name: str
    cells: dict[str, Cell] = field(default_factory=lambda: defaultdict(Cell))
    elements: int = 0
    unjudged: int = 0

    def add(self, case: Case) -> None:
        """Every criterion on every right kernel, and on one of them times 1 + error."""
        results = dict(case.results())
        self.elements += case.exact.size
        self.unjudged += case.exact.size - claims.probable(case.stored(results["16 lanes"]), case.model).judged
        for name, criterion in {**OURS, **OTHERS}.items():
            cell = self.cells[name]
            cell.right += len(results)
            cell.refused += sum(criterion(case.stored(result), case) for result in results.values())
            cell.smallest.append(smallest(criterion, case, results["16 lanes"]))

    def finer(self, name: str) -> float | None:
        """How many times finer `accurate` is than a criterion; None where that refuses right kernels."""
        cell = self.cells[name]
        return None if cell.refused else cell.median / self.cells["`accurate`"].median


def smallest(criterion: Criterion, case: Case, result: Floats) -> float:
    """The smallest error from which on all are refused; infinite where the largest is not."""
    found = float("inf")
    for error in STEPS[::-1]:
        if not criterion(case.stored(result.astype(np.float64) * (1 + error)), case):
            break
        found = float(error)
    return found


def settings(
    program: Program, kinds: dict[str, Values], lengths: Sequence[int], rows: int, cases: int, seed: int
) -> list[Setting]:
    """Some kinds of values at every length."""
    found = []
    for kind, values in kinds.items():
        for n in lengths:
            rng, setting = np.random.default_rng([seed, n]), Setting(f"{n:,}, {kind}")
            for _ in range(cases):
                setting.add(case_of(program, rng, n, values, rows))
            found.append(setting)
    return found


def table(found: list[Setting]) -> Iterator[str]:
    """A row per criterion, a column per setting."""
    yield f"| criterion | {' | '.join(setting.name for setting in found)} | `accurate` is finer by |"
    yield f"|---|{'--:|' * (len(found) + 1)}"
    for name in {**OURS, **OTHERS}:
        cells = [setting.cells[name].text for setting in found]
        yield f"| {name} | {' | '.join(cells)} | {'' if name in OURS else finer(found, name)} |"


def finer(found: list[Setting], name: str) -> str:
    """The least and the most, over the settings in which a criterion refuses no right kernel."""
    times = [setting.finer(name) for setting in found]
    known = [each for each in times if each is not None]
    if not known or np.isinf(min(known)):
        return "any factor" if known else ""
    least, most = (_times(each) for each in (min(known), max(known)))
    text = f"{least} to {most}" if least != most else least
    return f"{text}, where it refuses none" if None in times else text


def _times(ratio: float) -> str:
    if np.isinf(ratio):
        return "any factor"
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"


def whole(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def without_refusals(found: list[Setting]) -> str:
    """The criteria that refuse no right kernel in any setting."""
    return ", ".join(name for name in {**OURS, **OTHERS} if not any(setting.cells[name].refused for setting in found))


def main() -> int:
    options = argparse.ArgumentParser(description="What criteria for kernels refuse, ours beside those in use.")
    options.add_argument("--cases", type=whole, default=10, help="products in each cell (10)")
    options.add_argument("--rows", type=whole, default=256, help="elements of each result (256)")
    options.add_argument("--lengths", type=whole, nargs="+", default=LENGTHS, help="lengths of sums (256 2048 16384)")
    options.add_argument("--seed", type=int, default=0, help="where the numbers start (0)")
    chosen = options.parse_args()
    middle = sorted(chosen.lengths)[len(chosen.lengths) // 2]
    refused = 0
    for name in FORMATS:
        program, drawn = contract(DTYPES[name]), (chosen.rows, chosen.cases, chosen.seed)
        found = []
        print(f"{name} in and out:\n")
        for kinds, lengths in ((LENGTHWISE, chosen.lengths), (AT_ONE_LENGTH, [middle])):
            some = settings(program, kinds, lengths, *drawn)
            print("\n".join([*table(some), ""]), flush=True)
            found += some
        right = found[0].cells["`accurate`"].right
        unjudged = sum(setting.unjudged for setting in found) / sum(setting.elements for setting in found)
        print(f"{right} results of right kernels in each cell; {unjudged:.1%} of the elements are not judged.")
        print(f"No right kernel is refused anywhere by: {without_refusals(found)}.\n")
        refused += sum(setting.cells[ours].refused for setting in found for ours in OURS)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
