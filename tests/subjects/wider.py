"""Kernels that keep wider values between their stages than they show, right ones and one that is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.subjects.plain import Arrays, F, Floats, Plain


def shown(stages: Arrays) -> Arrays:
    """What a trace shows: real numbers rounded to float32."""
    return {name: value.astype(F) if value.dtype.kind == "f" else value for name, value in stages.items()}


class Float64Between(Plain):
    """Every stage in float64; float32 is what is shown."""

    def routing(self, owner: str, x: Floats, router: Floats, k: int) -> Arrays:
        return super().routing(owner, x.astype(np.float64), router, k)

    def expert_products(self, x: Floats, gate: Any, up: Any, down: Any) -> Arrays:
        return super().expert_products(x.astype(np.float64), gate, up, down)

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        return (weights[:, None] * down).sum(0)

    def route(self, **arguments: Any) -> Arrays:
        return shown(super().route(**arguments))

    def expert_stages(self, **arguments: Any) -> Arrays:
        return shown(super().expert_stages(**arguments))

    def layer(self, owner: str, **arguments: Any) -> Arrays:
        return shown(super().layer(owner, **arguments))


class FusedActivation(Plain):
    """Float32, but gate, up and their activation are one step: swiglu is made of sums that were not rounded yet."""

    def expert_products(self, x: Floats, gate: Any, up: Any, down: Any) -> Arrays:
        g, u = (self.products(part, x.astype(np.float64)) for part in (gate, up))
        h = self.swiglu(g, u).astype(F)
        return {"gate": g.astype(F), "up": u.astype(F), "swiglu": h, "down": self.products(down, h)}


class NormalisedTwice(Float64Between):
    """Wrong: weights shown are those of the softmax, and the ones used are squared."""

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        return super().combine(weights * weights, down, experts)


def kept(array: Floats) -> Floats:
    """Numbers that only just round to these: almost half a unit off, up or down by turns."""
    single = np.asarray(array, F)
    turns = 1 - 2 * (np.arange(single.size) % 2).reshape(single.shape)
    off = 0.4999 * np.spacing(np.abs(single)).astype(np.float64)
    return np.where(np.isfinite(single), single + turns * off, single)


class HalfAUnitOff(Plain):
    """Float32 results are shown, and the next stage is computed from numbers that round to them."""

    def routing(self, owner: str, x: Floats, router: Floats, k: int) -> Arrays:
        logits = self.logits(router, x)
        self.refuse_logits(owner, logits)
        probs = self.softmax(kept(logits)).astype(F)
        chosen = self.select(kept(probs), k)
        weights = self.normalise(kept(probs), chosen).astype(F)
        return {"logits": logits, "probs": probs, "experts": chosen, "weights": weights}

    def expert_products(self, x: Floats, gate: Any, up: Any, down: Any) -> Arrays:
        g, u = (self.products(part, x) for part in (gate, up))
        h = self.swiglu(kept(g), kept(u)).astype(F)
        return {"gate": g, "up": u, "swiglu": h, "down": self.products(down, kept(h)).astype(F)}

    def combine(self, weights: Floats, down: Floats, experts: np.ndarray) -> Floats:
        return (kept(weights)[:, None] * kept(down)).sum(0).astype(F)
