"""One call of the layer in a process of its own; run by benchmarks/first_result.py, which says what is measured.

    python benchmarks/first_call.py LAYER.json THREADS ARITHMETIC

Prints the clock in nanoseconds after each step. Nothing is imported before its step.
"""

import sys
import time

CLOCK = [time.monotonic_ns()]

import json  # noqa: E402 - after the clock
from pathlib import Path  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np  # noqa: E402

CLOCK.append(time.monotonic_ns())

from impl.descriptors import QuantizedTensorRef, Qwen3MoeQuantizedLayer  # noqa: E402
from impl.layer import moe_ffn_forward_layer  # noqa: E402

CLOCK.append(time.monotonic_ns())

path = Path(sys.argv[1])
described = json.loads(path.read_text(encoding="utf-8"))
refs = {name: QuantizedTensorRef(*values[:4], tuple(values[4])) for name, values in described["tensors"].items()}
data = np.memmap(path.with_suffix(".bin"), np.uint8, "r")
hidden = np.random.default_rng(0).standard_normal(described["dimensions"][3]).astype(np.float32)
CLOCK.append(time.monotonic_ns())

for _ in range(2):
    output = moe_ffn_forward_layer(
        hidden,
        Qwen3MoeQuantizedLayer(**refs),
        *described["dimensions"],
        data,
        threads=int(sys.argv[2]),
        arithmetic=sys.argv[3],
    )
    CLOCK.append(time.monotonic_ns())

if not (np.isfinite(output).all() and output.any()):
    sys.exit("the layer computed nothing")
print(*CLOCK)
