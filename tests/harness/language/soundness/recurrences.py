"""Recurrences as kernels compute them: step by step, by parallel scans, in chunks, or with every state written out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.harness.language.soundness import operands as O
from tests.harness.language.soundness.emulate import F, Machine
from tests.harness.language.soundness.rules import rule

Pair = tuple[np.ndarray, np.ndarray]  # h -> a * h + b
STEPS = (1, 1, 2, 3, 5, 8, 13, 32)


def _drawn(rng: np.random.Generator, kind: str, length: int | None, width: int = 4) -> dict[str, Any]:
    n = length or int(rng.choice(STEPS))
    decays = str(rng.choice(["ones", "normal", "uniform", "near ties", "integers"]))
    x = O.draw(O.ANY, kind, rng, (n, width))
    d = O.draw(O.WEIGHTS, decays, rng, (n, width))
    if kind == "cancelling" and n > 1:
        x[-1] = -(d[-1] * x[-2])
    return {"d": d, "x": x, "h": O.draw(O.ANY, str(rng.choice([kind, "normal", "one-hot"])), rng, (width,)), "n": n}


def _after(m: Machine, late: Pair, early: Pair) -> Pair:
    """One affine step after another, as the operator of a parallel scan."""
    return m.mul(late[0], early[0]), m.multiply_add(late[0], early[1], late[1])


def _in_turn(m: Machine, steps: list[Pair], h: np.ndarray) -> list[np.ndarray]:
    reached = []
    for a, b in steps:
        h = m.multiply_add(a, h, b)
        reached.append(h)
    return reached


def _doubling(m: Machine, steps: list[Pair], h: np.ndarray) -> list[np.ndarray]:
    """Hillis and Steele: each round joins steps that are twice as far apart."""
    parts, apart = list(steps), 1
    while apart < len(parts):
        parts = [_after(m, part, parts[i - apart]) if i >= apart else part for i, part in enumerate(parts)]
        apart *= 2
    return [m.multiply_add(a, h, b) for a, b in parts]


def _any_tree(m: Machine, steps: list[Pair], h: np.ndarray) -> list[np.ndarray]:
    """Each state by a tree of its own."""

    def tree(first: int, last: int) -> Pair:
        if last - first == 1:
            return steps[first]
        middle = int(m.rng.integers(first + 1, last))
        return _after(m, tree(middle, last), tree(first, middle))

    return [m.multiply_add(a, h, b) for a, b in (tree(0, i + 1) for i in range(len(steps)))]


def _in_chunks(m: Machine, steps: list[Pair], h: np.ndarray) -> list[np.ndarray]:
    """A scan within each chunk from a state of zero, and the state of the chunk before added."""
    size, reached = int(m.rng.choice([2, 3, 4])), []
    for start in range(0, len(steps), size):
        inner: list[Pair] = []
        for step in steps[start : start + size]:
            inner.append(_after(m, step, inner[-1]) if inner else step)
        reached += [m.multiply_add(a, h, b) for a, b in inner]
        h = reached[-1]
    return reached


def _written_out(m: Machine, steps: list[Pair], h: np.ndarray) -> list[np.ndarray]:
    """Every state as the sum of its terms, each a product of decays and one input."""
    reached = []
    for i in range(len(steps)):
        terms, decay = [], np.ones_like(h)
        for a, b in reversed(steps[: i + 1]):
            terms.append(m.mul(decay, b))
            decay = m.mul(decay, a)
        reached.append(m.total(np.stack([*terms, m.mul(decay, h)], -1)))
    return reached


FORMS: dict[str, Callable[[Machine, list[Pair], np.ndarray], list[np.ndarray]]] = {
    "in turn": _in_turn, "doubling": _doubling, "any tree": _any_tree, "chunks": _in_chunks,
    "written out": _written_out,
}  # fmt: skip


def _linear(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    return np.stack(FORMS[form](m, list(zip(o["d"], o["x"], strict=True)), o["h"]))


rule("recurrence", "scan(d[t] * s + x[t], t=n, s=h)", O.ANY, _drawn, FORMS, _linear, (256,))


def _keys_and_values(rng: np.random.Generator, kind: str, length: int | None) -> dict[str, Any]:
    drawn = _drawn(rng, kind, length, width=3)
    n = drawn["n"]
    return {
        "d": drawn["d"], "k": drawn["x"], "n": n,
        "v": O.draw(O.WEIGHTS, str(rng.choice(list(O.WEIGHTS))), rng, (n, 2)),
        "q": O.draw(O.WEIGHTS, "normal", rng, (n, 3)),
        "none": np.zeros((3, 2), F),
    }  # fmt: skip


def _attention(m: Machine, o: dict[str, Any], form: str) -> np.ndarray:
    """Linear attention with decay: with a state; or by scores of a query with every key before it."""
    d, k, v, q, n = (o[name] for name in "dkvqn")
    if form == "scores":
        out = []
        for i in range(n):
            decay, terms = np.ones(3, F), []
            for j in range(i, -1, -1):
                score = m.dot(m.mul(q[i], decay), k[j])
                terms.append(m.mul(score, v[j]))
                decay = m.mul(decay, d[j])
            out.append(m.total(np.stack(terms, -1)))
        return np.stack(out)
    steps = [(np.repeat(d[i][:, None], 2, 1), m.mul(k[i][:, None], v[i][None])) for i in range(n)]
    states = FORMS[form](m, steps, o["none"])
    return np.stack([m.dot(np.repeat(q[i][:, None], 2, 1).T, states[i].T) for i in range(n)])


rule(
    "attention with a decaying state",
    {
        "S": "scan(d[t][:, None] * state + k[t][:, None] * v[t][None], t=n, state=none)",
        "y": "sum(q[:, :, None] * S, 1)",
    },
    O.ANY, _keys_and_values, ("scores", *FORMS), _attention,
)  # fmt: skip


def _delta(m: Machine, o: dict[str, Any], _form: str) -> np.ndarray:
    """The delta rule: what the state has under a key is replaced by the value, step by step."""
    state, reached = o["none"], []
    for i in range(o["n"]):
        seen = m.dot(np.repeat(o["k"][i][None], 2, 0), state.T)
        state = m.add(state, m.mul(m.mul(o["q"][i][:, None], o["k"][i][:, None]), m.sub(o["v"][i], seen)[None]))
        reached.append(state)
    return np.stack(reached)


rule(
    "delta rule, stored at each step",
    "scan(stored(state + q[t][:, None] * k[t][:, None] * (v[t] - stored(k[t] @ state))[None]), t=n, state=none)",
    O.ANY, _keys_and_values, ("in turn",), _delta,
)  # fmt: skip


def _online(m: Machine, o: dict[str, Any], _form: str) -> np.ndarray:
    """The sum of exponentials over a maximum that grows: two states that step together."""
    largest, total = o["x"][0], np.zeros_like(o["h"])
    reached = []
    for row in o["x"]:
        before, largest = largest, np.maximum(largest, row)
        total = m.multiply_add(total, m.exp(m.sub(before, largest)), m.exp(m.sub(row, largest)))
        reached.append(total)
    return np.stack(reached)


rule(
    "two states: a running maximum and the sum of exponentials over it",
    "scan(largest, where(x[t] > largest, x[t], largest), s * exp(before - largest) + exp(x[t] - largest), "
    "t=n, before=x[0], largest=x[0], s=h - h)",
    tuple(kind for kind in O.ANY if kind != "cancelling"), _drawn, ("in turn",), _online,
)  # fmt: skip
