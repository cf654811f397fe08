"""Write the tables of examples/README.md: every example with what it computes, what its contract shows, its kernels.

`python scripts/example_table.py` writes them from the contracts and the kernels beside them; with `--check` it only
tells whether the page is up to date. A new example is entered in SECTIONS.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness.language.dtypes import DTYPES
from harness.language.syntax import Call, Name, Scan, Threaded, walk
from harness.language.value_kinds import VALUE_KINDS
from harness.program.model import Program
from tests.example_kernels import NAMES, WITH_TORCH, kernels, program

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "examples" / "README.md"
HEAD = "| example | computes | after | its contract uses | kernels |\n|---|---|---|---|---|\n"

SECTIONS = {
    "Norms and activations": (
        "rms-norm", "bf16-rms-norm", "fused-add-rms-norm", "qk-norm", "layer-norm", "group-norm",
        "swiglu", "swiglu-clamped", "geglu", "gelu-gate",
    ),
    "Positions": ("rope", "rope-halves", "rope-partial", "yarn"),
    "Softmax and losses": ("row-softmax", "causal-softmax", "log-softmax", "cross-entropy"),
    "Attention": (
        "causal-attention", "grouped-attention", "window-attention", "attention-sinks", "soft-capped-attention",
        "flash-attention", "ragged-attention", "packed-attention", "decode-attention", "paged-decode",
    ),
    "Caches": ("cache-append", "kv-cache", "paged-kv-cache"),
    "Recurrences and convolutions": ("time-step", "selective-scan", "gated-delta-rule", "causal-conv", "max-pool"),
    "Mixtures of experts": (
        "router-softmax", "router-sigmoid-bias", "router-groups", "expert-map", "moe-align", "moe-sorted",
        "shared-expert",
    ),
    "Embedding, output and sampling": (
        "embedding", "output-head", "top-k-sampling", "top-p-sampling", "min-p-sampling", "repetition-penalty",
    ),
    "Products and sums": (
        "linear", "linear-epilogue", "bf16-matmul", "fp8-block-matmul", "mxfp4-matmul", "column-sums",
    ),
    "Number formats": (
        "quantise-activations", "row-quantise", "q4-0-decode", "codebook-decode",
        "blocks-of-32", "blocks-of-256", "fp4-blocks",
    ),
}  # fmt: skip

# So common that they tell nothing of an example.
COMMON = {
    "abs", "all", "any", "arange", "close", "concat", "exp", "identical", "is_finite", "max", "mean", "min", "reshape",
    "sqrt", "stack", "sum", "transpose", "where",
}  # fmt: skip


def page(text: str) -> str:
    """The text of the page with its tables, each below the heading of its section."""
    entered = [name for names in SECTIONS.values() for name in names]
    if sorted(entered) != NAMES:
        odd = sorted({name for name in (*entered, *NAMES) if entered.count(name) != 1 or name not in NAMES})
        raise ValueError(
            f"SECTIONS of {Path(__file__).name} has to name every folder of examples/ once: {', '.join(odd)}"
        )
    for section, names in SECTIONS.items():
        heading = f"### {section}\n\n"
        if text.count(heading) != 1:
            raise ValueError(f"{PAGE.name} has no heading, or several, of {section}")
        before, _, after = text.partition(heading)
        lines = after.splitlines(keepends=True)
        end = next((place for place, line in enumerate(lines) if not line.startswith("|")), len(lines))
        text = before + heading + HEAD + "".join(row(name) for name in names) + "".join(lines[end:])
    return text


def row(name: str) -> str:
    """What the table says of an example."""
    told, module = program(name).contract.metadata, kernels(name)
    count = f"{len(module.RIGHT)} right, {len(module.WRONG)} wrong{', torch' if name in WITH_TORCH else ''}"
    uses = ", ".join(f"`{word}`" for word in dict.fromkeys(used(program(name))))
    cells = (f"[{name}]({name}/{name}-v1.yaml)", told.title, "; ".join(told.references), uses, count)
    return "".join(f"| {cell.replace('|', chr(92) + '|')} " for cell in cells) + "|\n"


def used(of: Program) -> Iterator[str]:
    """What is not in every contract: keys first, then formats and kinds of values, then claims and functions."""
    yield from sorted(keys(of))
    inputs, subjects = of.contract.inputs.values(), of.contract.subjects.values()
    nodes = [node for root in (*of.equations.values(), *(part.claim for part in of.falsifiers)) for node in walk(root)]
    formats = {name for part in inputs for name in part.dtypes} | {node.id for node in nodes if isinstance(node, Name)}
    formats |= {dtype.text for subject in subjects for dtype in subject.dtypes.values()}
    yield from (name for name, dtype in DTYPES.items() if dtype.is_real and name != "f32" and name in formats)
    kinds = {kind for part in inputs for kind in part.kinds}
    yield from (name for name, kind in VALUE_KINDS.items() if kind.on_request and name in kinds)
    calls = {"scan" for node in nodes if isinstance(node, Scan)} | {
        "threaded" for node in nodes if isinstance(node, Threaded)
    }
    calls |= {node.name for node in nodes if isinstance(node, Call)}
    own = {*of.contract.subjects, *of.equations}
    yield from sorted(calls - own - COMMON)


def keys(of: Program) -> Iterator[str]:
    """The optional keys that a contract has."""
    contract = of.contract
    if contract.arithmetic is not None:
        said = (key for key, value in vars(contract.arithmetic).items() if value is not None)
        yield from (f"arithmetic: {key}" for key in said if key not in ("place", "node"))
    for key in ("sizes", "formats", "tables", "faults"):
        if getattr(contract, key):
            yield key
    if contract.refusals:
        yield "refuses"
    for key in ("range", "valid"):
        if any(getattr(part, key) for part in contract.inputs.values()):
            yield key
    for key in ("updates", "optional", "memory"):
        if any(getattr(part, key) for part in contract.subjects.values()):
            yield key
    for key in ("cover", "for_each", "given", "over", "undecided"):
        if any(getattr(part, key) for part in contract.falsifiers):
            yield key


def main() -> int:
    """Write or check the page."""
    before = PAGE.read_text(encoding="utf-8")
    after = page(before)
    if sys.argv[1:] == ["--check"]:
        print("up to date" if after == before else f"not up to date: {PAGE.relative_to(ROOT).as_posix()}")
        return int(after != before)
    PAGE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
