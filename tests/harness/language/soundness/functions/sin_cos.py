"""Sine and cosine of angles up to 10**6 and beyond, and of angles that are themselves products of float32."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import arguments, rule, unary


def near_crossings(rng: np.random.Generator, shape: O.Shape) -> np.ndarray:
    """Multiples of pi / 2, where one of the two vanishes, and their neighbours in float32."""
    near = (rng.integers(-640_000, 640_000, shape) // rng.choice([1, 100, 10_000, 640_000]) * (np.pi / 2)).astype(F)
    return np.nextafter(near, rng.choice([-np.inf, np.inf], shape).astype(F)) if rng.random() < 0.5 else near


ANGLES: dict[str, O.Draw] = {
    "turn": lambda rng, shape: rng.uniform(-6.3, 6.3, shape),
    "to 10**6": lambda rng, shape: rng.uniform(-1e6, 1e6, shape) * rng.choice([1, 0.1, 0.01, 1e-3]),
    "near crossings": near_crossings,
    "positions": lambda rng, shape: rng.integers(0, 131_072, shape).astype(np.float64),
    **{kind: O.ARGUMENTS[kind] for kind in ("normal", "integers", "one-hot", "huge", "subnormal", "mixed")},
}
FUNCTIONS = {"sin": np.sin, "cos": np.cos}


def native(function: Any) -> Any:
    """NumPy's own; it is within 2 ulps, not within 1."""
    return lambda m, x: m.kept(function(*m.read(x))) if m.exp_ulps > 1 else m.within_ulps(function, x)


def float64(function: Any) -> Any:
    return lambda m, x: m.kept(function(*m.read(x), dtype=np.float64))


for _name, _function in FUNCTIONS.items():
    forms = {
        "libm": lambda m, x, f=_function: m.within_ulps(f, x),
        "numpy": native(_function),
        "float64": float64(_function),
    }
    unary(_name, f"{_name}({{}})", ANGLES, forms)


# --- an angle that is a position times a frequency --------------------------------------------------------------


def turned(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    """Positions, and the float32 table of frequencies that the kernel is given."""
    half = length or int(rng.choice((1, 2, 8, 32, 64)))
    base = float(rng.choice([100.0, 1e4, 5e5, 1e6]))
    top = {"near": 64, "far": 131_072, "farthest": 1_000_000}[kind]
    frequency = (base ** (-np.arange(half) / half)).astype(F)
    return {"pos": rng.integers(0, top, 4), "freq": frequency}


def of_angle(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    pos, frequency, function = o["pos"][:, None], o["freq"], FUNCTIONS[form[:3]]
    if form.endswith("float64 angle"):
        return m.kept(function(pos * frequency.astype(np.float64)))
    angle = m.mul(pos.astype(F), frequency)
    return m.within_ulps(function, angle) if form.endswith("libm") else native(function)(m, angle)


for _name in FUNCTIONS:
    rule(
        f"{_name} of a position", {"angle": "pos[:, None] * freq[None, :]", "y": f"{_name}(angle)"},
        ("near", "far", "farthest"), turned,
        [f"{_name}, {how}" for how in ("libm", "numpy", "float64 angle")], of_angle,
    )  # fmt: skip


# --- reduced in float32: `reduction: rounded` -------------------------------------------------------------------

PARTS = {  # of the period, in float32; what has few digits times a small integer is exact
    "pi/2, three parts": (np.pi / 2, (1.5703125, 4.837512969970703125e-4, 7.54978995489188216e-8)),
    "pi/2, two parts": (np.pi / 2, (1.5703125, 4.83826794897e-4)),
    "pi": (np.pi, (np.pi,)),
    "2 pi": (2 * np.pi, (2 * np.pi,)),
    "2 pi, two parts": (2 * np.pi, (6.28125, 1.9353071795e-3)),
}


def reduced(m: Machine, x: np.ndarray, form: str) -> np.ndarray:
    """The function of what is left of x without its nearest multiple of the period."""
    name, _, period = form.partition(", ")
    function = FUNCTIONS[name]
    if period == "fmod":
        (x,) = m.read(x)
        return m.within_ulps(function, m.kept(np.fmod(x, F(2 * np.pi))))
    if period == "turns":  # as instructions for fast sines have it
        turns = m.mul(x, F(1 / (2 * np.pi)))
        return m.within_ulps(function, m.mul(m.sub(turns, np.rint(turns)), F(2 * np.pi)))
    size, parts = PARTS[period]
    turns = np.rint(m.mul(x, F(1 / size)))
    left = x
    for part in parts:
        left = m.multiply_add(-turns, F(part), left)
    quarter = np.rint(size / (np.pi / 2)) * turns.astype(np.float64)  # so many quarter turns were taken away
    quarter = np.mod(quarter, 4).astype(np.int64)
    s, c = m.within_ulps(np.sin, left), m.within_ulps(np.cos, left)
    return np.choose(quarter, [s, c, -s, -c] if name == "sin" else [c, -s, -c, s])


ROUNDED = {
    "turn": ANGLES["turn"],
    "to 100": lambda rng, shape: rng.uniform(-100, 100, shape),
    "to 10**6": ANGLES["to 10**6"],
    "near crossings": near_crossings,
    "positions": ANGLES["positions"],
    "normal": ANGLES["normal"],
    "mixed": ANGLES["mixed"],
}
for _name in FUNCTIONS:
    rule(
        f"{_name} of x, reduction: rounded", f"{_name}(x)", ROUNDED, arguments(ROUNDED),
        [f"{_name}, {period}" for period in (*PARTS, "fmod", "turns")], lambda m, o, form: reduced(m, o["x"], form),
        declared=("rounded_reduction",),
    )  # fmt: skip
